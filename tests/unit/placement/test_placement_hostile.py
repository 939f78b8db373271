"""Manifests and pools that nobody would write: placement answers all the same, and never with a certain yes for nonsense."""

from typing import Any

import pytest
from placement_kit import live_node, node_group, node_pool, place, requests

from ekslint.model.pool import Taint
from ekslint.placement.verdicts import Verdict

ODD: list[Any] = [None, "", "text", 0, -1, 1.5, True, [], [None], ["a"], [[]], [{}], {}, {"a": None}, {"a": {"a": []}}]
FIELDS = [
    ("nodeSelector",),
    ("affinity",),
    ("affinity", "nodeAffinity"),
    ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"),
    ("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ("tolerations",),
    ("topologySpreadConstraints",),
    ("containers",),
    ("initContainers",),
    ("resources",),
    ("resources", "requests"),
    ("overhead",),
    ("volumes",),
    ("resourceClaims",),
    ("schedulingGates",),
    ("schedulerName",),
    ("nodeName",),
    ("runtimeClassName",),
    ("hostNetwork",),
]


@pytest.mark.parametrize("path", FIELDS, ids=".".join)
def test_fields_of_any_type(path: tuple[str, ...]) -> None:
    for odd in ODD:
        spec: Any = odd
        for step in reversed(path):
            spec = {step: spec}
        placement = place(spec, node_group(taints=["a:NoSchedule"]), node_pool())
        assert len(placement.pools) == 2
        assert isinstance(placement.verdict, Verdict)
        assert isinstance(placement.crowded_out, list)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("9" * 400, "rejected"),
        ("1e18", "rejected"),
        ("1e999999999", "rejected"),
        ("1E", "rejected"),
        ("9223372036854775807", "rejected"),
        ("0.000000001", "fits"),
        ("-5", "fits"),
        ("0", "fits"),
    ],
)
def test_absurd_quantities(amount: str, expected: str) -> None:
    assert place(requests(cpu=amount, memory=amount), node_group()).verdict.value == expected


@pytest.mark.parametrize("amount", ["", "1,5", "NaN", "Infinity", "1Kib", "0x10", "１", "1 Gi"])
def test_texts_that_are_no_quantity(amount: str) -> None:
    assert place(requests(memory=amount), node_group()).verdict is not Verdict.REJECTED


def test_long_lists() -> None:
    toleration = [{"key": f"k{number}", "operator": "Exists"} for number in range(3000)]
    taints = tuple(Taint(f"k{number}", "", "NoSchedule") for number in range(3000))
    assert place({"tolerations": toleration}, node_group(taints=taints)).verdict is Verdict.FITS
    assert place({"tolerations": toleration[1:]}, node_group(taints=taints)).verdict is Verdict.REJECTED
    selector = {f"k{number}": "a" for number in range(3000)}
    assert place({"nodeSelector": selector}, node_group(labels=selector)).verdict is Verdict.FITS
    assert place({"nodeSelector": selector}, node_group(labels={})).verdict is Verdict.REJECTED


def test_nodes_that_offer_nonsense() -> None:
    for amount in ("", "x", "-1", [], {}, None, True, "9" * 400):
        node = live_node(allocatable={"cpu": amount, "memory": amount})
        assert isinstance(place(requests(cpu="1", memory="1Gi"), node).verdict, Verdict)

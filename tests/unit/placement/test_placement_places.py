"""Where in a manifest the blame for a verdict lies."""

from typing import Any

import pytest
from placement_kit import affinity, estate, fargate_profile, kubernetes_object, node_group, place, requests, workload

from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.placement.causes import Cause
from ekslint.placement.placements import placements
from ekslint.source.tree import Step

REQUIRED = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
TERMS = "nodeSelectorTerms"
NEAR = {"topologyKey": "rack", "labelSelector": {"matchLabels": {"app": "app"}}}


@pytest.mark.parametrize(
    ("spec", "cause", "path"),
    [
        ({"nodeSelector": {"disk": "ssd"}}, Cause.KEY_ABSENT, ("nodeSelector", "disk")),
        (affinity([("disk", "In", ["ssd"])]), Cause.KEY_ABSENT, (*REQUIRED, TERMS, 0, "matchExpressions", 0)),
        # an affinity that nothing can meet is to blame as a whole
        (affinity(), Cause.CONTRADICTION, REQUIRED),
        (affinity([], []), Cause.CONTRADICTION, REQUIRED),
        (
            {"affinity": {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [NEAR]}}},
            Cause.TOPOLOGY_KEY,
            ("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution", 0, "topologyKey"),
        ),
        (requests(cpu="900"), Cause.TOO_LARGE, ("containers", 0, "resources", "requests", "cpu")),
        ({"resources": {"requests": {"cpu": "900"}}}, Cause.TOO_LARGE, ("resources", "requests", "cpu")),
        ({"overhead": {"cpu": "900"}}, Cause.TOO_LARGE, ("overhead", "cpu")),
    ],
)
def test_the_part_of_the_pod(spec: dict[str, Any], cause: Cause, path: tuple[Step, ...]) -> None:
    [said] = place(spec, node_group()).pools
    assert said.cause is cause
    assert said.at_workload is not None
    assert said.at_workload.is_written
    assert said.at_workload.source.path[: 3 + len(path)] == ("spec", "template", "spec", *path)


def said_of(manifest: str, *others: KubernetesObject, pools: tuple[Any, ...] = ()) -> tuple[Step, ...]:
    made = estate(pools or (node_group(),), workload(manifest), *others)
    [placement] = placements(made)
    place_ = placement.pools[0].at_workload
    assert place_ is not None
    assert place_.is_written
    return place_.source.path


def test_what_a_runtime_class_adds_is_blamed_on_its_name() -> None:
    runtime = kubernetes_object(
        "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: heavy}\noverhead: {podFixed: {cpu: '900'}}\n"
    )
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: app}\nspec: {runtimeClassName: heavy, containers: [{name: a}]}\n"
    assert said_of(pod, runtime) == ("spec", "runtimeClassName")


def test_a_daemonset_that_fargate_does_not_run_is_blamed_on_its_kind() -> None:
    daemonset = (
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: app}\n"
        "spec: {template: {spec: {containers: [{name: a}]}}}\n"
    )
    assert said_of(daemonset, pools=(fargate_profile("fp", ("default", {})),)) == ("kind",)

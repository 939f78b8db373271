"""TaintToleration: which taints keep which pods away."""

import pytest
from placement_kit import hybrid_nodes, node_group, node_pool, place, unknown, verdict

from ekslint.model.pool import Taint
from ekslint.model.reading import PartialSequence, Reading
from ekslint.placement.causes import Cause
from ekslint.placement.taints import Tolerance

BATCH = Taint("dedicated", "batch", "NoSchedule")


@pytest.mark.parametrize(
    ("toleration", "taint", "expected"),
    [
        (("dedicated", "Equal", "batch", "NoSchedule"), BATCH, True),
        (("dedicated", "", "batch", "NoSchedule"), BATCH, True),
        (("dedicated", "Equal", "batch", ""), BATCH, True),
        (("dedicated", "Equal", "web", ""), BATCH, False),
        (("dedicated", "Equal", "", ""), BATCH, False),
        (("dedicated", "Equal", "", ""), Taint("dedicated", "", "NoSchedule"), True),
        (("dedicated", "Exists", "", ""), BATCH, True),
        (("dedicated", "Exists", "", "NoExecute"), BATCH, False),
        (("Dedicated", "Exists", "", ""), BATCH, False),
        (("", "Exists", "", ""), BATCH, True),
        (("", "Exists", "", "NoSchedule"), BATCH, True),
        (("", "Exists", "", "NoExecute"), BATCH, False),
        (("dedicated", "Gt", "1", ""), Taint("dedicated", "5", "NoSchedule"), None),
        (("other", "Gt", "1", ""), Taint("dedicated", "5", "NoSchedule"), False),
        (("dedicated", "equal", "batch", ""), BATCH, False),
    ],
)
def test_one_toleration_and_one_taint(
    toleration: tuple[str, str, str, str], taint: Taint, expected: bool | None
) -> None:
    assert Tolerance(*toleration).tolerates(taint) is expected


@pytest.mark.parametrize(
    ("taints", "tolerations", "expected"),
    [
        (["a=1:NoSchedule"], [], "rejected"),
        (["a=1:NoExecute"], [], "rejected"),
        (["a=1:PreferNoSchedule"], [], "fits"),
        (["a=1:NoSchedule", "b=1:NoSchedule"], [{"key": "a", "operator": "Exists"}], "rejected"),
        (
            ["a=1:NoSchedule", "b=1:NoSchedule"],
            [{"key": "a", "operator": "Exists"}, {"key": "b", "value": "1"}],
            "fits",
        ),
        (["a=1:NoSchedule", "a=1:NoExecute"], [{"key": "a", "value": "1", "effect": "NoSchedule"}], "rejected"),
        (["a=1:NoSchedule"], [{"operator": "Exists"}], "fits"),
        (["a=1:NoExecute"], [{"key": "a", "operator": "Exists", "tolerationSeconds": 60}], "fits"),
    ],
)
def test_every_hard_taint_has_to_be_tolerated(
    taints: list[str], tolerations: list[dict[str, object]], expected: str
) -> None:
    assert verdict({"tolerations": tolerations}, node_group(taints=taints)) == expected


@pytest.mark.parametrize(
    ("taint", "on_group", "on_node_pool"),
    [
        ("node.cilium.io/agent-not-ready=true:NoExecute", "fits", "rejected"),
        ("ebs.csi.aws.com/agent-not-ready:NoExecute", "fits", "rejected"),
        ("startup-taint.cluster-autoscaler.kubernetes.io/disk=raw:NoSchedule", "fits", "rejected"),
        ("ignore-taint.cluster-autoscaler.kubernetes.io/disk=raw:NoSchedule", "fits", "rejected"),
        ("status-taint.cluster-autoscaler.kubernetes.io/disk=raw:NoSchedule", "rejected", "rejected"),
        ("example.com/agent-not-ready:NoSchedule", "rejected", "rejected"),
    ],
)
def test_what_an_agent_takes_off_the_node_keeps_nobody_away(taint: str, on_group: str, on_node_pool: str) -> None:
    assert verdict({}, node_group(taints=[taint])) == on_group
    # Karpenter makes no node for a pod that does not tolerate what its NodePool declares outside of startupTaints.
    assert verdict({}, node_pool(taints=[taint])) == on_node_pool


def test_startup_taints_of_karpenter_do_not_count() -> None:
    assert verdict({}, node_pool(startup_taints=(BATCH,))) == "fits"
    assert verdict({}, node_pool(startup_taints=(BATCH,), taints=["a:NoSchedule"])) == "rejected"


GPU = {"nvidia.com/gpu": "1"}


@pytest.mark.parametrize(
    ("resources", "taint", "expected"),
    [
        ({"limits": GPU}, "nvidia.com/gpu=true:NoSchedule", "fits"),
        ({"requests": GPU, "limits": GPU}, "nvidia.com/gpu:NoSchedule", "fits"),
        ({"limits": {"nvidia.com/gpu": "0"}}, "nvidia.com/gpu:NoSchedule", "fits"),
        ({"limits": {"nvidia.com/gpu": "${GPUS}"}}, "nvidia.com/gpu:NoSchedule", "unclear"),
        # another effect, another key, no request
        ({"limits": GPU}, "nvidia.com/gpu=true:NoExecute", "rejected"),
        ({"limits": GPU}, "gpu=true:NoSchedule", "rejected"),
        ({"limits": {"cpu": "1"}}, "nvidia.com/gpu=true:NoSchedule", "rejected"),
        # resources of Kubernetes itself are not extended ones
        ({"limits": {"cpu": "1"}}, "cpu:NoSchedule", "rejected"),
        ({"limits": {"hugepages-2Mi": "2Mi", "cpu": "1"}}, "hugepages-2Mi:NoSchedule", "rejected"),
        # nobody knows what it requests
        ("${RESOURCES}", "nvidia.com/gpu=true:NoSchedule", "unclear"),
        ("${RESOURCES}", "nvidia.com/gpu=true:NoExecute", "rejected"),
        ("${RESOURCES}", "dedicated=gpu:NoSchedule", "rejected"),
    ],
)
@pytest.mark.parametrize("field", ["containers", "initContainers"])
def test_eks_lets_pods_tolerate_taints_called_like_the_devices_that_they_request(
    field: str, resources: object, taint: str, expected: str
) -> None:
    group = node_group(instance_types=("g5.xlarge",), taints=[taint])
    assert verdict({"containers": [{"name": "app"}], field: [{"name": "x", "resources": resources}]}, group) == expected


def daemonset(spec: str = "") -> str:
    return f"""\
apiVersion: apps/v1
kind: DaemonSet
metadata: {{name: agent}}
spec:
  template:
    metadata: {{labels: {{app: agent}}}}
    spec: {{containers: [{{name: agent, image: agent}}]{spec}}}
"""


@pytest.mark.parametrize(
    ("taint", "on_host", "expected"),
    [
        ("node.kubernetes.io/not-ready:NoExecute", False, "fits"),
        ("node.kubernetes.io/unreachable:NoExecute", False, "fits"),
        ("node.kubernetes.io/disk-pressure:NoSchedule", False, "fits"),
        ("node.kubernetes.io/memory-pressure:NoSchedule", False, "fits"),
        ("node.kubernetes.io/pid-pressure:NoSchedule", False, "fits"),
        ("node.kubernetes.io/unschedulable:NoSchedule", False, "fits"),
        ("node.kubernetes.io/network-unavailable:NoSchedule", False, "rejected"),
        ("node.kubernetes.io/network-unavailable:NoSchedule", True, "fits"),
        ("node.kubernetes.io/not-ready:NoSchedule", False, "rejected"),
        ("nvidia.com/gpu=true:NoSchedule", False, "rejected"),
        ("CriticalAddonsOnly:NoSchedule", False, "rejected"),
    ],
)
def test_the_daemonset_controller_tolerates_some_taints_and_no_others(taint: str, on_host: bool, expected: str) -> None:
    spec = daemonset(", hostNetwork: true" if on_host else "")
    assert verdict(spec, node_group(taints=[taint])) == expected


def test_an_unknown_taint_is_unclear_beside_tolerated_ones_and_rejected_beside_others() -> None:
    place_ = node_group().origin
    known = Reading(BATCH, place_)
    group = node_group(taints=Reading(PartialSequence([known, unknown()]), place_))
    assert verdict({}, group) == "rejected"
    assert verdict({"tolerations": [{"key": "dedicated", "operator": "Exists"}]}, group) == "unclear"
    assert verdict({}, node_group(taints=unknown())) == "unclear"


def test_unknown_tolerations_leave_a_taint_unclear() -> None:
    manifest = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  template:
    spec:
      nodeSelector: {team: a}
      tolerations: [{key: "${KEY}", operator: Exists}]
"""
    assert verdict(manifest, node_group(labels={"team": "a"}, taints=["a=1:NoSchedule"])) == "unclear"
    assert verdict(manifest, node_group(labels={"team": "a"})) == "fits"
    assert verdict(manifest, node_group(labels={"team": "b"}, taints=["a=1:NoSchedule"])) == "rejected"


def test_nobody_knows_the_taints_of_machines_outside_of_aws() -> None:
    assert verdict({}, hybrid_nodes()) == "unclear"
    assert verdict({"nodeSelector": {"eks.amazonaws.com/compute-type": "auto"}}, hybrid_nodes()) == "rejected"


def test_a_taint_is_told_with_its_place_and_what_was_probably_meant() -> None:
    spec = {"tolerations": [{"key": "dedicated", "value": "web"}, {"key": "dedicatd", "value": "batch"}]}
    placement = place(spec, node_group(taints=["dedicated=batch:NoSchedule"]))
    [said] = placement.rejections(Cause.UNTOLERATED_TAINT)
    assert said.reason == "untolerated taint dedicated=batch:NoSchedule"
    assert said.suggestion == "dedicated=batch:NoSchedule"
    assert said.at_pool is not None
    assert said.at_pool.path == ("taints", 0)
    assert said.at_workload is not None
    assert said.at_workload.path == ("tolerations", 0)


def test_several_untolerated_taints_are_told_together() -> None:
    placement = place({}, node_group(taints=["a=1:NoSchedule", "b:NoExecute"]))
    assert placement.pools[0].reason == "untolerated taints a=1:NoSchedule, b:NoExecute"
    assert placement.pools[0].suggestion is None

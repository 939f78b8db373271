"""The taints that nodes carry without anybody declaring them, and the tolerations that controllers add.

Sources: EKS user guide (fargate, automode/set-builtin-node-pools), Karpenter 1.14 `pkg/apis/v1/taints.go`,
Kubernetes documentation (taints and tolerations; DaemonSet), Cluster Autoscaler `utils/taints/taints.go` (prefixes),
Cilium documentation (installation on EKS; taints), EBS and EFS CSI drivers (node startup taint).
"""

from typing import NamedTuple

from .node_labels import PoolKind


class AutomaticTaint(NamedTuple):
    """A taint that some component puts on nodes."""

    key: str
    value: str
    """Empty where the taint has none."""
    effect: str
    """`NoSchedule`, `PreferNoSchedule` or `NoExecute`."""


FARGATE_TAINT = AutomaticTaint("eks.amazonaws.com/compute-type", "fargate", "NoSchedule")
"""On every Fargate node; EKS adds the toleration to the pods that a profile selects."""

SYSTEM_POOL_TAINT = AutomaticTaint("CriticalAddonsOnly", "", "NoSchedule")
"""On the nodes of Auto Mode's built-in `system` pool."""

TRANSIENT_TAINTS = (
    AutomaticTaint("ebs.csi.aws.com/agent-not-ready", "", "NoExecute"),
    AutomaticTaint("efs.csi.aws.com/agent-not-ready", "", "NoExecute"),
    AutomaticTaint("karpenter.sh/disrupted", "", "NoSchedule"),
    AutomaticTaint("karpenter.sh/unregistered", "", "NoExecute"),
    AutomaticTaint("node.cilium.io/agent-not-ready", "", "NoExecute"),
    AutomaticTaint("node.cloudprovider.kubernetes.io/uninitialized", "true", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/disk-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/memory-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/network-unavailable", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/not-ready", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"),
    AutomaticTaint("node.kubernetes.io/pid-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/unreachable", "", "NoExecute"),
    AutomaticTaint("node.kubernetes.io/unschedulable", "", "NoSchedule"),
)
"""Taints of nodes that start, drain or are unwell. They go away by themselves: no workload needs to tolerate them."""

_TRANSIENT_KEYS = frozenset(taint.key for taint in TRANSIENT_TAINTS)

STARTUP_TAINT_PREFIXES = (
    "ignore-taint.cluster-autoscaler.kubernetes.io/",
    "startup-taint.cluster-autoscaler.kubernetes.io/",
)
"""Prefixes by which the Cluster Autoscaler tells taints that something takes off again once the node is ready."""

_AGENTS = "/agent-not-ready"
"""How Cilium's and the CSI drivers' agents call the taint that they take off the node when they run there."""

DAEMONSET_TOLERATIONS = (
    AutomaticTaint("node.kubernetes.io/not-ready", "", "NoExecute"),
    AutomaticTaint("node.kubernetes.io/unreachable", "", "NoExecute"),
    AutomaticTaint("node.kubernetes.io/disk-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/memory-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/pid-pressure", "", "NoSchedule"),
    AutomaticTaint("node.kubernetes.io/unschedulable", "", "NoSchedule"),
)
"""What the DaemonSet controller lets its pods tolerate, and nothing else."""

DAEMONSET_HOST_NETWORK_TOLERATION = AutomaticTaint("node.kubernetes.io/network-unavailable", "", "NoSchedule")
"""One more, for DaemonSet pods on the host's network."""


def tolerates_by_request(resource: str) -> bool:
    """Whether a container that requests `resource` lets its pod tolerate taints of that key with `NoSchedule`.

    EKS runs the admission controller ExtendedResourceToleration, which adds such a toleration for every extended
    resource (EKS user guide, platform-versions; Kubernetes `plugin/pkg/admission/extendedresourcetoleration` and
    `pkg/apis/core/helper` IsExtendedResourceName).
    """
    return "/" in resource and "kubernetes.io/" not in resource and not resource.startswith("requests.")


def automatic_taints(kind: PoolKind, pool_name: str = "") -> tuple[AutomaticTaint, ...]:
    """The lasting taints of nodes of `kind`; `pool_name` tells Auto Mode's built-in pools apart."""
    if kind is PoolKind.FARGATE:
        return (FARGATE_TAINT,)
    if kind is PoolKind.AUTO_BUILTIN and pool_name == "system":
        return (SYSTEM_POOL_TAINT,)
    return ()


def is_startup_taint(key: str) -> bool:
    """Whether people declare the taint `key` on node groups for an agent to take off: no pod needs to tolerate it.

    Karpenter is different: what a NodePool declares outside of `startupTaints` a pod has to tolerate.
    """
    return key.startswith(STARTUP_TAINT_PREFIXES) or (is_transient_taint(key) and key.endswith(_AGENTS))


def is_transient_taint(key: str) -> bool:
    """Whether the taint `key` goes away by itself once the node is ready or gone."""
    return key in _TRANSIENT_KEYS

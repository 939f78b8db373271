"""Taints and tolerations, as several rules see them."""

from collections.abc import Iterator, Sequence

from ekslint import KarpenterPool, Place, Placement, PodTemplate, Pool, Taint, Toleration, node_taints

COREDNS_TOLERATIONS: Sequence[Toleration] = (
    Toleration("CriticalAddonsOnly", "Exists", "", ""),
    Toleration("node-role.kubernetes.io/control-plane", "", "", "NoSchedule"),
    Toleration("node-role.kubernetes.io/master", "", "", "NoSchedule"),
)
"""Those of the CoreDNS that EKS installs. Source: its Deployment, as `eksctl` and the EKS add-on ship it."""

_COMMON_KEYS = frozenset({"CriticalAddonsOnly", "eks.amazonaws.com/compute-type", "spotInstance", "lifecycle"})
_COMMON_PREFIXES = (
    "aws-node-termination-handler/",
    "ebs.csi.aws.com/",
    "efs.csi.aws.com/",
    "karpenter.sh/",
    "node-role.kubernetes.io/",
    "node.cilium.io/",
    "node.cloudprovider.kubernetes.io/",
    "node.kubernetes.io/",
)


def hard_taints(pool: Pool) -> list[tuple[int, Taint]]:
    """The taints of a pool that keep pods away, with their position. Undecided if one is unknown."""
    return [(index, taint) for index, taint in enumerate(pool.taints) if taint.is_hard]


def tolerates(tolerations: Sequence[Toleration], taint: Taint) -> bool:
    """Whether one of the tolerations covers the taint."""
    return any(each.tolerates(taint) for each in tolerations)


def all_taints(pool: Pool) -> list[Taint]:
    """Every taint that nodes of a pool have at some time: also soft ones, and those that go away."""
    return [*pool.taints, *(pool.startup_taints if isinstance(pool, KarpenterPool) else ())]


def is_common(key: str) -> bool:
    """Whether a taint is one that components of Kubernetes, EKS or its surroundings set, and manifests prepare for."""
    return key in _COMMON_KEYS or key.startswith(_COMMON_PREFIXES) or node_taints.is_transient_taint(key)


def tolerations_with_places(pod: PodTemplate) -> Iterator[tuple[Toleration, Place]]:
    """The tolerations of a pod, each with the line to edit: value, else key."""
    for index, toleration in enumerate(pod.tolerations):
        place = pod.at("tolerations", index, "value")
        yield toleration, place if place.is_written else pod.at("tolerations", index, "key")


def tolerations_place(pod: PodTemplate) -> Place:
    """Where a toleration would be added: the list, or the pod's `spec`."""
    return pod.at("tolerations", key=True)


def keyed(tolerations: Sequence[Toleration]) -> list[Toleration]:
    """Those that name a taint; the others tolerate everything."""
    return [each for each in tolerations if each.key]


def fitting_untainted(placement: Placement) -> list[Pool]:
    """The pools without hard taints that certainly take a workload."""
    return [pool for pool in placement.fitting if not hard_taints(pool)]

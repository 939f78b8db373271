"""Taints and tolerations, as several rules see them."""

from collections.abc import Sequence

from ekslint import KarpenterPool, Place, Placement, PodTemplate, Pool, Taint, Toleration, known, node_taints

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
    return [(index, taint) for index, taint in enumerate(pool.taints) if _keeps_away(pool, taint)]


def known_hard_taints(pool: Pool) -> list[Taint]:
    """The same, as far as they are known."""
    return list(known(pool.taints, lambda taint: _keeps_away(pool, taint)))


def _keeps_away(pool: Pool, taint: Taint) -> bool:
    return taint.is_hard and (isinstance(pool, KarpenterPool) or not node_taints.is_startup_taint(taint.key))


def tolerates(tolerations: Sequence[Toleration], taint: Taint) -> bool:
    """Whether one of the tolerations covers the taint."""
    return any(each.tolerates(taint) for each in tolerations)


def tolerations_on_eks(pod: PodTemplate) -> list[Toleration]:
    """The tolerations of a pod, and those that EKS adds for the extended resources that it requests."""
    resources = {
        name
        for container in (*pod.init_containers, *pod.containers)
        for name in (*container.requests, *container.limits)
        if node_taints.tolerates_by_request(name)
    }
    return [*pod.tolerations, *(Toleration(name, "Exists", "", "NoSchedule") for name in sorted(resources))]


def all_taints(pool: Pool) -> list[Taint]:
    """Every taint that nodes of a pool have at some time: also soft ones, and those that go away."""
    return [*pool.taints, *(pool.startup_taints if isinstance(pool, KarpenterPool) else ())]


def is_common(key: str) -> bool:
    """Whether a taint is one that components of Kubernetes, EKS or its surroundings set, and manifests prepare for."""
    return key in _COMMON_KEYS or key.startswith(_COMMON_PREFIXES) or node_taints.is_transient_taint(key)


def wrong_part(pod: PodTemplate, index: int, taint: Taint) -> Place:
    """The part of a toleration that keeps it from covering a taint: key, else value, else effect."""
    toleration = pod.tolerations[index]
    parts = ["key"]
    if toleration.key == taint.key:
        parts = ["effect"] if toleration._replace(effect="").tolerates(taint) else ["value", "key"]
    places = [pod.at("tolerations", index, part) for part in parts]
    return next((place for place in places if place.is_written), places[0])


def toleration_place(pod: PodTemplate, index: int) -> Place:
    """The line of a toleration: its value, else its key."""
    place = pod.at("tolerations", index, "value")
    return place if place.is_written else pod.at("tolerations", index, "key")


def tolerations_place(pod: PodTemplate) -> Place:
    """Where a toleration would be added: the list, or the pod's `spec`."""
    return pod.at("tolerations", key=True)


def fitting_untainted(placement: Placement) -> list[Pool]:
    """The pools without hard taints that certainly take a workload."""
    return [pool for pool in placement.fitting if not hard_taints(pool)]

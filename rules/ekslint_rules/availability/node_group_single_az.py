from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ekslint import EC2NodeClass, Finding, KarpenterPool, NodeClass, NodeGroup, Place, Severity, rule
from ekslint_rules.availability._accelerators import is_accelerated

_ZONE_KEYS = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", "topology.k8s.aws/zone-id")
_ZONE_NAMES = ("availability-zone", "availabilityZone", "az", "zone")
_GENERATED_LABELS = ("alpha.eksctl.io/", "eks.amazonaws.com/", "karpenter.sh/", "karpenter.k8s.aws/")


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def node_group_single_az(pool: NodeGroup | KarpenterPool | EC2NodeClass | NodeClass) -> Iterator[Finding]:
    """All nodes of a pool are in one availability zone.

    ## Why is this bad?
    When that zone fails, or has no capacity left, nothing of the pool remains, and nothing can replace it.

    ## When it stays silent
    A group without zones and subnets of its own spreads over those of the cluster, and a NodePool without a zone over
    its node class's subnets. One pool a zone is the pattern for workloads with EBS volumes: pools with the same labels,
    taints and instance types in other zones count. Placement groups, EFA, capacity reservations and blocks, local zones
    and Outposts need one zone. Advice only for pools of GPU instances, and outside production.

    ## References
    - EKS best practices guide, reliability, data plane: spread worker nodes and workloads across multiple AZs
    - EKS best practices guide, Cluster Autoscaler: EBS volumes
    """
    if isinstance(pool, EC2NodeClass | NodeClass):
        yield from _of_node_class(pool)
        return
    found = _single_zone(pool)
    if found is None or _is_meant(pool, found.zone):
        return
    cluster = None if pool.unknown("cluster") else pool.cluster
    where = found.zone if found.zone is not None and "#" not in found.zone else "a single availability zone"
    yield Finding(
        found.place,
        f"all nodes of {pool} are in {where}",
        label="one zone",
        help="spread it over at least two zones, or add an equal pool in another zone",
        lower=(cluster.tolerance if cluster is not None else 0) + int(is_accelerated(pool)),
    )


class _Zone(NamedTuple):
    zone: str | None
    """None if it has no known name."""
    place: Place


def _single_zone(pool: NodeGroup | KarpenterPool) -> _Zone | None:
    """The only zone of a pool; None for several, or for whatever the cluster has."""
    if isinstance(pool, KarpenterPool):
        for index, requirement in enumerate(pool.requirements):
            if requirement.key in _ZONE_KEYS and requirement.operator == "In" and len(set(requirement.values)) == 1:
                return _Zone(requirement.values[0], pool.at("requirements", index, "key"))
        return None
    if len(pool.subnets) == 1:
        # A subnet has one zone, whichever it is.
        [subnet] = pool.subnets
        return _Zone(None if subnet.unknown("availability_zone") else subnet.availability_zone, pool.at("subnets", 0))
    zones = set(pool.availability_zones or ())
    if len(zones) != 1:
        return None
    return _Zone(zones.pop(), pool.at("subnets" if pool.subnets else "availability_zones"))


def _is_meant(pool: NodeGroup | KarpenterPool, zone: str | None) -> bool:
    if isinstance(pool, NodeGroup) and pool.is_pinned_capacity:
        return True
    cluster = pool.cluster
    if cluster is not None and not cluster.unknown("is_on_outpost") and cluster.is_on_outpost:
        return True
    return cluster is not None and any(_is_equal_elsewhere(pool, other, zone) for other in cluster.pools)


def _is_equal_elsewhere(pool: NodeGroup | KarpenterPool, other: object, zone: str | None) -> bool:
    if other is pool:
        return False
    if isinstance(pool, NodeGroup):
        is_equal = isinstance(other, NodeGroup) and set(other.instance_types) == set(pool.instance_types)
    else:
        is_equal = isinstance(other, KarpenterPool) and _further_requirements(other) == _further_requirements(pool)
    if not is_equal or not isinstance(other, NodeGroup | KarpenterPool):
        return False
    return (
        _own_labels(other) == _own_labels(pool) and set(other.taints) == set(pool.taints) and _is_outside(other, zone)
    )


def _is_outside(other: NodeGroup | KarpenterPool, zone: str | None) -> bool:
    """Whether a pool is not confined to this zone. One whose zones are unknown may well be the one in another."""
    if _has_unknown_zones(other):
        return True
    found = _single_zone(other)
    return found is None or found.zone is None or found.zone != zone


def _has_unknown_zones(pool: NodeGroup | KarpenterPool) -> bool:
    return isinstance(pool, NodeGroup) and (pool.unknown("subnets") or pool.unknown("availability_zones"))


def _further_requirements(pool: KarpenterPool) -> set[str]:
    return {str(requirement) for requirement in pool.requirements if requirement.key not in _ZONE_KEYS}


def _own_labels(pool: NodeGroup | KarpenterPool) -> Mapping[str, str]:
    """The labels that set it apart: neither its own name nor its zone, whatever the label is called."""
    found = None if _has_unknown_zones(pool) else _single_zone(pool)
    zone = None if found is None else found.zone
    own = (key for key in pool.labels if not key.startswith(_GENERATED_LABELS) and not _tells_zone(key))
    return {key: pool.labels[key] for key in own if pool.labels[key] != zone}


def _tells_zone(key: str) -> bool:
    return key in _ZONE_KEYS or key.rpartition("/")[2] in _ZONE_NAMES


def _of_node_class(node_class: EC2NodeClass | NodeClass) -> Iterator[Finding]:
    """Subnets by one ID: all pools that use the class are in its zone."""
    if not _has_single_subnet(node_class):
        return
    others = node_class.estate.beside(node_class, type(node_class))
    if any(other is not node_class and _has_single_subnet(other) for other in others):
        return  # one class a zone
    cluster = node_class.cluster
    yield Finding(
        node_class.at("spec", "subnetSelectorTerms", 0, "id"),
        f"{node_class} selects a single subnet: all its nodes are in one availability zone",
        label="one subnet",
        help="select subnets of at least two zones, by tag or by their IDs",
        lower=cluster.tolerance if cluster is not None else 0,
    )


def _has_single_subnet(node_class: EC2NodeClass | NodeClass) -> bool:
    terms = node_class.sequence("spec", "subnetSelectorTerms")
    return len(terms) == 1 and node_class.has("spec", "subnetSelectorTerms", 0, "id")

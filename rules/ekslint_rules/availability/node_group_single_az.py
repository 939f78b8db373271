from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, NodeGroup, Place, Severity, instance_types, rule

_ZONE_KEYS = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def node_group_single_az(pool: NodeGroup | KarpenterPool) -> Iterator[Finding]:
    """All nodes of a pool are in one availability zone.

    ## Why is this bad?
    When that zone fails, or has no capacity left, nothing of the pool remains, and nothing can replace it.

    ## When it stays silent
    A group without zones and subnets of its own spreads over those of the cluster. One group a zone is the pattern for
    workloads with EBS volumes: groups with the same labels, taints and instance types in other zones count. Placement
    groups, EFA, capacity reservations and blocks, and local zones need one zone. Advice only for groups of GPU
    instances, and outside production.

    ## References
    - EKS best practices guide, reliability, data plane: spread worker nodes and workloads across multiple AZs
    - EKS best practices guide, Cluster Autoscaler: EBS volumes
    """
    found = _single_zone(pool)
    if found is None:
        return
    zone, place = found
    if isinstance(pool, NodeGroup) and (pool.is_pinned_capacity or _has_sibling_elsewhere(pool, zone)):
        return
    cluster = None if pool.unknown("cluster") else pool.cluster
    lower = (cluster.tolerance if cluster is not None else 0) + int(_is_accelerated(pool))
    where = zone if zone is not None and not zone.startswith("zone #") else "a single availability zone"
    yield Finding(
        place,
        f"all nodes of {pool} are in {where}",
        label="one zone",
        help="spread it over at least two zones, or add an equal pool in another zone",
        lower=lower,
    )


def _single_zone(pool: NodeGroup | KarpenterPool) -> tuple[str | None, Place] | None:
    """The only zone (None if it has no known name) and where that is written; None for several or unknown."""
    if isinstance(pool, NodeGroup):
        if pool.availability_zones is not None:
            zones = set(pool.availability_zones)
            field = "availability_zones"
            return (zones.pop(), pool.at(field)) if len(zones) == 1 else None
        return (None, pool.at("subnets", 0)) if len(pool.subnets) == 1 else None
    for index, requirement in enumerate(pool.requirements):
        if requirement.key in _ZONE_KEYS and requirement.operator == "In":
            return (requirement.values[0], pool.at("requirements", index)) if len(requirement.values) == 1 else None
    return None


def _has_sibling_elsewhere(group: NodeGroup, zone: str | None) -> bool:
    cluster = group.cluster
    for other in cluster.node_groups if cluster is not None else ():
        if other is group:
            continue
        # An equal group whose zone is unknown may well be the one in another zone.
        if (
            _own_labels(other) == _own_labels(group)
            and other.taints == group.taints
            and set(other.instance_types) == set(group.instance_types)
            and (other.unknown("availability_zones") or zone is None or set(other.availability_zones or ()) != {zone})
        ):
            return True
    return False


def _own_labels(group: NodeGroup) -> dict[str, str]:
    """The labels that set it apart: not its own name."""
    generated = ("alpha.eksctl.io/", "eks.amazonaws.com/")
    return {key: group.labels[key] for key in group.labels if not key.startswith(generated)}


def _is_accelerated(pool: NodeGroup | KarpenterPool) -> bool:
    if isinstance(pool, KarpenterPool) or pool.unknown("instance_types"):
        return False
    types = [instance_types.instance_type(name) for name in pool.instance_types]
    return bool(types) and all(each is not None and bool(each.gpus or each.neurons) for each in types)

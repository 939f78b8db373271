from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Placement, Severity, rule
from ekslint_rules.storage._claims import claims_of

_AUTOSCALER = "cluster-autoscaler"
_LEAST_OF_EKSCTL = 2
"""Where a file names none, eksctl makes a VPC with two zones or three."""


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("storage", "autoscaling", "reliability"),
    dialects=("eksctl", "cloudformation", "kubernetes"),
)
def zonal_volume_with_multi_az_asg(placement: Placement) -> Iterator[Finding]:
    """A pod with an EBS volume depends on node groups of several zones that Cluster Autoscaler scales.

    ## Why is this bad?
    The volume is in one zone. When the last node there goes, Cluster Autoscaler cannot say in which zone the Auto
    Scaling group should add one: the group decides, and the pod may stay Pending beside a new node in the wrong zone.

    ## When it stays silent
    Karpenter, Auto Mode and groups of one zone; groups that never have fewer nodes than zones, or never scale;
    volumes that several nodes share; no sign of Cluster Autoscaler.

    ## References
    - Amazon EKS best practices guide, Cluster Autoscaler: EBS volumes
    """
    pools = placement.possible
    groups = [pool for pool in pools if isinstance(pool, NodeGroup)]
    if not groups or len(groups) < len(pools):
        return
    if not placement.workload.estate.has_evidence_of(_AUTOSCALER, placement.cluster):
        return
    if not all(_may_lose_a_zone(group) for group in groups):
        return
    for claimed in claims_of(placement.workload):
        if claimed.is_block_storage and not claimed.is_shared:
            group = groups[0]
            zones = _least_zones(group)
            spans = f"has {zones}" if zones != _LEAST_OF_EKSCTL else "has more than one"
            yield Finding(
                claimed.place,
                f"the EBS volume of {placement.workload} is in one zone, but {group} {spans}: "
                "Cluster Autoscaler cannot choose the zone of a new node",
                label="bound to one zone",
                help="use one node group a zone with --balance-similar-node-groups, or Karpenter",
                related=[(each.at("name"), f"{each} spans several zones") for each in groups],
                lower=placement.cluster.tolerance,
            )
            return


def _may_lose_a_zone(group: NodeGroup) -> bool:
    """Whether a group has several zones, and may have fewer nodes than zones."""
    zones = _least_zones(group)
    return zones > 1 and group.min_size < min(zones, group.max_size)


def _least_zones(group: NodeGroup) -> int:
    """How many zones a group has, at least; 0 where nobody knows."""
    zones, cluster = group.availability_zones, group.cluster
    if zones is None and group.dialect == "eksctl" and cluster is not None and not group.subnets:
        zones = cluster.availability_zones
        if zones is None and not cluster.may_be_partial:
            return _LEAST_OF_EKSCTL
    return len(set(zones or ()))

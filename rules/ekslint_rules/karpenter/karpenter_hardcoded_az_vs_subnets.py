from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Requirement, Severity, regions, rule

_ZONE = frozenset({"topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"})


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "network"))
def karpenter_hardcoded_az_vs_subnets(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool requires zones in which the cluster has no subnets.

    ## Why is this bad?
    A node starts in a subnet, so a zone without one gives no nodes: the pool never makes any, and the pods that need it
    stay pending. Zones copied from another region are the usual reason.

    ## When it stays silent
    Clusters whose zones or region the files do not tell. Where one of the required zones has a subnet. Zones of the
    right region count one step less: the node class may select subnets that the cluster's file does not know.

    ## References
    - Karpenter documentation, NodePools and NodeClasses (spec.subnetSelectorTerms)
    """
    if pool.dialect != "karpenter":
        return
    cluster = pool.cluster
    if cluster is None or cluster.is_implicit:
        return
    for index, requirement in enumerate(pool.requirements):
        zones = _named_zones(requirement)
        if not zones:
            continue
        place = pool.at("requirements", index, "values")
        region = None if cluster.unknown("region") else cluster.region
        if region is not None and all(regions.region_of_zone(zone) not in {region, None} for zone in zones):
            yield Finding(
                place,
                f"{pool} requires the zone {' or '.join(zones)}, but {cluster} is in {region}: it never makes a node",
                label=f"not in {region}",
                related=[(cluster.at("region"), "the cluster's region")],
            )
            continue
        own = None if cluster.unknown("availability_zones") else cluster.availability_zones
        if own and all(regions.region_of_zone(zone) for zone in own) and not set(own) & set(zones):
            yield Finding(
                place,
                f"{pool} requires the zone {' or '.join(zones)}, but {cluster} has subnets in {', '.join(own)} only",
                label="no subnet there",
                related=[(cluster.at("availability_zones"), "the cluster's zones")],
                lower=1,
            )


def _named_zones(requirement: Requirement) -> tuple[str, ...]:
    return requirement.values if requirement.key in _ZONE and requirement.operator == "In" else ()

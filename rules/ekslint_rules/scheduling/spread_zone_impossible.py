from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, NodeGroup, Place, Placement, Pool, Separation, Severity, rule

_ZONE_KEYS = frozenset({"failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"})


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling", "reliability"))
def spread_zone_impossible(placement: Placement) -> Iterator[Finding]:
    """A hard spread over zones asks for more zones than there are.

    ## Why is this bad?
    With `minDomains` above the number of zones every zone takes `maxSkew` pods at most: the rest stays Pending. And
    where all pools are in a single zone, the constraint spreads nothing at all.

    ## When it stays silent
    `ScheduleAnyway`; pools whose zones are not known; constraints about other pods. Advice where all replicas can run
    all the same, and where one zone makes the constraint mean nothing.

    ## References
    - Kubernetes documentation, pod topology spread constraints
    """
    blamed = set()
    for found in placement.bottlenecks:
        if found.separation is not Separation.SPREAD or not found.is_zonal:
            continue
        blamed.add(found.place.path)
        zones = "1 zone" if found.domains == 1 else f"{found.domains} zones"
        yield Finding(
            found.place,
            f"{placement.workload} wants to be spread over more zones than its pools have ({zones}): "
            f"at most {found.limit} of its pods can run",
            label=f"{zones} only",
            help="lower minDomains, or add zones to the pools",
            related=[(_place(pool), str(pool)) for pool in placement.possible],
            lower=placement.doubt_steps + int(not found.blocks_replicas),
        )
    pools = placement.possible
    zone = _only_zone(pools) if placement.is_known and not blamed else None
    if zone is None or not placement.workload.has_replicas or placement.workload.replica_floor < 2:
        return
    for constraint in placement.workload.pod.topology_spread_constraints:
        if constraint.is_hard and constraint.topology_key in _ZONE_KEYS:
            yield Finding(
                constraint.at("topologyKey"),
                f"{placement.workload} is to be spread over zones, but all nodes that take it are in {zone}",
                label="spreads nothing",
                help="add zones to the pools",
                related=[(_place(pool), f"{pool}: {zone}") for pool in pools],
                severity=Severity.INFO,
            )


def _only_zone(pools: list[Pool]) -> str | None:
    """The zone that all pools are in; None where there are several, or any is unknown."""
    zones = {_zone(pool) for pool in pools}
    return zones.pop() if len(zones) == 1 else None


def _zone(pool: Pool) -> str | None:
    if isinstance(pool, NodeGroup):
        zones = pool.availability_zones
        return zones[0] if zones is not None and len(zones) == 1 else None
    if isinstance(pool, KarpenterPool):
        return next((pool.labels[key] for key in sorted(_ZONE_KEYS) if key in pool.labels), None)
    return None


def _place(pool: Pool) -> Place:
    place = pool.at("availability_zones") if isinstance(pool, NodeGroup) else pool.at("requirements")
    return place if place.is_written else pool.at("name")

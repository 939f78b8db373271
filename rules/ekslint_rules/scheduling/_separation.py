"""What rules about replicas that keep apart have in common."""

from collections.abc import Iterator

from ekslint import Bottleneck, Finding, KarpenterPool, NodeGroup, Place, Placement, Pool, Separation


def too_few_domains(
    placement: Placement, separation: Separation, *, zonal: bool
) -> Iterator[tuple[Bottleneck, str, str]]:
    """The bottlenecks of a sort that block replicas or a rollout, with what does not fit, and a label."""
    for found in placement.bottlenecks:
        if found.separation is not separation or found.is_zonal is not zonal or not (zonal or found.is_by_node):
            continue
        domain = "zone" if zonal else "node"
        domains = _counted(found.limit, domain)
        if found.blocks_replicas:
            yield found, f"of {found.replicas} replicas only {found.limit} can run on {domains}", f"{domains} at most"
        elif found.blocks_rollout:
            taken = f"the only {domain} is" if found.limit == 1 else f"all {domains} are"
            replicas = _counted(found.replicas, "replica")
            what = f"{taken} taken by its {replicas}, and none may stop before a new one runs: a rollout never ends"
            yield found, what, "no room for a new replica"


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def finding(placement: Placement, found: Bottleneck, message: str, label: str, help_: str) -> Finding:
    """The finding at the field that keeps replicas apart."""
    return Finding(
        found.place,
        message,
        label=label,
        help=help_,
        related=[_replicas(placement), *((_bound(pool), str(pool)) for pool in placement.possible)],
        lower=placement.doubt_steps,
    )


def _replicas(placement: Placement) -> tuple[Place, str]:
    workload = placement.workload
    place = workload.at("spec", "replicas")
    return place if place.is_written else workload.at("metadata", "name"), f"{workload.replica_floor} replicas"


def _bound(pool: Pool) -> Place:
    if isinstance(pool, NodeGroup):
        return pool.at("max_size")
    return pool.at("limits") if isinstance(pool, KarpenterPool) else pool.at("name")

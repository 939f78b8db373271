"""The parameters of a template by whose defaults no pool takes a workload."""

from collections.abc import Iterator, Sequence

from ekslint import Cluster, Place, Pool, PoolVerdict, Requirement
from ekslint_rules.scheduling._selected_labels import is_custom, names_or_leads_to


def defaults_that_decide(verdicts: Sequence[PoolVerdict]) -> Iterator[str]:
    """The parameters by whose defaults pools say no."""
    for place in (place for each in verdicts for place in _deciding(each)):
        if place.by_default is not None:
            yield place.by_default


def defaults_that_leave_out(cluster: Cluster, requirement: Requirement | None) -> Iterator[str]:
    """The parameters by whose defaults a pool is not there that might meet a requirement; None is whatever it takes."""
    for pool in cluster.pools_left_out:
        parameter = pool.presence.by_default if pool.presence is not None else None
        if parameter is not None and (requirement is None or _may_meet(requirement, pool)):
            yield parameter


def _may_meet(requirement: Requirement, pool: Pool) -> bool:
    """Nobody has placed workloads on such a pool: labels that machines decide may be any there."""
    if not is_custom(requirement.key) or pool.unknown("labels", requirement.key):
        return True
    return names_or_leads_to(requirement, pool)


def _deciding(verdict: PoolVerdict) -> Iterator[Place]:
    """The fields of a pool by which it says no."""
    if verdict.at_pool is None:
        yield verdict.pool.at("labels")
        return
    path = verdict.at_pool.path
    yield verdict.at_pool
    # A parameter may stand for one part of a taint, or for one of the instance types.
    further: Sequence[str | int] = {"taints": ("key", "value", "effect"), "instance_types": (0,)}.get(str(path[0]), ())
    for step in further:
        yield verdict.pool.at(*path, step)

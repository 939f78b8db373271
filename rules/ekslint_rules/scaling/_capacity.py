"""How rules about capacity speak of amounts and of the pools that lack them."""

from collections.abc import Iterable, Sequence

from ekslint import Crowd, KarpenterPool, Place, Pool, Shortfall

PODS = "pods"
_GIBIBYTE = 1 << 30
_BINARY = frozenset({"ephemeral-storage", "memory"})


def amount_text(resource: str, amount: int) -> str:
    """An amount as a sentence can use it: `7.5 CPUs`, `12.25 GiB of memory`, `110 pods`."""
    if resource == "cpu":
        return f"{amount / 1000:g} CPUs" if amount != 1000 else "1 CPU"
    if resource in _BINARY or resource.startswith("hugepages-"):
        return f"{amount / _GIBIBYTE:.4g} GiB of {resource}"
    if resource == PODS:
        return "1 pod" if amount == 1 else f"{amount} pods"
    return f"{amount} {resource}"


def bound_of(pool: Pool) -> Place:
    """The field that keeps a pool from growing."""
    return pool.at("limits") if isinstance(pool, KarpenterPool) else pool.at("max_size")


def pools_text(pools: Sequence[Pool]) -> str:
    """`node group general`, `node groups … and 2 more`."""
    if len(pools) <= 2:
        return " and ".join(str(pool) for pool in pools)
    return f"{pools[0]}, {pools[1]} and {len(pools) - 2} more pools"


def by_pools(shortfalls: Iterable[Shortfall]) -> list[list[Shortfall]]:
    """Shortfalls of the same pools together: they have one cure."""
    grouped: dict[tuple[int, ...], list[Shortfall]] = {}
    for shortfall in shortfalls:
        grouped.setdefault(tuple(id(pool) for pool in shortfall.pools), []).append(shortfall)
    return list(grouped.values())


def crowds_text(crowds: Sequence[Crowd], verb: str) -> str:
    """The workloads, the largest first, and what they do: `deployment api requests`, `deployment api and … run`."""
    names = [str(crowd.workload) for crowd in crowds]
    if len(names) == 1:
        return f"{names[0]} {verb}s"
    more = f"{names[0]}, {names[1]} and {len(names) - 2} more workloads"
    return f"{' and '.join(names) if len(names) == 2 else more} {verb}"


def related_crowds(crowds: Sequence[Crowd], resource: str, *, at_most: bool) -> list[tuple[Place, str]]:
    """Where the workloads say how many pods there are to be."""
    found = []
    for crowd in crowds:
        pods = crowd.most_pods if at_most else crowd.pods
        amount = amount_text(resource, crowd.requested(resource, at_most=at_most))
        place = crowd.workload.at("spec", "replicas")
        place = place if place.is_written else crowd.workload.at("metadata", "name")
        found.append((place, f"{crowd.workload}: {amount_text(PODS, pods)}, {amount}"))
    return found

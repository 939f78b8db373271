"""First-fit decreasing: a simple answer to whether pods fit on nodes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MAXIMUM_WORK = 400_000
"""Kinds of pods times nodes; beyond it nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Item:
    """Pods that are alike."""

    count: int
    amounts: Mapping[str, int]
    reach: int
    """The groups of nodes that take them, by bit."""
    is_apart: bool = False
    """Whether a node takes only one of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that are alike."""

    count: int
    amounts: Mapping[str, int]
    """What a node offers; a resource that is missing is unbounded."""


def left_over(items: Sequence[Item], groups: Sequence[Group]) -> list[int] | None:
    """How many of each item find no room, the largest placed first; None if there is too much to try."""
    if len(items) * sum(group.count for group in groups) > MAXIMUM_WORK:
        return None
    nodes = [(1 << number, dict(group.amounts)) for number, group in enumerate(groups) for _ in range(group.count)]
    total = _totals(groups)
    missing = [0] * len(items)
    order = sorted(range(len(items)), key=lambda number: (-_share(items[number], total), number))
    for number in order:
        missing[number] = _place(items[number], nodes)
    return missing


def _place(item: Item, nodes: Sequence[tuple[int, dict[str, int]]]) -> int:
    """Put as many as possible on the nodes, in order; how many are left."""
    left = item.count
    for bit, free in nodes:
        if not left:
            break
        if not bit & item.reach:
            continue
        most = 1 if item.is_apart else left
        for resource, amount in item.amounts.items():
            if amount and resource in free:
                most = min(most, free[resource] // amount)
        placed = min(most, left)
        if placed <= 0:
            continue
        left -= placed
        for resource, amount in item.amounts.items():
            if resource in free:
                free[resource] -= placed * amount
    return left


def _totals(groups: Sequence[Group]) -> dict[str, int]:
    total: dict[str, int] = {}
    for group in groups:
        for resource, amount in group.amounts.items():
            total[resource] = total.get(resource, 0) + amount * group.count
    return total


def _share(item: Item, total: Mapping[str, int]) -> float:
    """The largest part of any resource that one pod takes."""
    return max(
        (amount / total[resource] for resource, amount in item.amounts.items() if total.get(resource)), default=0.0
    )

"""What the nodes of a pool offer to pods: by instance type, as one live node says, by Fargate's table, or unknown."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ekslint.facts.fargate import LARGEST, MAX_EPHEMERAL_STORAGE_GIB, MEMORY_OVERHEAD_MIB
from ekslint.model.kubernetes.quantity import format_quantity
from ekslint.model.reading import Undecided
from ekslint.placement.allocatable import CPU, MEMORY, STORAGE, is_device
from ekslint.placement.ladders import Ladder
from ekslint.placement.quantities import units

_MEBIBYTE = 1 << 20
_FARGATE_MOST: Mapping[str, int] = {
    CPU: LARGEST.millicores,
    MEMORY: (LARGEST.memory_mib - MEMORY_OVERHEAD_MIB) * _MEBIBYTE,
    STORAGE: MAX_EPHEMERAL_STORAGE_GIB * 1024 * _MEBIBYTE,
}


class Most(NamedTuple):
    """The most of a resource that some node offers."""

    usual: int
    best: int
    name: str
    """The instance type, or what else the node is."""


class Offer(Protocol):
    """What nodes offer."""

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """Masks of the nodes that usually offer so much, and of those that may at best."""
        ...

    def most(self, resource: str, mask: int) -> Most | None:
        """The most that a node of a mask offers; None where nobody knows of any."""
        ...


class TypeOffer:
    """By instance type and kubelet."""

    def __init__(self, ladder: Ladder) -> None:
        self.ladder = ladder

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """See `Offer.at_least`."""
        return self.ladder.at_least(resource, amount)

    def most(self, resource: str, mask: int) -> Most | None:
        """See `Offer.most`."""
        found = self.ladder.most(resource, mask)
        return None if found is None else Most(*found)


class LiveOffer:
    """As a live node says itself."""

    def __init__(self, allocatable: Mapping[str, Any], name: str) -> None:
        self._allocatable = allocatable
        self._name = name

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """See `Offer.at_least`."""
        try:
            offered = self._offered(resource)
        except Undecided:
            return 0, -1
        if offered is None:
            return 0, -1
        return (-1, -1) if offered >= amount else (0, 0)

    def most(self, resource: str, mask: int) -> Most | None:
        """See `Offer.most`."""
        try:
            offered = self._offered(resource)
        except Undecided:
            return None
        return None if offered is None else Most(offered, offered, self._name)

    def _offered(self, resource: str) -> int | None:
        """The amount; 0 for what the node does not have, None for what cannot be read."""
        if not self._allocatable:
            return None
        if resource not in self._allocatable:
            return 0 if is_device(resource) else None
        return units(resource, self._allocatable[resource])


class FargateOffer:
    """By the table of Fargate; there are no devices."""

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """See `Offer.at_least`."""
        return (-1, -1) if amount <= _FARGATE_MOST.get(resource, 0) else (0, 0)

    def most(self, resource: str, mask: int) -> Most | None:
        """See `Offer.most`."""
        most = _FARGATE_MOST.get(resource, 0)
        return Most(most, most, "Fargate")


class UnknownOffer:
    """Nobody knows."""

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """See `Offer.at_least`."""
        return 0, -1

    def most(self, resource: str, mask: int) -> Most | None:
        """See `Offer.most`."""
        return None


def amount_text(resource: str, amount: int) -> str:
    """An amount as people write it: `500m`, `6Gi`, `2`."""
    from fractions import Fraction

    if resource == CPU:
        return format_quantity(Fraction(amount, 1000))
    if resource in {MEMORY, STORAGE} or resource.startswith("hugepages-"):
        return format_quantity(Fraction(amount), binary=True)
    return str(amount)


def amounts_text(resource: str, one: int, other: int) -> tuple[str, str]:
    """Two amounts as people write them, exactly where they would look the same."""
    texts = amount_text(resource, one), amount_text(resource, other)
    if texts[0] != texts[1] or one == other:
        return texts
    return _exactly(resource, one), _exactly(resource, other)


def _exactly(resource: str, amount: int) -> str:
    if resource == CPU:
        return f"{amount}m"
    for shift, suffix in ((20, "Mi"), (10, "Ki")):
        if not amount % (1 << shift):
            return f"{amount >> shift}{suffix}"
    return str(amount)

"""Instance types in the order of what they offer, so that "at least so much" is one lookup for all of them."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from ekslint.facts.instance_types import InstanceType
from ekslint.placement.allocatable import GPU, Range, decisive, offered
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.kubelet import Kubelet


@dataclass(slots=True)
class _Scale:
    """The types by how much of one resource they offer, twice: usually, and at best."""

    usual: list[int] = field(default_factory=list)
    usual_masks: list[int] = field(default_factory=list)
    best: list[int] = field(default_factory=list)
    best_masks: list[int] = field(default_factory=list)
    unknown: int = 0


class Ladders:
    """The ladders over one catalogue, one for each kubelet configuration that occurs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._ladders: dict[tuple[Kubelet, bool], Ladder] = {}
        self._scales: dict[tuple[str, Kubelet, bool], _Scale] = {}
        self._size = len(self.catalogue.types)

    def ladder(self, kubelet: Kubelet, *, shares_gpus: bool = False) -> "Ladder":
        """The instance types by what they offer; the same ladder for equal kubelets.

        With `shares_gpus` the device plugin may hand out more GPUs than there are (time-slicing, MPS, MIG).
        """
        key = (kubelet, shares_gpus)
        found = self._ladders.get(key)
        if found is None:
            found = self._ladders[key] = Ladder(self, kubelet, shares_gpus=shares_gpus)
        return found

    def scale(self, resource: str, kubelet: Kubelet, *, shares_gpus: bool) -> _Scale:
        """How the types offer a resource; the same for all kubelets that differ in other resources only."""
        if self._size != len(self.catalogue.types):
            self._scales.clear()
            self._size = len(self.catalogue.types)
        key = (resource, decisive(kubelet, resource), shares_gpus and resource == GPU)
        found = self._scales.get(key)
        if found is None:
            found = self._scales[key] = _make_scale(self.catalogue, *key)
        return found


class Ladder:
    """The types of a catalogue by what they offer under one kubelet configuration."""

    def __init__(self, ladders: Ladders, kubelet: Kubelet, *, shares_gpus: bool) -> None:
        self.catalogue = ladders.catalogue
        self.kubelet = kubelet
        self.shares_gpus = shares_gpus
        self._ladders = ladders
        self._scales: dict[str, _Scale] = {}
        self._offered: dict[tuple[str, str], Range | None] = {}
        self._most: dict[tuple[str, int], tuple[int, int, str] | None] = {}
        self._size = len(self.catalogue.types)

    def at_least(self, resource: str, amount: int) -> tuple[int, int]:
        """The types that usually offer so much of a resource, and those that may at best."""
        scale = self._scale(resource)
        usual = bisect_left(scale.usual, amount)
        best = bisect_left(scale.best, amount)
        usual_mask = scale.usual_masks[usual] if usual < len(scale.usual) else 0
        best_mask = scale.best_masks[best] if best < len(scale.best) else 0
        return usual_mask, best_mask | scale.unknown

    def offered(self, each: InstanceType, resource: str) -> Range | None:
        """See `offered`."""
        key = (each.name, resource)
        if key not in self._offered:
            self._offered[key] = offered(each, resource, self.kubelet, shares_gpus=self.shares_gpus)
        return self._offered[key]

    def most(self, resource: str, mask: int) -> tuple[int, int, str] | None:
        """The most that a type of a mask offers, usually and at best, and its name; None where nobody knows of any."""
        key = (resource, mask)
        if key not in self._most:
            found: tuple[int, int, str] | None = None
            for _, each in self.catalogue.items(mask):
                offered = self.offered(each, resource) if isinstance(each, InstanceType) else None
                if offered is not None and (found is None or (offered[1], each.name or "") > (found[1], found[2])):
                    found = (*offered, each.name or "")
            self._most[key] = found
        return self._most[key]

    def _scale(self, resource: str) -> _Scale:
        if self._size != len(self.catalogue.types):
            self._scales.clear()
            self._size = len(self.catalogue.types)
        found = self._scales.get(resource)
        if found is None:
            found = self._ladders.scale(resource, self.kubelet, shares_gpus=self.shares_gpus)
            self._scales[resource] = found
        return found


def _make_scale(catalogue: Catalogue, resource: str, kubelet: Kubelet, shares_gpus: bool) -> _Scale:
    scale = _Scale()
    usual: dict[int, int] = {}
    best: dict[int, int] = {}
    for number, each in enumerate(catalogue.types):
        bit = 1 << number
        amounts = offered(each, resource, kubelet, shares_gpus=shares_gpus) if isinstance(each, InstanceType) else None
        if amounts is None:
            scale.unknown |= bit
            continue
        usual[amounts[0]] = usual.get(amounts[0], 0) | bit
        best[amounts[1]] = best.get(amounts[1], 0) | bit
    scale.usual, scale.usual_masks = _suffixes(usual)
    scale.best, scale.best_masks = _suffixes(best)
    return scale


def _suffixes(masks: Mapping[int, int]) -> tuple[list[int], list[int]]:
    """The amounts in order, and for each the types that offer it or more."""
    amounts = sorted(masks)
    suffixes = [0] * len(amounts)
    mask = 0
    for index in range(len(amounts) - 1, -1, -1):
        mask |= masks[amounts[index]]
        suffixes[index] = mask
    return amounts, suffixes

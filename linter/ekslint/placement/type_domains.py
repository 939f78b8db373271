"""Labels that the machine decides: its instance type, how it is bought, and where it stands."""

from collections.abc import Sequence
from typing import TypeGuard

from ekslint.facts.node_labels import PoolKind
from ekslint.facts.regions import region_of_zone, region_of_zone_id
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.domains import NO, Domain, Doubt, Masks, listed_text
from ekslint.placement.needs import Need, needed_values
from ekslint.source.tree import Step


class ByType(Domain):
    """The instance type decides."""

    __slots__ = ("catalogue", "kind", "mask")

    def __init__(
        self, key: str, catalogue: Catalogue, kind: PoolKind, mask: int, path: tuple[Step, ...] | None = None
    ) -> None:
        super().__init__(key, path)
        self.catalogue = catalogue
        self.kind = kind
        self.mask = mask

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        if needed_values(needs) is None:
            return NO
        return self.catalogue.meeting(self.key, needs, self.kind)

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return self.values_within(self.mask)

    def values_within(self, mask: int) -> Sequence[str]:
        """See `Domain.values_within`."""
        return self.catalogue.values(self.key, self.kind, mask)

    def reason(self) -> str:
        """See `Domain.reason`."""
        values = self.known_values()
        if not values:
            return f"no label {self.key}"
        return f"{self.key} is {listed_text(values)}"


class ByMask(Domain):
    """A label whose values are told apart by masks of types: the capacity type, which not every type is sold under."""

    __slots__ = ("certain", "possible")

    def __init__(
        self, key: str, possible: dict[str, int], certain: dict[str, int], path: tuple[Step, ...] | None = None
    ) -> None:
        super().__init__(key, path)
        self.possible = possible
        self.certain = certain

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        possible = certain = 0
        for value, mask in self.possible.items():
            if all(need.holds(value) for need in needs):
                possible |= mask
                certain |= self.certain.get(value, 0)
        return possible, certain

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return sorted(self.possible)

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"{self.key} is {listed_text(sorted(self.possible))}" if self.possible else f"no label {self.key}"


class ByImage(Domain):
    """The operating system where nobody knows the image: no image of Windows starts on arm64."""

    __slots__ = ("doubt", "is_made", "types")

    def __init__(self, key: str, windows_types: int, types: int, doubt: Doubt, *, is_made: bool) -> None:
        super().__init__(key)
        self.types = {"linux": types, "windows": windows_types & types}
        """The types that each operating system may run on."""
        self.doubt = doubt
        self.is_made = is_made
        """Whether nodes are made by the image: then types that it does not start on are never there."""

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        possible, certain = 0, -1
        for value, mask in self.types.items():
            if all(need.holds(value) for need in needs):
                possible |= mask
                certain &= mask if self.is_made else -1
            else:
                certain &= 0 if self.is_made else ~mask
        return possible, certain & possible

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return [value for value, mask in self.types.items() if mask]

    def values_within(self, mask: int) -> Sequence[str]:
        """See `Domain.values_within`."""
        return [value for value, own in self.types.items() if own & mask]

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"{self.key} is {listed_text(self.known_values())}"


_SYMBOL = "zone #"


def is_named(zone: str | None) -> TypeGuard[str]:
    """Whether a zone is told by its name, and not by a symbol for one that the account decides."""
    return zone is not None and not zone.startswith(_SYMBOL)


class ByZone(Domain):
    """The zone decides: its name, its id, or its region."""

    __slots__ = ("doubt", "is_sure", "region", "zones")
    is_zonal = True

    def __init__(
        self,
        key: str,
        zones: Sequence[str | None],
        region: str | None,
        path: tuple[Step, ...] | None = None,
        *,
        is_sure: bool = True,
        doubt: Doubt | None = None,
    ) -> None:
        super().__init__(key, path)
        self.zones = zones
        """Names; symbols (`zone #0`) where the account decides; None where not even the number is known."""
        self.region = region
        self.is_sure = is_sure
        """Whether every node has the label, and a zone stands for nodes that are or will be there."""
        self.doubt = doubt or Doubt("nobody knows which zones its subnets are in")

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        possible = certain = 0
        for number, zone in enumerate(self.zones):
            bit = 1 << number
            if is_named(zone):
                if all(need.holds(zone) for need in needs):
                    possible |= bit
                    certain |= bit
                continue
            verdicts = [self._unnamed(need) for need in needs]
            if False in verdicts or needed_values(needs) is None:
                continue
            possible |= bit
            if None not in verdicts:
                certain |= bit
        return possible, (certain if self.is_sure else 0)

    def _unnamed(self, need: Need) -> bool | None:
        """Whether a zone of the region, nobody knows which, meets a need."""
        match need.operator:
            case "Exists":
                return True
            case "DoesNotExist":
                return False
        if need.operator not in {"In", "NotIn"}:
            return None
        elsewhere = self.region is not None and all(self._is_elsewhere(value) for value in need.values)
        return (need.operator == "NotIn") if elsewhere else None

    def _is_elsewhere(self, value: str) -> bool:
        own = region_of_zone(value) or region_of_zone_id(value)
        return own is not None and own != self.region

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return sorted({zone for zone in self.zones if is_named(zone)})

    def reason(self) -> str:
        """See `Domain.reason`."""
        named = self.known_values()
        if len(named) == len(set(self.zones)):
            return f"its nodes are in {listed_text(named)}"
        if self.region is not None:
            return f"its nodes are in region {self.region}"
        return "nobody knows which zones its nodes are in"

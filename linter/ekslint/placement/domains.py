"""How the nodes of a pool answer for one label: fixed, by instance type, by zone, on demand, not at all, unknown.

An answer is a pair of masks: what may meet the needs, and what certainly does. Masks are over instance types, or over
the pool's zones; `-1` is all of them and 0 none.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ekslint.facts.node_labels import PoolKind
from ekslint.facts.regions import region_of_zone, region_of_zone_id
from ekslint.model.reading import Source
from ekslint.placement.catalogue import Catalogue
from ekslint.placement.needs import Need, Values, needed_values
from ekslint.source.tree import Step

Masks = tuple[int, int]

YES: Masks = (-1, -1)
MAYBE: Masks = (-1, 0)
NO: Masks = (0, 0)


class Doubt(NamedTuple):
    """Why something cannot be decided."""

    why: str
    source: Source | None = None
    """The field that is unknown, where there is one."""


class Domain:
    """The answer of a pool's nodes for one label."""

    __slots__ = ("key", "path")
    is_zonal = False
    """Whether its masks are over the pool's zones."""
    doubt: Doubt | None = None

    def __init__(self, key: str, path: tuple[Step, ...] | None = None) -> None:
        self.key = key
        self.path = path
        """Where the pool says so."""

    def judge(self, needs: Sequence[Need]) -> Masks:
        """What meets every one of the needs."""
        raise NotImplementedError

    def known_values(self) -> Sequence[str]:
        """The values that such nodes have, for "did you mean"; empty where open."""
        return ()

    def values_within(self, mask: int) -> Sequence[str]:
        """The values over some types of nodes only."""
        return self.known_values()

    def reason(self) -> str:
        """What the nodes have instead of what was needed."""
        raise NotImplementedError


class Absent(Domain):
    """No node of the pool has the label."""

    __slots__ = ()

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        return YES if all(need.allows_absence for need in needs) else NO

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"no label {self.key}"


class Fixed(Domain):
    """Every node of the pool has this value."""

    __slots__ = ("value",)

    def __init__(self, key: str, value: str, path: tuple[Step, ...] | None = None) -> None:
        super().__init__(key, path)
        self.value = value

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        return YES if all(need.holds(self.value) for need in needs) else NO

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return (self.value,)

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"{self.key} is {self.value}" if self.value else f"{self.key} is empty"


class Unknowable(Domain):
    """Nobody knows the value, and perhaps not even whether there is one."""

    __slots__ = ("doubt", "exists")

    def __init__(self, key: str, doubt: Doubt, *, exists: bool = False, path: tuple[Step, ...] | None = None) -> None:
        super().__init__(key, path)
        self.doubt = doubt
        self.exists = exists

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        if not self.exists:
            return MAYBE if needed_values(needs) is not None else NO
        operators = {need.operator for need in needs}
        if operators == {"Exists"}:
            return YES
        return NO if "DoesNotExist" in operators or needed_values(needs) is None else MAYBE

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"{self.key} has a value on every node" if self.exists else f"{self.key} may be anything"


class OneOf(Domain):
    """Nodes of the pool have one value or the other, or get the one that is asked for."""

    __slots__ = ("certain", "doubt", "values")

    def __init__(
        self,
        key: str,
        values: Values,
        path: tuple[Step, ...] | None = None,
        *,
        certain: bool = True,
        doubt: Doubt | None = None,
    ) -> None:
        super().__init__(key, path)
        self.values = values
        self.certain = certain
        self.doubt = doubt

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`.

        Karpenter's Intersects: the sets must have a value in common, but two that both do without the label agree.
        """
        needed = needed_values(needs)
        if needed is None:
            return NO
        without = all(need.allows_absence for need in needs) and self.values.is_negative
        if self.values.intersects(needed) or without:
            return YES if self.certain else MAYBE
        return NO

    def known_values(self) -> Sequence[str]:
        """See `Domain.known_values`."""
        return () if self.values.complement else sorted(self.values.values)

    def reason(self) -> str:
        """See `Domain.reason`."""
        listed = sorted(self.values.values)
        if self.values.complement:
            bounds = []
            if self.values.least is not None:
                bounds.append(f"at least {self.values.least}")
            if self.values.most is not None:
                bounds.append(f"at most {self.values.most}")
            if listed:
                bounds.append(f"not {_listed(listed)}")
            return f"{self.key} is {' and '.join(bounds)}" if bounds else f"{self.key} is any value"
        if not listed:
            return f"no label {self.key}"
        return f"{self.key} is {_listed(listed)}"


class Undefined(Domain):
    """Karpenter: a label that the NodePool does not define. Karpenter makes no node for a pod that requires it."""

    __slots__ = ("doubt",)

    def __init__(self, key: str, doubt: Doubt | None = None) -> None:
        super().__init__(key)
        self.doubt = doubt
        """Why nodes may carry it all the same, so that a pod may find a node that is there already."""

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        needed = needed_values(needs)
        if needed is None:
            return NO
        if needed.is_negative:
            return YES
        return NO if self.doubt is None else MAYBE

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"no label {self.key}"


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
        return self.catalogue.meeting(needs, self.kind)

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
        return f"{self.key} is {_listed(values)}"


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
        return f"{self.key} is {_listed(sorted(self.possible))}" if self.possible else f"no label {self.key}"


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
        """Names, or None for a zone whose name nobody knows."""
        self.region = region
        self.is_sure = is_sure
        """Whether every node has the label, and a zone stands for nodes that are or will be there."""
        self.doubt = doubt or Doubt("nobody knows which zones its subnets are in")

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        possible = certain = 0
        for number, zone in enumerate(self.zones):
            bit = 1 << number
            if zone is not None:
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
        return sorted({zone for zone in self.zones if zone is not None})

    def reason(self) -> str:
        """See `Domain.reason`."""
        named = self.known_values()
        if named and None not in self.zones:
            return f"its nodes are in {_listed(named)}"
        if self.region is not None:
            return f"its nodes are in region {self.region}"
        return "nobody knows which zones its nodes are in"


def _listed(values: Sequence[str], limit: int = 5) -> str:
    """`a`, `a or b`, `a, b or c`; long lists are cut."""
    shown = list(values[:limit])
    if len(values) > limit:
        return f"{', '.join(shown)} or {len(values) - limit} more"
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"

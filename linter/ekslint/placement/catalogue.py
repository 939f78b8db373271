"""The instance types of a run as bits: type i is bit i of an integer, and so is every set of types.

A column per label is worked out when the label is first asked for, so that estates without open pools never read the
table of all types.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ekslint.facts.instance_offerings import zone_letters
from ekslint.facts.instance_types import InstanceType, all_instance_types, instance_type
from ekslint.facts.karpenter_labels import architecture_of, has_unknown_value, karpenter_labels
from ekslint.facts.node_labels import PoolKind
from ekslint.placement.needs import Need

TYPE_LABEL = "node.kubernetes.io/instance-type"
ARCHITECTURE_LABEL = "kubernetes.io/arch"


@dataclass(frozen=True, slots=True)
class Stranger:
    """An instance type without facts: a name that is too new, retired or misspelt, or types chosen by attributes."""

    name: str | None
    """None where not even the name is known."""
    architecture: str | None = None
    """Where the pool's image decides it."""


@dataclass(slots=True)
class _Column:
    """The values of one label over the types."""

    by_value: dict[str, int] = field(default_factory=dict)
    absent: int = 0
    """Types that certainly lack the label."""
    unknown: int = 0
    """Types whose value nobody knows."""
    done: int = 0
    """How many types are in it so far."""


class Catalogue:
    """Bit masks over instance types. Every type that a pool of the run may use has a bit; `-1` is every type."""

    def __init__(self) -> None:
        self.types: list[InstanceType | Stranger] = []
        self._bits: dict[str | Stranger, int] = {}
        self._columns: dict[str, _Column] = {}
        self._masks: dict[tuple[str, str, tuple[str, ...], int], tuple[int, int]] = {}
        self._all: int | None = None
        self._offered: dict[str, int] = {}
        self._bought: dict[tuple[bool, int], int] = {}
        self.strangers = 0
        """The types without facts."""

    def bit(self, name: str, architecture: str | None = None) -> int:
        """The bit of a type; one without facts gets a bit of its own, with the architecture that its image has."""
        found = self._bits.get(name)
        if found is None:
            known = instance_type(name)
            if known is None:
                return self.stranger(Stranger(name, architecture))
            found = self._add(name, known)
        return found

    def stranger(self, stranger: Stranger) -> int:
        """The bit of a type without facts."""
        found = self._bits.get(stranger)
        if found is None:
            found = self._add(stranger, stranger)
            self.strangers |= found
        return found

    def all_types(self) -> int:
        """Every type that can be a node: all of the table but Mac hosts."""
        if self._all is None:
            mask = 0
            for each in all_instance_types():
                if architecture_of(each) is not None:
                    mask |= self.bit(each.name)
            self._all = mask
        return self._all

    def where(self, mask: int, predicate: Callable[[InstanceType], object]) -> int:
        """The types of `mask` with facts for which the predicate holds."""
        found = 0
        for bit, each in self.items(mask):
            if isinstance(each, InstanceType) and predicate(each):
                found |= bit
        return found

    def sold(self, mask: int, *, as_spot: bool) -> int:
        """The types of a mask that can be had on demand, or as Spot."""
        # The table of types grows by those that only a file names.
        key = (as_spot, len(self.types))
        if key not in self._bought:
            everything = (1 << len(self.types)) - 1
            self._bought[key] = self.where(
                everything, lambda each: each.supports_spot if as_spot else each.supports_on_demand
            )
        return mask & self._bought[key]

    def offered_in(self, region: str) -> int:
        """The types that the table knows to be offered in a region."""
        found = self._offered.get(region)
        if found is None:
            everything = self.all_types()
            keys = {each.offered for each in self.types if isinstance(each, InstanceType)}
            here = {key for key in keys if region in zone_letters(key)}
            found = self.where(everything, lambda each: each.offered in here)
            self._offered[region] = found
        return found

    def items(self, mask: int) -> Iterator[tuple[int, InstanceType | Stranger]]:
        """The types of a mask with their bits, in order of the bits."""
        while mask:
            bit = mask & -mask
            yield bit, self.types[bit.bit_length() - 1]
            mask ^= bit

    def names(self, mask: int) -> list[str]:
        """The names of the types of a mask, sorted; types without a name are left out."""
        return sorted(each.name for _, each in self.items(mask) if each.name is not None)

    def meeting(self, key: str, needs: Iterable[Need], kind: PoolKind) -> tuple[int, int]:
        """The types that may meet every need on the label `key`, by whatever old name, and those that certainly do."""
        possible = certain = -1
        for need in needs:
            own_possible, own_certain = self._meeting(key, need, kind)
            possible &= own_possible
            certain &= own_certain
        return possible, certain

    def values(self, key: str, kind: PoolKind, mask: int) -> list[str]:
        """The values of a label over the types of a mask, sorted."""
        return sorted(value for value, having in self._column(key, kind).by_value.items() if having & mask)

    def _meeting(self, key: str, need: Need, kind: PoolKind) -> tuple[int, int]:
        column = self._column(key, kind)
        # A column may grow with a later pool; masks from before must not be taken for the whole then.
        asked = (key, need.operator, need.values, column.done)
        found = self._masks.get(asked)
        if found is None:
            certain = 0
            for value, having in column.by_value.items():
                if need.holds(value):
                    certain |= having
            if need.allows_absence:
                certain |= column.absent
            found = self._masks[asked] = (certain | column.unknown, certain)
        return found

    def _column(self, key: str, kind: PoolKind) -> _Column:
        column = self._columns.setdefault(key, _Column())
        while column.done < len(self.types):
            each, bit = self.types[column.done], 1 << column.done
            column.done += 1
            value = _label(each, key, kind)
            if value is not None:
                column.by_value[value] = column.by_value.get(value, 0) | bit
            elif isinstance(each, Stranger) or has_unknown_value(each, key):
                column.unknown |= bit
            else:
                column.absent |= bit
        return column

    def _add(self, key: str | Stranger, each: InstanceType | Stranger) -> int:
        bit = self._bits[key] = 1 << len(self.types)
        self.types.append(each)
        return bit


def _label(each: InstanceType | Stranger, key: str, kind: PoolKind) -> str | None:
    if key == TYPE_LABEL:
        return each.name
    if key == ARCHITECTURE_LABEL:
        return each.architecture if isinstance(each, Stranger) else architecture_of(each)
    if isinstance(each, Stranger):
        return None
    return karpenter_labels(each, kind).get(key)

"""How the nodes of a pool answer for one label: fixed, by instance type, by zone, on demand, not at all, unknown.

An answer is a pair of masks: what may meet the needs, and what certainly does. Masks are over instance types, or over
the pool's zones; `-1` is all of them and 0 none.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ekslint.model.reading import Source
from ekslint.placement.needs import BY_TOPOLOGY, Need, Values, needed_values
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
    """Nodes of the pool get the value that is asked for, of several."""

    __slots__ = ("values",)

    def __init__(self, key: str, values: Values, path: tuple[Step, ...] | None = None) -> None:
        super().__init__(key, path)
        self.values = values

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`.

        Karpenter's Intersects: the sets must have a value in common, but two that both do without the label agree.
        """
        needed = needed_values(needs)
        if needed is None:
            return NO
        without = all(need.allows_absence for need in needs) and self.values.is_negative
        return YES if self.values.intersects(needed) or without else NO

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
                bounds.append(f"not {listed_text(listed)}")
            return f"{self.key} is {' and '.join(bounds)}" if bounds else f"{self.key} is any value"
        if not listed:
            return f"no label {self.key}"
        return f"{self.key} is {listed_text(listed)}"


class Undefined(Domain):
    """Karpenter: a label that the NodePool does not define. Karpenter makes no node for a pod that requires it."""

    __slots__ = ("doubt", "may_be_set")

    def __init__(self, key: str, doubt: Doubt | None = None) -> None:
        super().__init__(key)
        self.may_be_set = doubt is not None
        """Whether nodes may carry it all the same, so that a pod may find a node that is there already."""
        self.doubt = doubt or Doubt(f"Karpenter may make a node with some value of {key}")

    def judge(self, needs: Sequence[Need]) -> Masks:
        """See `Domain.judge`."""
        needed = needed_values(needs)
        if needed is None:
            return NO
        if all(need.allows_absence for need in needs):
            return YES
        # Karpenter takes Exists and NotIn together for NotIn, and then makes up a value. Topologies it looks up.
        makes_up = needed.is_negative and not any(need.part in BY_TOPOLOGY for need in needs)
        return MAYBE if self.may_be_set or makes_up else NO

    def reason(self) -> str:
        """See `Domain.reason`."""
        return f"no label {self.key}"


def listed_text(values: Sequence[str], limit: int = 5) -> str:
    """`a`, `a or b`, `a, b or c`; long lists are cut."""
    shown = list(values[:limit])
    if len(values) > limit:
        return f"{', '.join(shown)} or {len(values) - limit} more"
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"

"""What a pod requires of a node's labels: the operators of node affinity, and Karpenter's sets of values.

Semantics: `k8s.io/component-helpers/scheduling/corev1/nodeaffinity` and `k8s.io/apimachinery/pkg/labels`; Karpenter
`pkg/scheduling/requirement.go`.
"""

import re
from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

_NEGATIVE = frozenset({"NotIn", "DoesNotExist"})
_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_MOST_CHARACTERS = 63
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")


NODE_NAME = "@metadata.name"
"""The key of needs on the one field that `matchFields` knows; no label can be called so."""


class Part(Enum):
    """The part of a workload that a need comes from."""

    SELECTOR = "nodeSelector"
    AFFINITY = "nodeAffinity"
    RUNTIME_CLASS = "runtimeClassName"
    VOLUME = "volumes"
    SPREAD = "topologySpreadConstraints"
    POD_AFFINITY = "podAffinity"


BY_TOPOLOGY = frozenset({Part.SPREAD, Part.POD_AFFINITY})
"""Parts that go by the domains of a topology: nodes without the label are left out."""


class Need(NamedTuple):
    """One requirement on one label of a node."""

    key: str
    operator: str
    values: tuple[str, ...] = ()
    part: Part = Part.SELECTOR

    def __str__(self) -> str:
        if self.key == NODE_NAME:
            return str(self._replace(key=NODE_NAME[1:]))
        if self.operator in {"Exists", "DoesNotExist"}:
            return f"{self.key} {self.operator}"
        if self.operator == "In" and len(self.values) == 1:
            return f"{self.key}={self.values[0]}"
        return f"{self.key} {self.operator} [{', '.join(self.values)}]"

    @property
    def allows_absence(self) -> bool:
        """Whether a node without the label meets it."""
        return self.operator in _NEGATIVE

    def holds(self, value: str | None) -> bool:
        """Whether a node meets it whose label has this value, or that has no such label (None)."""
        if value is None:
            return self.operator in _NEGATIVE
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return True
            case "DoesNotExist":
                return False
        number, bound = integer(value), integer(self.values[0]) if len(self.values) == 1 else None
        if number is None or bound is None:
            return False
        match self.operator:
            case "Gt":
                return number > bound
            case "Lt":
                return number < bound
            case "Gte":
                return number >= bound
        return number <= bound


def is_label_value(text: str) -> bool:
    """Whether a text can be the value of a label at all."""
    return len(text) <= _MOST_CHARACTERS and _LABEL_VALUE.fullmatch(text) is not None


def integer(text: str) -> int | None:
    """A label value as the comparing operators read it (Go's ParseInt, 64 bits); None for anything else."""
    if _INTEGER.fullmatch(text) is None:
        return None
    number = int(text)
    return number if -(1 << 63) <= number < 1 << 63 else None


class Values(NamedTuple):
    """The values that a label may have: these, or all but these; within bounds. Empty stands for "no such label"."""

    values: frozenset[str] = frozenset()
    complement: bool = False
    least: int | None = None
    most: int | None = None

    @property
    def is_negative(self) -> bool:
        """Whether it is what NotIn or DoesNotExist make, so that a node without the label will do."""
        return bool(self.values) if self.complement else not self.values

    def _within(self, value: str) -> bool:
        if self.least is None and self.most is None:
            return True
        number = integer(value)
        return (
            number is not None
            and (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
        )

    def intersection(self, other: "Values") -> "Values":
        """The values that both allow."""
        least = max((each for each in (self.least, other.least) if each is not None), default=None)
        most = min((each for each in (self.most, other.most) if each is not None), default=None)
        if least is not None and most is not None and least > most:
            return NOTHING
        bounds = Values(frozenset(), True, least, most)
        if self.complement and other.complement:
            excluded = frozenset(value for value in self.values | other.values if bounds._within(value))
            return Values(excluded, True, least, most)
        if self.complement:
            values = other.values - self.values
        elif other.complement:
            values = self.values - other.values
        else:
            values = self.values & other.values
        return Values(frozenset(value for value in values if bounds._within(value)))

    def intersects(self, other: "Values") -> bool:
        """Whether some value is allowed by both."""
        common = self.intersection(other)
        return common.complement or bool(common.values)


NOTHING = Values()
ANYTHING = Values(complement=True)


def values_of(operator: str, values: Iterable[str]) -> Values:
    """What a requirement allows. Bounds that are no integers allow nothing."""
    listed = tuple(values)
    match operator:
        case "In":
            return Values(frozenset(listed))
        case "NotIn":
            return Values(frozenset(listed), complement=True)
        case "Exists":
            return ANYTHING
        case "DoesNotExist":
            return NOTHING
    bound = integer(listed[0]) if len(listed) == 1 else None
    if bound is None:
        return NOTHING
    match operator:
        case "Gt":
            return Values(complement=True, least=bound + 1)
        case "Lt":
            return Values(complement=True, most=bound - 1)
        case "Gte":
            return Values(complement=True, least=bound)
    return Values(complement=True, most=bound)


def needed_values(needs: Iterable[Need]) -> Values | None:
    """What all needs on one key allow together; None if they exclude each other."""
    allowed: Values | None = None
    demanding = False
    for need in needs:
        own = values_of(need.operator, need.values)
        allowed = own if allowed is None else allowed.intersection(own)
        demanding = demanding or not need.allows_absence
    if allowed is None:
        return ANYTHING
    if demanding and not allowed.complement and not allowed.values:
        return None
    return allowed

"""What a template's expressions come to, before the mapping makes fields of it.

A `Reading` carries one of: a text, None (absent, or `AWS::NoValue`), `Unknown`, `Choice`, or one of the kinds below.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ekslint.model.condition import Condition, Constant
from ekslint.model.reading import Choice, Reading, Source, Unknown

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.template import Resource

MAXIMUM_CHOICES = 4
"""Choices that one value may hang on: the engine reads 8 worlds at most, so that more would never be looked at."""
TOO_MANY_CONDITIONS = Unknown("it depends on more conditions than can be told apart")
MAXIMUM_TEXT = 200_000
"""Code points of one text. User data ends at 16 KiB; joining a text with itself does not end by itself."""


@dataclass(frozen=True, slots=True)
class OpenParameter(Unknown):
    """A parameter without default, or an item of it: unknown, and yet equal to itself."""

    parameter: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class ResourceElsewhere(Unknown):
    """A resource of another template: what is known of it stands there."""

    path: str
    number: int
    """Of the document in its file."""
    resource: str
    """`AWS::EKS::Cluster/Cluster`."""
    attribute: str = ""
    """Empty for `Ref`."""


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """`Ref` or `GetAtt` to a resource of the template."""

    resource: "Resource"
    attribute: str = ""
    """Empty for `Ref`."""

    @property
    def expression(self) -> str:
        """As `Fn::Sub` would write it: `Cluster.Endpoint`."""
        name = self.resource.logical_id
        return f"{name}.{self.attribute}" if self.attribute else name


_MAKES_LISTS = ("AWS::CloudFormation::", "AWS::Serverless::Application", "Custom::")


def may_hold_several(value: object) -> bool:
    """Whether a text that nobody knows may be several, joined: no ID or ARN is; what a stack gives may be."""
    if isinstance(value, ResourceReference | ResourceElsewhere):
        kind = value.resource.type if isinstance(value, ResourceReference) else value.resource
        return kind.startswith(_MAKES_LISTS)
    return isinstance(value, Unknown)


@dataclass(frozen=True, slots=True)
class Gap:
    """The part of a text that is not known."""

    name: str
    stands_for: ResourceReference | Unknown


@dataclass(frozen=True, slots=True)
class PartialText:
    """A text with gaps."""

    parts: tuple[str | Gap, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps, in order."""
        return tuple(part for part in self.parts if isinstance(part, Gap))

    def __str__(self) -> str:
        """With every gap as `${Name}`, which is how `Fn::Sub` writes it, and how a shell does."""
        return "".join(part if isinstance(part, str) else f"${{{part.name}}}" for part in self.parts)


@dataclass(frozen=True, slots=True)
class ParameterStorePath:
    """A value that stands in the Parameter Store: known by its path alone."""

    path: str
    """With `${Name}` for what is not known of it."""


@dataclass(frozen=True, slots=True)
class SymbolicZone:
    """An availability zone without a name: the account's first, or the one with the letter b."""

    name: str
    family: str
    """Zones of one family are the same if, and only if, their names are."""


@dataclass(frozen=True, slots=True)
class ZoneList:
    """What `Fn::GetAZs` gives: the account's zones of a region."""

    region: str
    """Empty for the stack's own."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list."""

    items: tuple[Reading, ...]
    open: Unknown | None = None
    """Why there may be more items than these."""


def is_unknown(value: object) -> bool:
    """Whether neither its value is known nor which resource it is."""
    return isinstance(value, Unknown) and not isinstance(value, ResourceElsewhere)


def mapped(reading: Reading, function: Callable[[Reading], Reading]) -> Reading:
    """`function` of the reading where it is known and present; choices stay choices."""
    return for_each_branch(
        reading, lambda leaf: leaf if leaf.value is None or isinstance(leaf.value, Unknown) else function(leaf)
    )


def for_each_branch(reading: Reading, function: Callable[[Reading], Reading]) -> Reading:
    """`function` of whatever is no choice: of what is unknown or absent too."""
    value = reading.value
    if not isinstance(value, Choice):
        return function(reading)
    branches = (for_each_branch(branch, function) for branch in (value.if_true, value.if_false))
    return Reading(Choice(value.condition, *branches), reading.source)


def combined(
    readings: Sequence[Reading], function: Callable[[Sequence[Reading]], Reading], source: Source, depth: int = 0
) -> Reading:
    """`function` of several readings, none of which is a choice: it is taken in every combination that can occur."""
    open_choice = next((reading for reading in readings if isinstance(reading.value, Choice)), None)
    if open_choice is None:
        return function(readings)
    if depth >= MAXIMUM_CHOICES:
        return Reading(TOO_MANY_CONDITIONS, source)
    condition = open_choice.value.condition
    branches = [
        combined([_under(reading, condition, holds) for reading in readings], function, source, depth + 1)
        for holds in (True, False)
    ]
    return Reading(Choice(condition, *branches), source)


def otherwise(reading: Reading, fallback: Callable[[], Reading]) -> Reading:
    """The reading, or the fallback wherever it is absent."""
    return for_each_branch(reading, lambda leaf: fallback() if leaf.value is None else leaf)


def under_condition(condition: Condition | None, reading: Reading) -> Reading:
    """The reading where the condition holds, absent elsewhere."""
    if condition is None:
        return reading
    absent = Reading(None, reading.source)
    if isinstance(condition, Constant):
        chosen = reading if condition.value else absent
        return by_default(chosen, condition.by_default)
    return Reading(Choice(condition, reading, absent), reading.source)


def by_default(reading: Reading, parameter: str | None) -> Reading:
    """The same reading, come about by a parameter's default."""
    if parameter is None or reading.source.by_default is not None:
        return reading
    return replace(reading, source=replace(reading.source, by_default=parameter))


def default_among(readings: Sequence[Reading]) -> str | None:
    """The parameter whose default one of these is."""
    return next((reading.source.by_default for reading in readings if reading.source.by_default is not None), None)


def _under(reading: Reading, condition: Condition, holds: bool) -> Reading:
    while isinstance(reading.value, Choice) and reading.value.condition == condition:
        reading = reading.value.if_true if holds else reading.value.if_false
    return reading


def with_default_of(source: Source, *readings: Reading) -> Source:
    """The place, come about by a parameter's default if one of the readings did."""
    parameter = source.by_default or default_among(readings)
    return source if parameter == source.by_default else replace(source, by_default=parameter)

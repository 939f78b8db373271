"""Conditions on parameters, as CloudFormation has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ekslint.model.world import ChoicePoint, World


class Condition(Protocol):
    """Something that holds or not in the current world."""

    def holds(self) -> bool:
        """Whether it holds; Forked where that needs a choice."""
        ...

    @property
    def by_default(self) -> str | None:
        """The parameter whose default decides it, if one does."""
        ...


@dataclass(frozen=True, slots=True)
class Constant:
    """Decided: by literals, or by a parameter's default."""

    value: bool
    by_default: str | None = None

    def holds(self) -> bool:
        """See `Condition`."""
        return self.value


@dataclass(frozen=True, slots=True)
class Chosen:
    """Holds if the choice fell on one of these options."""

    world: World
    point: ChoicePoint
    options: frozenset[int]

    def holds(self) -> bool:
        """See `Condition`."""
        return self.world.option(self.point) in self.options

    @property
    def by_default(self) -> str | None:
        """See `Condition`."""
        return None


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: Condition

    def holds(self) -> bool:
        """See `Condition`."""
        return not self.operand.holds()

    @property
    def by_default(self) -> str | None:
        """See `Condition`."""
        return self.operand.by_default


@dataclass(frozen=True, slots=True)
class Every:
    """All of them (Fn::And, nested resource conditions)."""

    operands: Sequence[Condition]

    def holds(self) -> bool:
        """See `Condition`."""
        return all(operand.holds() for operand in self.operands)

    @property
    def by_default(self) -> str | None:
        """See `Condition`."""
        return next((each.by_default for each in self.operands if each.by_default), None)


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them (Fn::Or)."""

    operands: Sequence[Condition]

    def holds(self) -> bool:
        """See `Condition`."""
        return any(operand.holds() for operand in self.operands)

    @property
    def by_default(self) -> str | None:
        """See `Condition`."""
        return next((each.by_default for each in self.operands if each.by_default), None)

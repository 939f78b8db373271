"""Assumptions: what a rule takes for granted while it reads values that depend on a choice.

A CloudFormation condition over an unknown parameter, and the cluster that an ambiguous manifest goes to, are choices.
Reading something that depends on one raises `Forked`; the engine then runs the rule once for every option and keeps
what holds in all of them. Rules never see any of this.
"""

from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChoicePoint:
    """Something that is one of several options, and nobody knows which."""

    key: Hashable
    """Equal keys are the same choice: correlated conditions share one."""
    options: int
    name: str
    """For people: the parameter's name, or `cluster`."""


class Forked(Exception):
    """A read needs a choice that has not been made; only the engine catches this."""

    def __init__(self, point: ChoicePoint, *, is_judging: bool = False) -> None:
        super().__init__(point.name)
        self.point = point
        self.is_judging = is_judging
        """Whether a rule is being run, so that the engine will make the choice and run it again."""


class World:
    """The choices made so far. One object is shared by all entities of an estate."""

    __slots__ = ("_chosen", "_is_judging")

    def __init__(self) -> None:
        self._chosen: Mapping[ChoicePoint, int] = {}
        self._is_judging = False

    def option(self, point: ChoicePoint) -> int:
        """The option chosen for `point`, from 0; Forked if none is."""
        try:
            return self._chosen[point]
        except KeyError:
            if point.options == 1:
                return 0
            raise Forked(point, is_judging=self._is_judging) from None

    @property
    def is_assuming(self) -> bool:
        """Whether any choice is made, so that what is read now need not hold elsewhere."""
        return bool(self._chosen)

    @contextmanager
    def assuming(self, chosen: Mapping[ChoicePoint, int]) -> Iterator[None]:
        """Read under these choices, in place of the current ones."""
        before = self._chosen, self._is_judging
        self._chosen, self._is_judging = chosen, True
        try:
            yield
        finally:
            self._chosen, self._is_judging = before

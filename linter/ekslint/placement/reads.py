"""Reading lists of which some items are unknown: one read an item, so that a hole does not hide the others."""

from collections.abc import Callable, Iterable
from typing import Any

from ekslint.model.reading import PartialSequence, Undecided

Read = Callable[[], Any]
"""Gives an item; Undecided if it is unknown."""


def reads(items: Iterable[Any]) -> list[Read]:
    """One read for each item of a list."""
    if isinstance(items, PartialSequence):
        return list(items.readings())
    return [_given(item) for item in items]


def reads_of(get: Callable[[], Iterable[Any]]) -> list[Read]:
    """One read for each item of the list that `get` gives; a single one that raises where the list is unknown."""
    try:
        return reads(get())
    except Undecided as error:
        return [_raising(error)]


def distinct(get: Callable[[], Iterable[Any] | None]) -> tuple[Any, ...]:
    """The distinct items of the list that `get` gives, None for those that are unknown; empty where it gives none."""
    found: dict[Any, None] = {}
    for read in reads_of(lambda: () if (items := get()) is None else items):
        try:
            found[read()] = None
        except Undecided:
            found[None] = None
    return tuple(found)


def _given(item: Any) -> Read:
    return lambda: item


def _raising(error: Undecided) -> Read:
    def read() -> Any:
        raise error

    return read

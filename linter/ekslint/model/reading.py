"""What was read for a field: a value, nothing, or something that cannot be known here; and where it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, overload

from ekslint.model.condition import Condition
from ekslint.source.tree import Document, Path, Step

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value was written."""

    document: Document
    path: Path
    by_default: str | None = None
    """The parameter whose default the value is."""
    find: str | None = None
    """The part of a longer scalar, as a label within user data."""
    key: bool = False
    """The key counts, not the value."""

    def child(self, *steps: Step) -> "Source":
        """The place below this one."""
        # Called for every value that is read: `dataclasses.replace` would cost several times as much.
        return Source(self.document, (*self.path, *steps), self.by_default, self.find, self.key) if steps else self


class Undecided(Exception):
    """A rule read what cannot be known from the text. Only the engine catches this."""

    def __init__(self, why: str, source: Source) -> None:
        super().__init__(why)
        self.why = why
        self.source = source


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that exists but is not in the text."""

    why: str
    """In words, to follow "because": `parameter Subnets has no default`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that depends on a condition."""

    condition: Condition
    if_true: "Reading"
    if_false: "Reading"


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with its place. `value` is plain data, None if absent, or an Unknown or Choice."""

    value: Any
    source: Source
    parts: "Mapping[Step, Reading] | None" = None
    """Items that stand elsewhere than below `source`, or came by a parameter's default."""

    def resolved(self) -> "Reading":
        """This reading with its choices made; Forked where one has not been."""
        reading = self
        while isinstance(reading.value, Choice):
            choice = reading.value
            by_default = choice.condition.by_default
            chosen = choice.if_true if choice.condition.holds() else choice.if_false
            if by_default is not None and chosen.source.by_default is None:
                chosen = replace(chosen, source=replace(chosen.source, by_default=by_default))
            reading = chosen
        return reading

    def known(self) -> Any:
        """The value; Undecided if it is unknown, Forked if it depends on a choice."""
        reading = self.resolved()
        if isinstance(reading.value, Unknown):
            raise Undecided(reading.value.why, reading.source)
        return reading.value

    def at(self, path: Sequence[Step]) -> Source:
        """Where the item at `path` below this value stands, as far as it exists."""
        reading = self.resolved()
        for depth, step in enumerate(path):
            part = reading.parts.get(step) if reading.parts is not None else None
            if part is None and isinstance(reading.value, PartialMapping | PartialSequence):
                part = reading.value.part(step)
            if part is None:
                return reading.source.child(*path[depth:])
            reading = part.resolved()
        return reading.source


def is_plain(value: object) -> bool:
    """Whether a reading's value can be handed to a rule as it is."""
    return not isinstance(value, Unknown | Choice)


class PartialMapping(Mapping[str, Any]):
    """A mapping with unknown values, or with keys that are not known.

    Not a dict: a copy of a dict would lose the holes. Reads that need what is unknown raise Undecided.
    """

    __slots__ = ("_items", "_open")

    def __init__(self, items: Mapping[str, Reading], unknown_keys: tuple[Unknown, Source] | None = None) -> None:
        self._items = items
        self._open = unknown_keys

    @classmethod
    def of(cls, reading: Reading, further: Mapping[str, Reading]) -> "PartialMapping":
        """What a reading holds, plain or partial, and further entries."""
        value = reading.value
        if isinstance(value, PartialMapping):
            return cls({**value._items, **further}, value._open)
        items = {key: Reading(value[key], reading.at((key,))) for key in value or {}}
        return cls({**items, **further})

    def part(self, step: Step) -> Reading | None:
        """Where the value of a key comes from; None for a key that is not written."""
        return self._items.get(step) if isinstance(step, str) else None

    def possible(self) -> Iterator[Any]:
        """Every value that an item has in some world; what is unknown is left out. Never raises."""
        for reading in self._items.values():
            yield from possible(reading)

    def _present(self) -> dict[str, Reading]:
        present = {key: reading.resolved() for key, reading in self._items.items()}
        return {key: reading for key, reading in present.items() if reading.value is not None}

    def _require_keys(self) -> None:
        if self._open is not None:
            raise Undecided(self._open[0].why, self._open[1])

    def __getitem__(self, key: str) -> Any:
        reading = self._items.get(key)
        value = reading.known() if reading is not None else None
        if value is None:
            self._require_keys()
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        reading = self._items.get(key) if isinstance(key, str) else None
        if reading is not None and reading.resolved().value is not None:
            return True
        self._require_keys()
        return False

    def __iter__(self) -> Iterator[str]:
        # What is known comes first: a rule may decide before it meets the hole.
        yield from self._present()
        self._require_keys()

    def __len__(self) -> int:
        self._require_keys()
        return len(self._present())


class PartialSequence(Sequence[Any]):
    """A sequence with unknown or conditional items; see `PartialMapping`."""

    __slots__ = ("_items", "_open")

    def __init__(self, items: Sequence[Reading], unknown_items: tuple[Unknown, Source] | None = None) -> None:
        self._items = items
        self._open = unknown_items

    @classmethod
    def of(cls, reading: Reading, further: Sequence[Reading]) -> "PartialSequence":
        """What a reading holds, plain or partial, and further items."""
        value = reading.value
        if isinstance(value, PartialSequence):
            return cls([*value._items, *further], value._open)
        items = [Reading(item, reading.at((index,))) for index, item in enumerate(value or ())]
        return cls([*items, *further])

    def part(self, step: Step) -> Reading | None:
        """Where an item comes from, counted as the reader counts: over the items of the current world."""
        present = self._present()
        return present[step] if isinstance(step, int) and -len(present) <= step < len(present) else None

    def possible(self) -> Iterator[Any]:
        """Every value that an item has in some world; what is unknown is left out. Never raises."""
        for reading in self._items:
            yield from possible(reading)

    def _present(self) -> list[Reading]:
        resolved = [reading.resolved() for reading in self._items]
        return [reading for reading in resolved if reading.value is not None]

    def _require_all(self) -> None:
        if self._open is not None:
            raise Undecided(self._open[0].why, self._open[1])

    @overload
    def __getitem__(self, index: int) -> Any: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        present = self._present()
        if not -len(present) <= index < len(present):
            self._require_all()
        return present[index].known()

    def __iter__(self) -> Iterator[Any]:
        for reading in self._present():
            yield reading.known()
        self._require_all()

    def readings(self) -> Iterator[Callable[[], Any]]:
        """One read for each item, so that a caller can pass over an unknown one."""
        for reading in self._present():
            yield reading.known
        if self._open is not None:
            yield Reading(self._open[0], self._open[1]).known

    def __len__(self) -> int:
        self._require_all()
        return len(self._present())


def possible(reading: Reading) -> Iterator[Any]:
    """Every value that a reading has in some world, without choosing one; nothing for an unknown or absent one."""
    value = reading.value
    if isinstance(value, Choice):
        yield from possible(value.if_true)
        yield from possible(value.if_false)
    elif value is not None and not isinstance(value, Unknown):
        yield value


def with_entry(reading: Reading, key: str, entry: Reading) -> Reading:
    """A mapping with one more entry; what is unknown stays unknown, and choices stay choices."""
    value = reading.value
    if isinstance(value, Choice):
        branches = (with_entry(branch, key, entry) for branch in (value.if_true, value.if_false))
        return replace(reading, value=Choice(value.condition, *branches))
    if isinstance(value, Unknown):
        return reading
    if isinstance(value, PartialMapping) or not is_plain(entry.value):
        return replace(reading, value=PartialMapping.of(reading, {key: entry}), parts=None)
    return replace(reading, value={**(value or {}), key: entry.value}, parts={**(reading.parts or {}), key: entry})


def with_item(reading: Reading, item: Reading) -> Reading:
    """A sequence with one more item; see `with_entry`."""
    value = reading.value
    if isinstance(value, Choice):
        branches = (with_item(branch, item) for branch in (value.if_true, value.if_false))
        return replace(reading, value=Choice(value.condition, *branches))
    if isinstance(value, Unknown):
        return reading
    if isinstance(value, PartialSequence) or not is_plain(item.value):
        return replace(reading, value=PartialSequence.of(reading, [item]), parts=None)
    items = tuple(value or ())
    return replace(reading, value=(*items, item.value), parts={**(reading.parts or {}), len(items): item})


def _verdicts(items: Iterable[T], predicate: Callable[[T], object], stop: bool) -> bool:
    reads: Iterable[Callable[[], T]] = (
        items.readings() if isinstance(items, PartialSequence) else ((lambda item=item: item) for item in items)  # type: ignore[misc]
    )
    undecided: Undecided | None = None
    iterator = iter(reads)
    while True:
        try:
            read = next(iterator)
        except StopIteration:
            break
        except Undecided as error:
            undecided = undecided or error
            break
        try:
            if bool(predicate(read())) is stop:
                return stop
        except Undecided as error:
            undecided = undecided or error
    if undecided is not None:
        raise undecided
    return not stop


def some(items: Iterable[T], predicate: Callable[[T], object] = bool) -> bool:
    """Whether the predicate holds for some item, in three-valued logic.

    One certain yes decides; without one, an unknown item makes the whole undecided.
    """
    return _verdicts(items, predicate, True)


def every(items: Iterable[T], predicate: Callable[[T], object] = bool) -> bool:
    """Whether the predicate holds for every item; one certain no decides, even beside unknown items."""
    return _verdicts(items, predicate, False)


def known(items: Iterable[T], predicate: Callable[[T], object] | None = None) -> Iterator[T]:
    """The items that are known in the current world, and of which the predicate is known to hold; nothing raises.

    For what holds if it holds for one of them: that others are unknown takes nothing away from it.
    """
    for _, item in enumerate_known(items):
        try:
            holds = predicate is None or predicate(item)
        except Undecided:
            continue
        if holds:
            yield item


def enumerate_known(items: Iterable[T]) -> Iterator[tuple[int, T]]:
    """As `known`, each item with its position among all of them."""
    reads: Iterable[Callable[[], T]] = (
        items.readings() if isinstance(items, PartialSequence) else ((lambda item=item: item) for item in items)  # type: ignore[misc]
    )
    for index, read in enumerate(reads):
        try:
            yield index, read()
        except Undecided:
            continue

"""Typed reading of the mappings of a ClusterConfig, three-valued and with places."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ekslint.loaders.eksctl.decoding import TEMPLATED, TOO_LARGE, Decoder
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.reading import Reading, Source, Undecided, Unknown
from ekslint.source.tree import Node, Path, Step

_NOTHING: Mapping[str, Node] = {}


class Fields:
    """One mapping: a section of the file, or an item of a list of such.

    A missing section reads as an empty one. In one that a template fills in, or that is no mapping, every field is
    unknown.
    """

    __slots__ = ("decoder", "hole", "node", "path")

    def __init__(self, decoder: Decoder, node: Node, path: Path) -> None:
        self.decoder = decoder
        self.path = path
        self.hole: Unknown | None = None
        self.node: Mapping[str, Node] = node if isinstance(node, dict) else _NOTHING
        if node is not None and not isinstance(node, dict):
            self.hole = TEMPLATED if is_template(node) else decoder.mismatch("a mapping", node, path).value

    def source(self, *steps: Step, key: bool = False) -> Source:
        """The place of a key, or below it."""
        return self.decoder.source((*self.path, *steps), key=key)

    def has(self, key: str) -> bool:
        """Whether a key has a value, or may have one."""
        return self.hole is not None or self.node.get(key) is not None

    def has_any(self, *keys: str) -> bool:
        """Whether some of these keys have a value, or may have one."""
        return any(map(self.has, keys))

    def spelling(self, key: str) -> str:
        """A key as it is written, for subnets: those decode themselves in eksctl, and do not mind the case."""
        return key if key in self.node else next((each for each in self.node if each.lower() == key), key)

    def text(self, key: str, default: str | None = None, *, verbatim: bool = False) -> Reading:
        """A string. Empty is absent, as in Go."""
        return self._read(key, partial(self.decoder.text, verbatim=verbatim), default, absent=("",))

    def integer(self, key: str, default: int | None = None) -> Reading:
        """A whole number."""
        return self._read(key, self.decoder.integer, default)

    def number(self, key: str) -> Reading:
        """A number."""
        return self._read(key, self.decoder.number, None)

    def boolean(self, key: str, default: bool | None = None) -> Reading:
        """A boolean."""
        return self._read(key, self.decoder.boolean, default)

    def texts(self, key: str, *, verbatim: bool = False) -> Reading:
        """A tuple of strings, empty if absent."""
        return self._read(key, partial(self.decoder.texts, verbatim=verbatim), ())

    def text_map(self, key: str) -> Reading:
        """A mapping of strings, empty if absent."""
        return self._read(key, self.decoder.text_map, {})

    def inline(self, key: str) -> Reading:
        """A free-form document, None if absent."""
        return self._read(key, self.decoder.inline, None)

    def section(self, *keys: str) -> "Fields":
        """The mapping at a key, or further below."""
        fields = self
        for key in keys:
            child = Fields(self.decoder, fields.node.get(key), (*fields.path, key))
            child.hole = fields.hole or child.hole
            fields = child
        return fields

    def sections(self, key: str) -> "Sections":
        """The list of mappings at a key."""
        return sections_of(self, key)

    def unknown(self) -> Reading | None:
        """The hole, where the whole section is one."""
        return None if self.hole is None else Reading(self.hole, self.source())

    def _read(
        self, key: str, decode: Callable[[Node, Path], Reading], default: Any, absent: tuple[Any, ...] = ()
    ) -> Reading:
        path = (*self.path, key)
        if self.hole is not None:
            return Reading(self.hole, Source(self.decoder.document, path))
        value = self.node.get(key)
        if value is None:
            return Reading(default, Source(self.decoder.document, path))
        reading = decode(value, path)
        if reading.value is None or (isinstance(reading.value, str) and reading.value in absent):
            return Reading(default, reading.source)
        return reading


@dataclass(frozen=True, slots=True)
class Sections:
    """A list of mappings."""

    items: tuple[Fields, ...]
    hole: Reading | None
    """Why there may be more items than these."""
    source: Source

    def __iter__(self) -> Iterator[Fields]:
        return iter(self.items)


def sections_of(fields: Fields, key: str) -> Sections:
    """The items at a key, as far as they are mappings; eksctl refuses, or fails on, any other."""
    source = fields.source(key)
    value = fields.node.get(key)
    if fields.hole is not None:
        return Sections((), Reading(fields.hole, source), source)
    if value is None:
        return Sections((), None, source)
    if not isinstance(value, list):
        unknown = TEMPLATED if is_template(value) else fields.decoder.mismatch("a list", value, source.path).value
        return Sections((), Reading(unknown, source), source)
    if not fields.decoder.may_read(len(value)):
        return Sections((), Reading(TOO_LARGE, source), source)
    items: list[Fields] = []
    hole: Reading | None = None
    for index, node in enumerate(value):
        path = (*source.path, index)
        if node is None:
            fields.decoder.mismatch("a mapping", node, path)
            continue
        item = Fields(fields.decoder, node, path)
        if item.hole is None:
            items.append(item)
        else:
            hole = hole or Reading(item.hole, fields.decoder.source(path))
    return Sections(tuple(items), hole, source)


def derived(compute: Callable[..., Any], *readings: Reading, at: Source | None = None) -> Reading:
    """What follows from values that were read: unknown as soon as the computation needs one that is.

    It stands where the first of them stands, unless `at` says otherwise.
    """
    try:
        value = compute(*(reading.known() for reading in readings))
    except Undecided as undecided:
        return Reading(Unknown(undecided.why), undecided.source)
    return Reading(value, at or readings[0].source)


def is_known(reading: Reading) -> bool:
    """Whether a reading has a value, or surely none."""
    return not isinstance(reading.value, Unknown)

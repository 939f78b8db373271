"""Parsed documents: plain values in `Map` and `Seq`, places beside them.

Places stay out of the values: a document keeps one array of code-point offsets, and a container knows only where its
own entries start in it. Reading a value costs what reading a dict costs; places are worked out for findings alone.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ekslint.source.location import Location
from ekslint.source.text import SourceText

Scalar: TypeAlias = str | int | float | bool | None
Node: TypeAlias = "Map | Seq | Scalar"
Step: TypeAlias = str | int
Path: TypeAlias = tuple[Step, ...]

MAXIMUM_DEPTH = 200
MAXIMUM_VISITS = 200_000
"""How many nodes a walk may see: aliases share nodes, so a small file can stand for billions of them."""

_ENTRY = 4  # offsets an entry of a Map: key start, key end, value start, value end
_ITEM = 2  # offsets an item of a Seq: start, end
_NODE_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t\r\n]*)*")


class Map(dict[str, Node]):
    """A mapping of a document. Keys are strings, as in JSON."""

    __slots__ = ("base", "document")
    document: "Document"
    base: int
    """Where the offsets of its entries start in the document's array."""

    __hash__ = None


class Seq(list[Node]):
    """A sequence of a document."""

    __slots__ = ("base", "document")
    document: "Document"
    base: int

    __hash__ = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the text itself; `kind` is the name of the engine's finding for it."""

    kind: str
    start: int
    end: int
    message: str


@dataclass(eq=False, slots=True)
class Document:
    """One document of a file."""

    source: SourceText
    number: int
    """Position in the file, from 0."""
    root: Node = field(default=None, repr=False)
    offsets: "array[int]" = field(default_factory=lambda: array("I"), repr=False)
    problems: list[Problem] = field(default_factory=list)
    start: int = 0
    end: int = 0
    _ordinals: dict[int, dict[str, int]] = field(default_factory=dict, repr=False)
    """The positions of the keys of a mapping, by its id, for those that places were asked of."""

    def value(self, path: Sequence[Step]) -> Node:
        """The value at `path`; None where there is none."""
        node = self.root
        for step in path:
            child = child_of(node, step)
            if child is None:
                return None
            node = child
        return node

    def holds(self, path: Sequence[Step]) -> bool:
        """Whether something stands at `path`, be it null."""
        node = self.root
        for step in path:
            if not _holds(node, step):
                return False
            node = child_of(node, step)
        return True

    def raw(self, path: Sequence[Step]) -> str | None:
        """The scalar at `path` as it was written (`1.30`, `yes`), quotes and block indicators resolved."""
        parent, value = self.value(path[:-1]), self.value(path)
        if not path or isinstance(value, Map | Seq):
            return None
        if isinstance(value, str):
            return value
        span = self._span(parent, path[-1])
        if span is None:
            return None
        return self.source.text[slice(*self._without_properties(*span))]

    def locate(self, path: Sequence[Step], *, key: bool = False, find: str | None = None) -> Location:
        """The line of the value (or the key) at `path`, or of the nearest thing above it that exists.

        `find` narrows a scalar to the first occurrence of a text in it, as a label within user data. What stands
        behind an alias is located at the alias: that is the line of the one who uses it.
        """
        start, end = self.span(path, key=key, find=find)
        return self.source.location(start, end)

    def span(self, path: Sequence[Step], *, key: bool = False, find: str | None = None) -> tuple[int, int]:
        """Start and end offset of what `locate` describes."""
        node = self.root
        parent: Node = None
        step: Step | None = None
        for depth, wanted in enumerate(path):
            if not _holds(node, wanted):
                return self._nearest(parent, step, node)
            parent, step = node, wanted
            node = child_of(node, wanted)
            span = self._span(parent, step)
            if span is not None and self._is_alias(span, node):
                at_end = depth == len(path) - 1
                return self._key_span(parent, step) if key and at_end else span
        if step is None:
            return self._nearest(None, None, node)
        if key and isinstance(parent, Map):
            return self._key_span(parent, step)
        if find is not None:
            start, end = self._span(parent, step) or (self.start, self.start)
            # A text with escapes or folded lines may differ from its value: then the whole value is the place.
            at = self.source.text.find(find, start, end) if find else -1
            if at >= 0:
                return at, at + len(find)
        return self._own_span(parent, step, node)

    def _nearest(self, parent: Node, step: Step | None, node: Node) -> tuple[int, int]:
        if isinstance(parent, Map) and step is not None:
            return self._key_span(parent, step)
        if parent is not None and step is not None:
            return self._own_span(parent, step, node)
        if isinstance(node, Map) and node:
            return self._anchor_of(node)
        return self.start, self.start + 1

    def _own_span(self, parent: Node, step: Step, node: Node) -> tuple[int, int]:
        start, end = self._span(parent, step) or (self.start, self.start)
        text = self.source.text
        if isinstance(node, Map) and text[start : start + 1] == "!":
            return start, end  # a short intrinsic: the tag is part of what was written
        start, end = self._without_properties(start, end)
        if isinstance(node, Map | Seq) or start == end or text[start] in "|>":
            if isinstance(parent, Map):
                return self._key_span(parent, step)
            if isinstance(node, Map) and node and start != end:
                return self._anchor_of(node)
        return start, end

    def _anchor_of(self, node: Map) -> tuple[int, int]:
        """What names a mapping that stands under no key of its own: its name, an object's too, else its first key."""
        metadata = node.get("metadata")
        if isinstance(metadata, Map) and isinstance(metadata.get("name"), str):
            span = self._span(metadata, "name")
            if span is not None:
                return span
        for candidate in ("name", "Name", "Sid", "key", "Key"):
            if isinstance(node.get(candidate), str) and (span := self._span(node, candidate)):
                return span
        return self._key_span(node, next(iter(node)))

    def _span(self, parent: Node, step: Step) -> tuple[int, int] | None:
        """Start and end of a value; a node of another document has none here."""
        if isinstance(parent, Map) and parent.document is self and isinstance(step, str) and step in parent:
            at = parent.base + _ENTRY * self._ordinal(parent, step) + 2
        elif isinstance(parent, Seq) and parent.document is self and isinstance(step, int) and step < len(parent):
            at = parent.base + _ITEM * step
        else:
            return None
        return self.offsets[at], self.offsets[at + 1]

    def _ordinal(self, node: Map, step: str) -> int:
        positions = self._ordinals.get(id(node))
        if positions is None:
            positions = self._ordinals[id(node)] = {key: position for position, key in enumerate(node)}
        return positions[step]

    def _key_span(self, parent: Node, step: Step | None) -> tuple[int, int]:
        if isinstance(parent, Map) and isinstance(step, str):
            at = parent.base + _ENTRY * self._ordinal(parent, step)
            return self.offsets[at], self.offsets[at + 1]
        return (self._span(parent, step) if step is not None else None) or (self.start, self.start + 1)

    def _is_alias(self, span: tuple[int, int], node: Node) -> bool:
        # No plain scalar can begin with `*`, and a quoted one begins with its quote.
        return span[0] < len(self.source.text) and self.source.text[span[0]] == "*" and span[0] != span[1]

    def _without_properties(self, start: int, end: int) -> tuple[int, int]:
        if start < end and self.source.text[start] in "&!":
            match = _NODE_PROPERTIES.match(self.source.text, start, end)
            if match is not None:
                start = match.end()
        return start, end


def child_of(node: Node, step: Step) -> Node:
    """The child of `node` at a key or an index; None where there is none."""
    if isinstance(node, dict):
        return node.get(step) if isinstance(step, str) else None
    if isinstance(node, list) and isinstance(step, int) and -len(node) <= step < len(node):
        return node[step]
    return None


def _holds(node: Node, step: Step) -> bool:
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node)


class TooManyNodes(Exception):
    """A walk met more nodes than any honest file has."""


def walk(node: Node, path: Path = (), *, budget: int = MAXIMUM_VISITS) -> Iterator[tuple[Path, Node]]:
    """Every node below `node`, with its path, in document order; TooManyNodes past `budget` visits."""
    stack: list[tuple[Path, Node]] = [(path, node)]
    while stack:
        budget -= 1
        if budget < 0:
            raise TooManyNodes
        at, current = stack.pop()
        yield at, current
        if isinstance(current, dict):
            stack.extend(((*at, key), current[key]) for key in reversed(current))
        elif isinstance(current, list):
            stack.extend(((*at, index), current[index]) for index in range(len(current) - 1, -1, -1))

"""Parser events → `Document`s.

libyaml's events carry every start and end; composing them here instead of through PyYAML's nodes halves the time and
lets one pass type the scalars, spot duplicate keys, resolve aliases and merge keys, and turn CloudFormation's short
tags into the long form, so that everything after it knows one form only.
"""

from collections.abc import Callable
from itertools import islice
from sys import intern
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from ekslint.source.aliases import repeats_too_much
from ekslint.source.scalars import Typing, key_text
from ekslint.source.separators import with_missing_separators
from ekslint.source.text import SourceText
from ekslint.source.tree import MAXIMUM_DEPTH, Document, Map, Node, Problem, Seq

_INTRINSIC_TAGS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
    **{
        f"!{name}": f"Fn::{name}"
        for name in (
            "And", "Base64", "Cidr", "Equals", "FindInMap", "ForEach", "GetAtt", "GetAZs", "If", "ImportValue", "Join",
            "Length", "Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform",
        )
    },
}  # fmt: skip
_TYPED_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}
_MERGED_ENTRIES = 100_000
# Compared by identity, and built so that no key of a file can be the same object.
_MERGE = "".join(("<", "<"))
_NOT_A_KEY = "".join(("?", ""))


class _Frame:
    """A container that is still open."""

    __slots__ = ("entries", "first", "key", "key_end", "key_start", "merges", "node", "repeated", "start", "tag")

    def __init__(self, node: Map | Seq, start: int, tag: str | None) -> None:
        self.node = node
        self.entries: list[int] = []
        self.start = start
        self.tag = tag
        self.key: str | None = None
        self.key_start = self.key_end = 0
        self.first: dict[str, int] = {}
        self.repeated: list[tuple[str, Problem]] = []
        self.merges: list[tuple[Node, int, int]] = []


class TooDeep(Exception):
    """The document nests deeper than the limit; reading on would cost more than it is worth."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"nested deeper than {MAXIMUM_DEPTH} levels")
        self.start = start
        self.end = end


class Composer:
    """Composes the documents of one file, one by one, so that what was read before a failure is kept."""

    def __init__(self, source: SourceText, typing: Typing, *, base: int = 0, number: int = 0) -> None:
        self.source = source
        self.documents: list[Document] = []
        self._typing = typing
        self._base = base
        self._number = number

    def compose(self, next_event: Callable[[], Any]) -> None:
        """Read events to the end of the stream; parser errors and TooDeep pass through."""
        while True:
            event = next_event()
            if type(event) is StreamEndEvent:
                return
            if type(event) is DocumentStartEvent:
                self._document(event, next_event)

    def _document(self, opening: Any, next_event: Callable[[], Any]) -> None:
        base = self._base
        document = Document(self.source, self._number + len(self.documents))
        document.start = opening.start_mark.index + base
        # Known from the start: a document that fails half-way still counts, and its problems are told.
        self.documents.append(document)
        offsets = document.offsets
        typing = self._typing
        anchors: dict[str, Node] = {}
        open_anchors: list[tuple[int, str]] = []
        stack: list[_Frame] = []
        frame: _Frame | None = None
        merge_budget = _MERGED_ENTRIES
        first_alias: tuple[int, int] | None = None
        last_end = document.start
        while True:
            event = next_event()
            kind = type(event)
            start = event.start_mark.index + base
            value: Node
            if kind is ScalarEvent:
                text: str = event.value
                value = text
                last_end = end = event.end_mark.index + base
                tag = event.tag
                plain = event.style == "" or event.style is None
                if tag is None:
                    if plain:
                        value = typing(text)
                elif tag in _TYPED_TAGS:
                    value = typing(text)
                if event.anchor is not None:
                    anchors[event.anchor] = value
                if tag in _INTRINSIC_TAGS and (frame is None or frame.key is not None or type(frame.node) is Seq):
                    value = self._intrinsic(document, tag, value, start, end)
                if frame is not None and type(frame.node) is Map and frame.key is None:
                    # "<<" in quotes is an ordinary key.
                    name = key_text(value) if not isinstance(value, Map | Seq) else text
                    frame.key = _MERGE if plain and name == "<<" else intern(name)
                    frame.key_start, frame.key_end = start, end
                    continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                if len(stack) >= MAXIMUM_DEPTH:
                    raise TooDeep(start, start + 1)
                node: Map | Seq = Map() if kind is MappingStartEvent else Seq()
                node.document = document
                if frame is not None and type(frame.node) is Map and frame.key is None:
                    document.problems.append(
                        Problem("complex-key", start, start + 1, "a mapping key must be a plain string")
                    )
                    frame.key = _NOT_A_KEY
                    frame.key_start, frame.key_end = start, start + 1
                if event.anchor is not None:
                    anchors[event.anchor] = node
                    open_anchors.append((len(stack), event.anchor))
                frame = _Frame(node, start, event.tag)
                stack.append(frame)
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                assert frame is not None
                node = frame.node
                # A block container ends where its last scalar does; the parser's own mark is the next token.
                if event.end_mark.index != event.start_mark.index:
                    last_end = event.end_mark.index + base
                node.base = len(offsets)
                if frame.merges:
                    merge_budget = _merge(document, frame, merge_budget)
                offsets.extend(frame.entries)
                stack.pop()
                if frame.repeated and not stack:
                    document.problems[:] = with_missing_separators(document.problems, frame.repeated)
                while open_anchors and open_anchors[-1][0] >= len(stack):
                    open_anchors.pop()
                value, start, end, tag = node, frame.start, max(last_end, frame.start + 1), frame.tag
                if tag in _INTRINSIC_TAGS:
                    value = self._intrinsic(document, tag, value, start, end)
                frame = stack[-1] if stack else None
            elif kind is AliasEvent:
                last_end = end = event.end_mark.index + base
                value = None
                if event.anchor not in anchors:
                    document.problems.append(
                        Problem("invalid-alias", start, end, f"alias *{event.anchor} has no anchor")
                    )
                elif any(name == event.anchor for _, name in open_anchors):
                    document.problems.append(
                        Problem("invalid-alias", start, end, f"alias *{event.anchor} contains itself")
                    )
                else:
                    value = anchors[event.anchor]
                    first_alias = first_alias or (start, end)
                if frame is not None and type(frame.node) is Map and frame.key is None:
                    frame.key = value if isinstance(value, str) else _NOT_A_KEY
                    frame.key_start, frame.key_end = start, end
                    continue
            else:  # the end of the document
                document.end = max(last_end, document.start)
                if first_alias is not None and repeats_too_much(document.root):
                    message = "aliases repeat a small part of the document too often"
                    document.problems.append(Problem("too-deep", *first_alias, message))
                    document.root = None
                return
            if frame is None:
                document.root = value
                continue
            container = frame.node
            if type(container) is Seq:
                container.append(value)
                frame.entries += (start, end)
                continue
            key = frame.key
            assert key is not None
            frame.key = None
            if key is _MERGE:
                frame.merges.append((value, start, end))
                continue
            if key is _NOT_A_KEY:
                document.offsets.extend((start, end))
                continue
            assert type(container) is Map
            if key in container:
                self._duplicate(document, frame, container, key, (start, end))
            else:
                frame.entries += (frame.key_start, frame.key_end, start, end)
            container[key] = value

    def _intrinsic(self, document: Document, tag: str, value: Node, start: int, end: int) -> Map:
        """`!Ref X` as `{Ref: X}`: the tag is the key."""
        node = Map()
        node.document = document
        node.base = len(document.offsets)
        node[_INTRINSIC_TAGS[tag]] = value
        text = self.source.text
        at = text.find(tag, start, end)
        tag_end = at + len(tag) if at >= 0 else start
        after = tag_end
        while after < end and text[after] in " \t\r\n":
            after += 1
        document.offsets.extend((start, tag_end, min(after, end), end))
        return node

    def _duplicate(self, document: Document, frame: _Frame, node: Map, key: str, span: tuple[int, int]) -> None:
        # Ordinals are looked up once for each key that is new since the last duplicate: a file of nothing but
        # duplicates must not cost its square.
        for back, existing in enumerate(islice(reversed(node), len(node) - len(frame.first))):
            frame.first[existing] = len(node) - 1 - back
        ordinal = frame.first[key]
        # The scalar that is passed over stays known as one: what looks like a comment in it is none.
        document.offsets.extend(frame.entries[4 * ordinal : 4 * ordinal + 4])
        first = document.source.line_of(frame.entries[4 * ordinal])
        problem = Problem(
            "duplicate-key",
            frame.key_start,
            frame.key_end,
            f"key {key} stands twice in one mapping; the first is on line {first}",
        )
        document.problems.append(problem)
        frame.repeated.append((key, problem))
        # The last one wins, as in every parser that lets it pass.
        frame.entries[4 * ordinal : 4 * ordinal + 4] = (frame.key_start, frame.key_end, *span)


def _merge(document: Document, frame: _Frame, budget: int) -> int:
    """Apply `<<`: own keys win over merged ones, earlier maps over later ones (YAML merge key, type-id `merge`)."""
    node = frame.node
    assert type(node) is Map
    for value, start, end in frame.merges:
        for source in value if isinstance(value, list) else [value]:
            if not isinstance(source, dict):
                document.problems.append(
                    Problem("invalid-alias", start, end, "<< takes a mapping or a list of mappings")
                )
                continue
            budget -= len(source)
            if budget < 0:
                document.problems.append(Problem("too-deep", start, end, "too many merged keys"))
                return budget
            for key, inherited in source.items():
                if key not in node:
                    node[key] = inherited
                    frame.entries += (start, end, start, end)
    return budget

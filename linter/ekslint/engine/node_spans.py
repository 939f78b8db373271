"""From offsets in a text back to the nodes of a document: what a comment or a parser's problem belongs to."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ekslint.source.tree import MAXIMUM_VISITS, Document, Map, Node, Path, Seq

_ENTRY = 4  # offsets an entry of a Map in `Document.offsets`: key start, key end, value start, value end
_ITEM = 2  # offsets an item of a Seq: start, end
_NODE_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t\r\n]*)*")
_DOCUMENT_START = re.compile(r"---(?=[ \t\r\n])|%[^\r\n]*[\r\n]|[ \t]*(?:#[^\r\n]*)?[\r\n]|[ \t]+")
# What may stand between the margin and a node that begins on the line: dashes, explicit keys, merge keys, anchors.
_LEAD = re.compile(r"(?:[-?:][ \t]+|<<[ \t]*:[ \t]+|[&!][^\s,\[\]{}]*[ \t]+)*")


class NodeSpan(NamedTuple):
    """One entry of a mapping, or one item of a sequence, and where it stands."""

    path: Path
    start: int
    """Of the key, or of the item without its dash."""
    end: int
    value_start: int
    is_item: bool
    in_flow: bool
    """Whether it is written between brackets or braces."""
    value: Node


def node_spans(document: Document) -> Iterator[NodeSpan]:
    """Every entry and item that is written in the document, each once: at its anchor, not at its aliases."""
    seen: set[int] = set()
    waiting: list[tuple[Path, Node, bool]] = [((), document.root, root_is_flow(document))]
    while waiting and len(seen) < MAXIMUM_VISITS:
        path, node, in_flow = waiting.pop()
        if not isinstance(node, Map | Seq) or id(node) in seen:
            continue
        seen.add(id(node))
        if getattr(node, "document", None) is not document:
            continue
        children = []
        for span in _children(document, node, path, in_flow):
            yield span
            if isinstance(span.value, Map | Seq):
                children.append((span.path, span.value, opens_flow(document, span.value_start)))
        waiting.extend(reversed(children))


def _children(document: Document, node: Map | Seq, path: Path, in_flow: bool) -> Iterator[NodeSpan]:
    offsets = document.offsets
    if isinstance(node, Map):
        for ordinal, (key, value) in enumerate(node.items()):
            at = node.base + _ENTRY * ordinal
            key_start, key_end, value_start, value_end = offsets[at : at + _ENTRY]
            yield NodeSpan((*path, key), key_start, max(key_end, value_end), value_start, False, in_flow, value)
    else:
        for index, item in enumerate(node):
            at = node.base + _ITEM * index
            start, end = offsets[at : at + _ITEM]
            yield NodeSpan((*path, index), start, end, start, True, in_flow, item)


def opens_flow(document: Document, offset: int) -> bool:
    """Whether a flow collection begins at `offset`, past any anchor and tag."""
    text = document.source.text
    properties = _NODE_PROPERTIES.match(text, offset)
    return text[properties.end() if properties else offset :][:1] in {"{", "["}


def root_is_flow(document: Document) -> bool:
    """Whether the whole document is a flow collection, as JSON is."""
    return opens_flow(document, root_start(document))


def root_start(document: Document) -> int:
    """Where the root of a document begins, past `---` and comments."""
    at = document.start
    while match := _DOCUMENT_START.match(document.source.text, at):
        at = match.end()
    return at


def paths_at(document: Document, offsets: Iterable[int]) -> dict[int, Path]:
    """The key path of the innermost entry or item that holds each offset; the root's where there is none."""
    wanted = sorted(set(offsets))
    if not wanted:
        return {}
    spans = sorted(node_spans(document), key=lambda span: (span.start, -span.end))
    found: dict[int, Path] = {}
    open_spans: list[NodeSpan] = []
    next_span = 0
    for offset in wanted:
        while next_span < len(spans) and spans[next_span].start <= offset:
            # Spans are nested or apart: what has ended before this one begins holds nothing that comes later.
            while open_spans and open_spans[-1].end <= spans[next_span].start:
                open_spans.pop()
            open_spans.append(spans[next_span])
            next_span += 1
        while open_spans and max(open_spans[-1].end, open_spans[-1].start + 1) <= offset:
            open_spans.pop()
        found[offset] = open_spans[-1].path if open_spans else ()
    return found


class BeginningNodes:
    """The nodes that begin on each line of a document: what a comment above such a line belongs to."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._by_line: dict[int, list[NodeSpan]] = {}
        line_of = document.source.line_of
        for span in node_spans(document):
            line = line_of(span.start)
            self._by_line.setdefault(line, []).append(span)
            if not span.is_item and (value_line := line_of(span.value_start)) != line:
                self._by_line.setdefault(value_line, []).append(span)

    def widest_at(self, offset: int) -> tuple[int, int] | None:
        """Start and end of the widest node on the line whose first character that is no blank is at `offset`.

        For `- name: proxy` that is the whole item of the list, for `image: x` the whole entry.
        """
        document = self._document
        text = document.source.text
        lead = _LEAD.match(text, offset)
        furthest = lead.end() if lead else offset
        end = offset
        if offset == root_start(document) and root_is_flow(document):
            end = document.end
        for span in self._by_line.get(document.source.line_of(offset), ()):
            if offset <= span.start <= furthest:
                # A block item without its dash on this line began above.
                counts = not span.is_item or span.in_flow or "-" in text[offset : span.start]
            else:
                # `key:` with its value below. A block collection is no node of its own: its entries are.
                counts = offset <= span.value_start <= furthest and (
                    not isinstance(span.value, Map | Seq) or opens_flow(document, span.value_start)
                )
            if counts:
                end = max(end, span.end)
        return (offset, end) if end > offset else None

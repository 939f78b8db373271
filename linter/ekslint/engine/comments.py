"""Comments that speak to ekslint: where they stand, and what they cover.

A `#` is a comment only outside of scalars and behind a blank. Documents know where every scalar begins and ends; only
quoted and block scalars can hold a ` #` at all.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ekslint.engine.ignore_grammar import EXAMPLE, Ignore, Malformed, read_comment
from ekslint.engine.node_spans import BeginningNodes, root_start
from ekslint.source.text import SourceText
from ekslint.source.tree import Document

_DIRECTIVE = re.compile(r"(?<![^\s])#+[ \t]*ekslint(?:[ \t]*(?P<colon>:)|(?=[ \t-]+ignore))")
_END_OF_LINE = re.compile(r"[\r\n]|\Z")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t\r\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_NO_CONTENT = re.compile(r"[ \t]*(?:[#\r\n]|\Z)|(?:---|\.\.\.)(?:[ \t\r\n]|\Z)|%")


@dataclass(frozen=True, slots=True)
class Comment:
    """One directive in a comment."""

    content: Ignore | Malformed
    line: int
    """The line that it stands on."""
    span: tuple[int, int] | None
    """Start and end offset of what it covers beside its own line: the node below, or the scalar of several lines
    that it belongs to."""
    own_line: bool
    """Whether nothing else stands on the line."""
    readable: bool
    """Whether its document is valid YAML, so that it is known to be a comment."""


def comments_in(documents: Sequence[Document]) -> list[Comment]:
    """The directives in the comments of one file, in order; `documents` are all documents of it."""
    if not documents:
        return []
    source = documents[0].source
    matches = list(_DIRECTIVE.finditer(source.text))
    if not matches:
        return []
    scalars = _Scalars(documents)
    surroundings = _Surroundings(source, documents)
    found = []
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        if scalars.hides(match.start()):
            continue
        line = source.line_of(match.start())
        _, line_end = source.line_span(line)
        # Two directives may share a comment.
        end = min(line_end, following.start()) if following is not None else line_end
        content = _read(source.text, match, end)
        if content is None:
            continue
        own_line = surroundings.is_own_line(match.start(), scalars)
        found.append(
            Comment(
                content=content,
                line=line,
                span=surroundings.node_below(line) if own_line else scalars.scalar_on(line, match.start()),
                own_line=own_line,
                readable=surroundings.is_readable(match.start()),
            )
        )
    return found


def _read(text: str, match: re.Match[str], end: int) -> Ignore | Malformed | None:
    if match["colon"] is None:
        return Malformed(match.start(), max(match.end(), end), "a colon is missing behind ekslint", EXAMPLE)
    return read_comment(text, match.end(), end)


def _line_end(text: str, offset: int) -> int:
    match = _END_OF_LINE.search(text, offset)
    return match.start() if match else len(text)


class _Scalars:
    """The scalars of a file that can hold a `#`, or stand on several lines."""

    def __init__(self, documents: Sequence[Document]) -> None:
        source = documents[0].source
        spans: set[tuple[int, int]] = set()
        for document in documents:
            offsets = document.offsets
            spans.update(zip(offsets[::2], offsets[1::2], strict=True))
            if isinstance(document.root, str):
                spans.add((root_start(document), document.end))
        ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
        self._source = source
        self._opaque: list[tuple[int, int]] = []
        self._by_line: dict[int, tuple[int, int]] = {}
        ordered.append((len(source.text) + 1, 0))
        for (start, end), (next_start, _) in pairwise(ordered):
            # A span with another one in it is a collection.
            if next_start >= end > start:
                self._add(start, end)

    def _add(self, start: int, end: int) -> None:
        text = self._source.text
        properties = _PROPERTIES.match(text, start, end)
        opening = properties.end() if properties else start
        style = text[opening : opening + 1]
        if style in {"|", ">"}:
            # The line of the indicator may end in a true comment.
            header_end = _line_end(text, opening)
            self._opaque.append((header_end, end))
            self._by_line[self._source.line_of(opening)] = (start, end)
            return
        if style in {'"', "'"}:
            self._opaque.append((opening, end))
        last = self._source.line_of(end - 1)
        if style not in {"{", "["} and self._source.line_of(start) != last:
            self._by_line[last] = (start, end)

    def hides(self, offset: int) -> bool:
        """Whether what stands at `offset` is part of a scalar."""
        at = bisect_right(self._opaque, (offset, len(self._source.text) + 1)) - 1
        return at >= 0 and self._opaque[at][0] <= offset < self._opaque[at][1]

    def scalar_on(self, line: int, before: int) -> tuple[int, int] | None:
        """The scalar of several lines that ends on a line, or begins its block there: no comment fits into it."""
        span = self._by_line.get(line)
        return span if span is not None and span[0] < before else None


class _Surroundings:
    """What stands around a comment."""

    def __init__(self, source: SourceText, documents: Sequence[Document]) -> None:
        self._source = source
        self._documents = sorted(documents, key=lambda document: document.start)
        self._starts = [document.start for document in self._documents]
        self._nodes: dict[int, BeginningNodes] = {}
        self._content: dict[int, int | None] = {}
        self._below: dict[int, tuple[int, int] | None] = {}

    def _document_at(self, offset: int) -> Document:
        return self._documents[max(bisect_right(self._starts, offset) - 1, 0)]

    def is_readable(self, offset: int) -> bool:
        """Whether the document around `offset` could be read."""
        document = self._document_at(offset)
        return document.root is not None or not document.problems

    def is_own_line(self, offset: int, scalars: _Scalars) -> bool:
        """Whether nothing but the comment stands on the line."""
        _, first = self._margin(self._source.line_of(offset))
        return first == offset or (self._source.text[first] == "#" and not scalars.hides(first))

    def node_below(self, line: int) -> tuple[int, int] | None:
        """The next node, if it begins at the indentation of the comment on `line`."""
        content = self._next_content(line)
        if content is None:
            return None
        start, first = self._margin(content)
        text = self._source.text
        if text[start:first] != text[slice(*self._margin(line))]:
            return None
        if content not in self._below:
            document = self._document_at(first)
            if id(document) not in self._nodes:
                self._nodes[id(document)] = BeginningNodes(document)
            self._below[content] = self._nodes[id(document)].widest_at(first)
        return self._below[content]

    def _next_content(self, line: int) -> int | None:
        passed = []
        found: int | None = None
        for below in range(line + 1, self._source.line_count + 1):
            if below in self._content:
                found = self._content[below]
                break
            if _NO_CONTENT.match(self._source.text, self._source.line_span(below)[0]) is None:
                found = below
                break
            passed.append(below)
        # A thousand comments in a row all look for the same line.
        for each in (*passed, *(() if found is None else (found,))):
            self._content[each] = found
        return found

    def _margin(self, line: int) -> tuple[int, int]:
        """Where a line begins, and its first character that is no blank."""
        start, _ = self._source.line_span(line)
        blanks = _BLANKS.match(self._source.text, start)
        return start, blanks.end() if blanks else start

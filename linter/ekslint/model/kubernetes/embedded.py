"""YAML inside of a string of a manifest, with places in the manifest's own file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ekslint.model.reading import Source
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from ekslint.source.tree import Document, Node, Path

_BLOCK_HEADER = re.compile(r"[ \t]*:[ \t]+(?:[!&][^\s]*[ \t]+)*\|[-+0-9]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class _Excerpt(SourceText):
    """Some lines of a file, counted as in the file."""

    def __init__(self, path: str, text: str, lines_before: int) -> None:
        super().__init__(path, text)
        self._lines_before = lines_before

    def line_of(self, offset: int) -> int:
        """See `SourceText.line_of`."""
        return super().line_of(offset) + self._lines_before

    def line_span(self, line: int) -> tuple[int, int]:
        """See `SourceText.line_span`."""
        return super().line_span(line - self._lines_before)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A YAML document that stands in a string."""

    document: Document
    is_exact: bool
    """Whether its places are those of the file; else they count within the string."""
    _outer: Source

    @property
    def root(self) -> Node:
        """What it says."""
        return self.document.root

    def source(self, path: Path, text: str | None = None) -> Source:
        """Where the value at a path stands in the file: exactly, or the first `text` within the string."""
        if self.is_exact:
            return Source(self.document, path)
        return Source(self._outer.document, self._outer.path, find=text)


def embedded(text: str, outer: Source) -> Embedded:
    """What is written in the string at `outer`; errors in it are the document's `problems`.

    Lines of a literal block (`|`) are read where they stand: their common indentation is no mistake in YAML. Strings
    of any other style are read by themselves.
    """
    excerpt = _literal_block(outer.document, outer.path, text)
    source = excerpt or SourceText(outer.document.source.path, text)
    documents: Sequence[Document] = parse(source)
    document = documents[0] if documents else Document(source, 0)
    return Embedded(document, excerpt is not None, outer)


def _literal_block(document: Document, path: Path, text: str) -> _Excerpt | None:
    source = document.source
    _, key_end = document.span(path, key=True)
    header = _BLOCK_HEADER.match(source.text, key_end)
    if header is None:
        return None
    lines: list[str] = []
    at, length = header.end(), 0
    # The block is as long as its value says, give or take trailing blank lines; its indentation comes on top.
    wanted = text.rstrip("\r\n").count("\n") + 1
    while len(lines) < wanted and at < len(source.text):
        match = _LINE.match(source.text, at)
        if match is None or match.end() == at:
            break
        lines.append(match[0])
        at = match.end()
        length += len(match[0])
    indentation = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    value = "".join(line[indentation:] if line.strip() else line.lstrip(" ") for line in lines)
    if value.replace("\r\n", "\n").split() != text.split():
        return None
    return _Excerpt(source.path, "".join(lines), source.line_of(header.end()) - 1)

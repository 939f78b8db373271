"""One file's text, and how offsets in it become lines and columns."""

import re
from bisect import bisect_right
from functools import cached_property

from ekslint.source.location import Location

# libyaml counts NEL and U+2028 as line breaks; editors, git and GitHub do not.
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class SourceText:
    """The decoded text of a file; `path` is relative to the root, with `/`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def line_of(self, offset: int) -> int:
        """The line (from 1) that holds the code point at `offset`."""
        return bisect_right(self._line_starts, offset)

    def line_span(self, line: int) -> tuple[int, int]:
        """Start and end offset of a line (from 1), without its line break."""
        start = self._line_starts[line - 1]
        if line == len(self._line_starts):
            return start, len(self.text)
        end = self._line_starts[line]
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    @property
    def line_count(self) -> int:
        """The number of lines."""
        return len(self._line_starts)

    def location(self, start: int, end: int) -> Location:
        """The span from `start` to `end`, cut to its first line and never empty unless the line is."""
        start = min(max(start, 0), len(self.text))
        line = self.line_of(start)
        line_start, line_end = self.line_span(line)
        start = min(start, line_end)
        end = min(max(end, start + 1), line_end)
        return Location(self.path, line, start - line_start + 1, line, max(end, start) - line_start + 1)

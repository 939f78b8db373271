"""The text behind the findings, read once a file."""

from collections.abc import Callable

from ekslint.source.location import Location
from ekslint.source.text import SourceText

# Findings come in the order of paths, related places jump: a few dozen files serve nearly every case, and bound memory.
_MOST_FILES = 64


class Sources:
    """Files by path, as lines. What cannot be had or lies outside of a file is None or cut, never an exception."""

    def __init__(self, text_of: Callable[[str], str | None]) -> None:
        self._text_of = text_of
        self._files: dict[str, SourceText | None] = {}

    def file(self, path: str) -> SourceText | None:
        """The file at `path`, or None if its text cannot be had."""
        if path not in self._files:
            if len(self._files) >= _MOST_FILES:
                self._files.pop(next(iter(self._files)))
            text = self._text_of(path)
            self._files[path] = None if text is None else SourceText(path, text)
        return self._files[path]

    def line(self, path: str, line: int) -> str | None:
        """One line (from 1) without its line break; None if there is no such line."""
        file = self.file(path)
        if file is None or not 1 <= line <= file.line_count:
            return None
        start, end = file.line_span(line)
        return file.text[start:end]

    def inside(self, location: Location) -> Location:
        """`location`, moved into its file where it reaches out of it, as it can after the file changed on disk."""
        file = self.file(location.path)
        if file is None:
            line, column = max(location.line, 1), max(location.column, 1)
            return Location(location.path, line, column, line, max(location.end_column, column))
        line = min(max(location.line, 1), file.line_count)
        start, end = file.line_span(line)
        width = end - start
        column = min(max(location.column, 1), width + 1)
        end_column = min(max(location.end_column, column), width + 1)
        return Location(location.path, line, column, line, end_column)

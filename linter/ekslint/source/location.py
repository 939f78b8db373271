"""Where something stands in a file, as a person or an editor counts."""

from typing import NamedTuple


class Location(NamedTuple):
    """A span within one line of one file.

    Lines and columns start at 1 and count code points; the end column is exclusive. `end_line` always equals
    `line`: GitHub shows an annotation only if all of its lines are in the diff, so the engine never reports more
    than the one line that matters.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

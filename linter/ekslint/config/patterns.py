"""Patterns of files in the configuration: those of `.gitignore`."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# Each further wildcard multiplies the time that a long name can cost, as pathspec turns a pattern into a regular
# expression that backtracks: with four of them a name of 200 letters takes seconds.
_MOST_WILDCARDS = 3
_LONGEST = 1000
_WILDCARDS = re.compile(r"\*+")


class FilePatterns:
    """Patterns, relative to a folder."""

    def __init__(self, patterns: Sequence[str] = (), folder: str = "") -> None:
        """Take patterns that have no `pattern_problem`; `folder` is the path from the root, "" for the root itself."""
        self.patterns = tuple(patterns)
        self.folder = folder
        self._compiled: GitIgnoreSpec | None = None

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FilePatterns):
            return NotImplemented
        return (self.patterns, self.folder) == (other.patterns, other.folder)

    def __hash__(self) -> int:
        return hash((self.patterns, self.folder))

    def __repr__(self) -> str:
        return f"FilePatterns({list(self.patterns)!r}, {self.folder!r})"

    def match(self, path: str) -> bool:
        """Whether the file at `path` (from the root, with `/`) is meant. The last pattern that fits decides."""
        if not self.patterns:
            return False
        if self.folder:
            if not path.startswith(f"{self.folder}/"):
                return False
            path = path[len(self.folder) + 1 :]
        if self._compiled is None:
            self._compiled = _compile(self.patterns)
        return self._compiled.match_file(path)


def _compile(patterns: Sequence[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines([_anchored(pattern) for pattern in patterns])


def _anchored(pattern: str) -> str:
    # git knows no `./`, but people write it, and mean this folder.
    return pattern[1:] if pattern.startswith("./") else pattern


def pattern_problem(pattern: str) -> str | None:
    """Words for a pattern that cannot be used, to stand behind it in a message; None if it can."""
    segments = pattern.split("/")
    if len(pattern) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    if ".." in segments:
        return "leaves the folder of the configuration"
    if segments.count("**") > _MOST_WILDCARDS or any(
        len(_WILDCARDS.findall(segment)) > _MOST_WILDCARDS for segment in segments
    ):
        return f"has more than {_MOST_WILDCARDS} wildcards in a row"
    try:
        compiled = _compile([pattern])
    except (ValueError, re.error):
        return "is not a pattern of .gitignore"
    if not any(each.include is not None for each in compiled.patterns):
        return "matches nothing"
    return None

"""Names of exports and imports, of which the names of the stacks in them are mostly not known."""

from itertools import takewhile

from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import PartialText

GAP = "\0"
"""Stands for whatever of a name is not known."""
_LONGEST_NAME = 400
_LEAST_WRITTEN = 2
"""Letters and digits, for two names with gaps to be compared by them."""


def comparable(value: object) -> str | None:
    """A name with its gaps; None where hardly anything of it is written."""
    if isinstance(value, PartialText):
        value = filled(value)
    if isinstance(value, PartialText):
        value = "".join(part if isinstance(part, str) else GAP for part in value.parts)
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return None
    return value if sum(map(str.isalnum, value)) >= _LEAST_WRITTEN else None


def is_same(one: str, other: str) -> bool:
    """Whether two names are the same if what is written of them is; each gap stands for something."""
    if one == other:
        return True
    pattern, text = (one, other) if GAP in one else (other, one)
    if GAP in text or GAP not in pattern:
        return False
    # No regular expression: strangers write both sides.
    first, *between, last = pattern.split(GAP)
    if not text.startswith(first) or not text.endswith(last):
        return False
    start, end = len(first), len(text) - len(last)
    for piece in between:
        start = text.find(piece, start + 1, end - 1)
        if start < 0:
            return False
        start += len(piece)
    return start < end


def filling(name: object, pattern: str) -> str:
    """What of a name stands for the gaps of another one, as far as its ends tell."""
    first, *_, last = pattern.split(GAP)
    return str(name).removeprefix(first).removesuffix(last)


def shared_folders(one: str, other: str) -> int:
    """How far two folders have their way in common; a folder itself is nearest, before what lies below it."""
    if one == other:
        return len(one) + 1
    steps = zip(one.split("/"), other.split("/"), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], steps))

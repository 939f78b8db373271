"""How messages put things together."""

from collections.abc import Sequence


def enumerated(names: Sequence[str], word: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`; there is one at least."""
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last

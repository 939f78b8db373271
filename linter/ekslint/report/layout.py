"""Widths on a screen, columns, and counted words."""

from collections.abc import Sequence


def cell_width(text: str) -> int:
    """The cells that `text` occupies on a terminal: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    # Without the argument, an environment variable would decide which Unicode is meant.
    return cell_len(text, unicode_version="latest")


def cut(text: str, width: int, unicode: bool) -> str:
    """`text` with its end cut so that it fits into `width` cells."""
    if cell_width(text) <= width:
        return text
    ellipsis = "…" if unicode else "..."
    room = width - len(ellipsis)
    kept: list[str] = []
    for character in text:
        room -= cell_width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + ellipsis


def columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The cells of `rows`, padded so that they stand in columns; the last one of a row is left alone."""
    if not rows:
        return []
    widths = [max(cell_width(row[index]) for row in rows) for index in range(len(rows[0]) - 1)]
    return [
        [*(cell + " " * (width - cell_width(cell)) for cell, width in zip(row, widths, strict=False)), row[-1]]
        for row in rows
    ]


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def alternatives(names: Sequence[str]) -> str:
    """`a, b or c`."""
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def listed(items: Sequence[str], most: int) -> str:
    """`a, b, c`, and how many more there are than `most`."""
    shown = ", ".join(items[:most])
    return shown if len(items) <= most else f"{shown} and {len(items) - most} more"

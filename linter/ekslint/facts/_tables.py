"""Reading the tables under `data/`: tab-separated lines behind comment lines that name the source."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")


@cache
def table(name: str) -> bytes:
    """The whole of `data/<name>`, read once a process; FileNotFoundError is a broken installation."""
    return (_DATA / name).read_bytes()


def rows(name: str) -> Iterator[list[str]]:
    """The lines of `data/<name>` split at tabs, in file order, without comments and blank lines."""
    for line in table(name).decode().split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


def row(name: str, key: str) -> list[str] | None:
    """The line of `data/<name>` whose first column is `key`, or None.

    Finds the bytes instead of parsing the table: one lookup in the largest table costs a fraction of a millisecond,
    where splitting all of it costs several.
    """
    if "\t" in key or "\n" in key or key.startswith("#"):
        return None  # such a key could match in the middle of a line, or a comment
    # surrogatepass: a key read from a hostile file may hold a lone surrogate, which matches nothing
    needle = b"\n" + key.encode("utf-8", "surrogatepass") + b"\t"
    start = table(name).find(needle)
    if start < 0:
        return None
    end = table(name).find(b"\n", start + 1)
    return table(name)[start + 1 : end].decode().split("\t")


def words(cell: str) -> tuple[str, ...]:
    """The comma-separated items of one cell; the empty cell has none."""
    return tuple(cell.split(",")) if cell else ()

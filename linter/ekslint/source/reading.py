"""The bytes of one file, whatever stands at its name by the time it is opened."""

import os
import stat

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. A node of the tree costs many times its text, and no configuration that a person keeps comes near it."""

# Opening a named pipe without O_NONBLOCK waits for a writer that may never come; O_NOFOLLOW because a name that was
# checked can become a link out of the root before it is opened. Windows has neither, but needs O_BINARY.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOFOLLOW", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)

_SPECIAL = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a link"),
)


class UnfitFileError(Exception):
    """Not a file that can be read as text; the message says why, as the end of a sentence."""


def error_words(error: OSError) -> str:
    """The operating system's words for an error, to stand inside a sentence: `permission denied`."""
    words = error.strerror or type(error).__name__
    return words[:1].lower() + words[1:]


def special_kind(mode: int) -> str | None:
    """What a file is, from its `st_mode`, if not a regular one: `a named pipe`."""
    if stat.S_ISREG(mode):
        return None
    return next((words for test, words in _SPECIAL if test(mode)), "no regular file")


def size_problem(size: int, limit: int) -> str | None:
    """Words for a file of `size` bytes that is larger than `limit`."""
    if size <= limit:
        return None
    return f"larger than {limit // (1024 * 1024)} MiB" if limit >= 1024 * 1024 else f"larger than {limit} bytes"


def read_regular(path: str | os.PathLike[str], limit: int | None = None) -> bytes:
    """The content of a regular file of at most `limit` bytes (`LARGEST_FILE` if None), without following a link.

    Raises `UnfitFileError` for anything else that stands there, and `OSError` as the operating system does.
    """
    limit = LARGEST_FILE if limit is None else limit
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        unfit = special_kind(status.st_mode) or size_problem(status.st_size, limit)
        if unfit is not None:
            raise UnfitFileError(unfit)
        pieces = []
        # One byte more than the status says: usually the second read already finds the end. A file may also grow
        # while it is read, and some file systems say 0 for files that have content.
        wanted, total = status.st_size + 1, 0
        while piece := os.read(descriptor, wanted):
            pieces.append(piece)
            total += len(piece)
            unfit = size_problem(total, limit)
            if unfit is not None:
                raise UnfitFileError(unfit)
            wanted = max(wanted - len(piece), 65536)
    finally:
        os.close(descriptor)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)

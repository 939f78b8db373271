"""Bytes → text, in the encodings that YAML allows (YAML 1.2 §5.2)."""

import re
from typing import NamedTuple

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Encoding(NamedTuple):
    """How a file's text is written as bytes; `text.encode(codec)` after `mark` writes it back."""

    codec: str
    mark: bytes
    """The byte order mark that the file begins with, or b""."""
    words: str


class DecodeProblem(NamedTuple):
    """Where a file stops being text. Line and column count code points from 1, a byte order mark not among them."""

    line: int
    column: int
    message: str
    offset: int
    """Code points before the first bad byte: the place of it in `text`."""
    text: str
    """The whole file with U+FFFD for what cannot be decoded: good enough to show a line of it, not to judge it."""


_UTF_8 = Encoding("utf-8", b"", "UTF-8")
# The longer marks first: FF FE also begins FF FE 00 00.
_MARKED = (
    Encoding("utf-32-be", b"\x00\x00\xfe\xff", "UTF-32"),
    Encoding("utf-32-le", b"\xff\xfe\x00\x00", "UTF-32"),
    Encoding("utf-16-be", b"\xfe\xff", "UTF-16"),
    Encoding("utf-16-le", b"\xff\xfe", "UTF-16"),
    Encoding("utf-8", b"\xef\xbb\xbf", "UTF-8"),
)
# Without a mark the first character, which must be ASCII, gives the encoding away. YAML looks at this one only; a
# second one keeps a stray NUL in UTF-8 from turning the file into Chinese.
_UNMARKED = (
    (re.compile(rb"\x00\x00\x00[^\x00](?:\x00\x00\x00[^\x00]|\Z)", re.DOTALL), Encoding("utf-32-be", b"", "UTF-32")),
    (re.compile(rb"[^\x00]\x00\x00\x00(?:[^\x00]\x00\x00\x00|\Z)", re.DOTALL), Encoding("utf-32-le", b"", "UTF-32")),
    (re.compile(rb"\x00[^\x00](?:\x00[^\x00]|\Z)", re.DOTALL), Encoding("utf-16-be", b"", "UTF-16")),
    (re.compile(rb"[^\x00]\x00(?:[^\x00]\x00|\Z)", re.DOTALL), Encoding("utf-16-le", b"", "UTF-16")),
)


def encoding_of(data: bytes) -> Encoding:
    """The encoding of a file by its byte order mark, else by the NULs at its start, else UTF-8."""
    for encoding in _MARKED:
        if data.startswith(encoding.mark):
            return encoding
    if b"\0" in data[:4]:
        for pattern, encoding in _UNMARKED:
            if pattern.match(data):
                return encoding
    return _UTF_8


def decode(data: bytes) -> str | DecodeProblem:
    """The text of a file without its byte order mark, line breaks as they are; or the place where it is no text."""
    encoding = encoding_of(data)
    codec, mark, words = encoding
    body = data[len(mark) :] if mark else data
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        if encoding is not _UTF_8 and not mark:
            # The NULs at the start were a guess. As UTF-8 they are an error with a place of its own.
            return _as_utf_8(body)
        return _problem(body, codec, words, error)


def _as_utf_8(body: bytes) -> str | DecodeProblem:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        return _problem(body, _UTF_8.codec, _UTF_8.words, error)


def _problem(body: bytes, codec: str, words: str, error: UnicodeDecodeError) -> DecodeProblem:
    before = body[: error.start].decode(codec)
    line, start = 1, 0
    for match in _LINE_BREAK.finditer(before):
        line, start = line + 1, match.end()
    return DecodeProblem(
        line=line,
        column=len(before) - start + 1,
        message=_message(body, codec, words, error),
        offset=len(before),
        text=body.decode(codec, "replace"),
    )


def _message(body: bytes, codec: str, words: str, error: UnicodeDecodeError) -> str:
    if codec != "utf-8":
        return f"the text is not valid {words}: {error.reason}"
    byte = body[error.start]
    # The usual reason is an editor that saves in Windows' old encoding, which has all characters of Latin-1.
    meant = bytes([byte]).decode("cp1252", "ignore")
    guess = f" ({meant} in Windows-1252)" if meant.isprintable() and meant.strip() else ""
    return f"the byte 0x{byte:02X}{guess} is not valid UTF-8: save the file as UTF-8"

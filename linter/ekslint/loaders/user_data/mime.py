"""MIME multipart user data, which cloud-init and managed node groups take (EKS user guide, launch templates)."""

import re
from base64 import b64decode
from typing import NamedTuple

_BOUNDARY = re.compile(r"boundary=(?:\"([^\"\n]+)\"|([^\s;]+))", re.IGNORECASE)
_START = re.compile(r"\s*(?:MIME-Version:|Content-Type:[ \t]*multipart/)", re.IGNORECASE)
_MAXIMUM_PARTS = 100
_GZIP = b"\x1f\x8b"
LONGEST_USER_DATA = 200_000
"""Code points. EC2 takes 16 KiB."""


class Part(NamedTuple):
    """One part of a multipart text."""

    content_type: str
    """Lower case, without parameters."""
    text: str


def is_multipart(text: str) -> bool:
    """Whether user data is a MIME multipart text."""
    return _START.match(text) is not None


def parts(text: str) -> list[Part] | None:
    """The parts, in order; None where the text has no boundary."""
    head, _, body = text.replace("\r\n", "\n").lstrip().partition("\n\n")
    # People leave out the blank line after the first headers; cloud-init does not mind.
    boundary = _BOUNDARY.search(head)
    if boundary is None:
        return None
    marker = f"--{boundary[1] or boundary[2]}"
    found: list[Part] = []
    current: list[str] | None = None
    for line in f"{head}\n\n{body}".split("\n"):
        stripped = line.strip()
        if stripped in (marker, f"{marker}--"):
            if current is not None and len(found) < _MAXIMUM_PARTS:
                found.append(_part(current))
            current = [] if stripped == marker else None
        elif current is not None:
            current.append(line)
    if current:
        found.append(_part(current))
    return found


def _part(lines: list[str]) -> Part:
    headers: dict[str, str] = {}
    position = 0
    while position < len(lines) and not lines[position].strip():
        position += 1
    for position in range(position, len(lines)):  # noqa: B020 - headers start where the blank lines end
        name, separator, value = lines[position].partition(":")
        if not separator or " " in name.strip() or not name.strip():
            break
        headers[name.strip().lower()] = value.strip()
    text = "\n".join(lines[position:])
    if headers.get("content-transfer-encoding", "").lower() == "base64":
        text = decoded(text) or text
    return Part(headers.get("content-type", "").partition(";")[0].strip().lower(), text)


def decoded(text: str) -> str | None:
    """The text that a base64 text stands for, whether compressed or not; None if it is none, or unreasonably long."""
    try:
        data = _bytes_of(text)
        return (_decompressed(data) if data.startswith(_GZIP) else data).decode()
    except ValueError:
        return None


def is_base64(text: str) -> bool:
    """Whether a text stands for bytes, of a text or not."""
    try:
        _bytes_of(text)
    except ValueError:
        return False
    return True


def _bytes_of(text: str) -> bytes:
    return b64decode("".join(text.split()), validate=True)


def _decompressed(data: bytes) -> bytes:
    """What was compressed with gzip: cloud-init takes such user data, and eksctl made it for years."""
    import zlib

    unpacking = zlib.decompressobj(zlib.MAX_WBITS + 16)
    try:
        found = unpacking.decompress(data, LONGEST_USER_DATA)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacking.eof:
        raise ValueError("too long, or cut off")
    return found

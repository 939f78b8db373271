"""The `primaryLocationLineHash` that GitHub's upload action would compute for a line.

GitHub code scanning tracks alerts by this value alone. The action fills it in where it is missing and warns for each
result whose value differs, so the same value is written here, which serves uploads through the REST API too. The
algorithm and its vectors are published in github/codeql-action, src/fingerprints.ts and src/fingerprints.test.ts.
"""

import re
from collections import Counter

_BLOCK = 100
_FACTOR = 37
_MODULUS = 1 << 64
_END_OF_FILE = "\uffff"

_LINE_BREAK = re.compile(r"\r\n|\r")
_BLANKS = str.maketrans("", "", " \t")
_BEYOND_ONE_UNIT = re.compile("[\U00010000-\U0010ffff]")


class LineHashes:
    """The hashes of one file's lines: `hash:n` for the n-th line that has this hash."""

    def __init__(self, text: str) -> None:
        """Prepare a file; lines end as in SourceText."""
        units = _BEYOND_ONE_UNIT.sub(_surrogates, _LINE_BREAK.sub("\n", text)).translate(_BLANKS) + _END_OF_FILE
        starts = [0, *(match.end() for match in re.finditer("\n", units))]
        # Equal blocks have equal hashes: counting blocks spares hashing every line. (Two different blocks of one hash
        # would be counted apart, which the upload action does not; with 64 bits that does not happen.)
        seen: Counter[str] = Counter()
        self._blocks: list[tuple[str, int]] = []
        for start in starts:
            block = units[start : start + _BLOCK]
            seen[block] += 1
            self._blocks.append((block, seen[block]))

    def __len__(self) -> int:
        return len(self._blocks)

    def of(self, line: int) -> str:
        """The hash of a line (from 1); IndexError if there is none."""
        if line < 1:
            raise IndexError(line)
        block, occurrence = self._blocks[line - 1]
        return f"{_hash(block):x}:{occurrence}"


def _hash(block: str) -> int:
    value = 0
    for unit in block:
        value = (value * _FACTOR + ord(unit)) % _MODULUS
    # A block at the end of the file goes on with zeros.
    return value * pow(_FACTOR, _BLOCK - len(block), _MODULUS) % _MODULUS


def _surrogates(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))

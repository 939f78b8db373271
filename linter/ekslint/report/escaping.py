"""Text that someone else wrote, made harmless for a terminal, a log, JSON.

Names, messages and source lines come from files that a stranger may have sent in a pull request. What could move the
cursor, hide or reorder text, or speak to the machine that reads the log, is shown as an escape instead.
"""

import re

# Control characters after C0, and everything that occupies no place on a screen, or changes the direction or the layout
# of writing: Unicode's categories Cc, Cf, Cs, Zl and Zp, with the fillers that are letters by name only. A table of our
# own, since Python's changes with its version. U+FE0F stays: it makes an emoji of a sign, and shows.
_HIDDEN_BEYOND_ASCII = (
    "\x80-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# The runner of GitHub Actions obeys `##[command]` and the agent of Azure Pipelines `##vso[command]` anywhere in a line
# (actions/runner, src/Runner.Common/ActionCommand.cs). Both compare by culture: signs without weight do not count.
_LOG_COMMAND = "#(?=\ufe0f?#\ufe0f?(?:\\[|[vV][sS][oO]\\[))"

_UNSAFE = re.compile(f"[\x00-\x1f\x7f{_HIDDEN_BEYOND_ASCII}]|{_LOG_COMMAND}")
_UNSAFE_OR_NOT_ASCII = re.compile(f"[^\x20-\x7e]|{_LOG_COMMAND}")
_UNSAFE_IN_JSON = re.compile(f"[\x7f{_HIDDEN_BEYOND_ASCII}]|{_LOG_COMMAND}")

_TAB = "    "
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _escape_in_json(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def printable(text: str, unicode: bool = True) -> str:
    """`text` on one line, with everything that does not show written as `\\n`, `\\x1b`, `\\u202e`.

    With `unicode` False, everything beyond ASCII too. Not reversible: backslashes stay as they are, to keep the usual
    text readable.
    """
    return (_UNSAFE if unicode else _UNSAFE_OR_NOT_ASCII).sub(_escape, text)


def printable_pieces(text: str, unicode: bool = True) -> list[str]:
    """What `printable` makes of each code point of a quoted line, except for tabs.

    A tab is four blanks wherever it stands: then a part of a line is as wide as it is within the whole.
    """
    pieces = list(text)
    for match in (_UNSAFE if unicode else _UNSAFE_OR_NOT_ASCII).finditer(text):
        pieces[match.start()] = _TAB if match[0] == "\t" else _escape(match)
    return pieces


def printable_path(path: str, unicode: bool = True) -> str:
    """A path that may open a line: as `printable`, and it never reads as a `::command` of a GitHub Actions log."""
    opening = re.match(r"\W*", path)
    head = opening[0] if opening else ""
    return printable(head, unicode).replace(":", "\\x3a") + printable(path[len(head) :], unicode)


def printable_place(path: str, line: int, column: int, unicode: bool = True) -> str:
    """`path:line:column`, the form that terminals and editors make clickable."""
    return f"{printable_path(path, unicode)}:{line}:{column}"


def json_text(value: object, unicode: bool = True, indent: int | None = 2) -> str:
    """`value` as JSON that is safe to print: `printable`'s characters are `\\uXXXX`, so nothing is lost."""
    import json

    text = json.dumps(value, indent=indent, ensure_ascii=not unicode, allow_nan=False)
    return _UNSAFE_IN_JSON.sub(_escape_in_json, text)

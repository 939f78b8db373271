"""What stands in a report never moves a cursor, hides, or speaks to the reader of the log."""

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_hostile import HOSTILE, obeyed_commands, unprintable

from ekslint.report.escaping import json_text, printable, printable_path, printable_pieces, printable_place

ANY_TEXT = st.text(st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 100 % \\n", "plain text, 100 % \\n"),
        ("a\tb\nc\rd", "a\\tb\\nc\\rd"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\ufeff\u200b", "\\ufeff\\u200b"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("##[error]", "\\x23#[error]"),
        ("###[error]", "#\\x23#[error]"),
        ("##VSO[x]", "\\x23#VSO[x]"),
        ("#\ufe0f#[x]", "\\x23\ufe0f#[x]"),
        ("# comment ## [x]", "# comment ## [x]"),
        ("größe 日本 ⚠\ufe0f", "größe 日本 ⚠\ufe0f"),
    ],
)
def test_printable_shows_what_would_not_show(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_ascii_only_writes_every_other_character_as_an_escape() -> None:
    assert printable("größe 日本 😀", unicode=False) == "gr\\xf6\\xdfe \\u65e5\\u672c \\U0001f600"


@given(ANY_TEXT, st.booleans())
@settings(deadline=None)
def test_printable_text_has_one_line_and_nothing_hidden(text: str, unicode: bool) -> None:
    shown = printable(text, unicode)
    assert not unprintable(shown)
    assert len(shown.splitlines()) <= 1
    assert unicode or shown.isascii()
    assert "##[" not in shown
    assert len(printable_pieces(text, unicode)) == len(text)
    assert "".join(printable_pieces(text.replace("\t", " "), unicode)) == printable(text.replace("\t", " "), unicode)


@given(ANY_TEXT)
@settings(deadline=None)
def test_a_path_never_opens_a_command(text: str) -> None:
    for path in (text, f"::error::{text}", f" \u3000::error file={text}::", f"\u034f::error::{text}"):
        assert not printable_path(path).lstrip().startswith("::")


def test_usual_paths_stay_clickable() -> None:
    assert printable_place("apps/my app/deployment-1.yaml", 3, 14) == "apps/my app/deployment-1.yaml:3:14"
    assert printable_place("./a:b.yaml", 1, 2) == "./a:b.yaml:1:2"


def test_nothing_hidden_gets_through_wherever_it_stands() -> None:
    for start in range(0, sys.maxunicode + 1, 0x1000):
        block = "".join(map(chr, range(start, start + 0x1000)))
        assert not unprintable(printable(block))


@given(st.recursive(ANY_TEXT, lambda inner: st.lists(inner) | st.dictionaries(ANY_TEXT, inner), max_leaves=10))
@settings(deadline=None)
def test_json_loses_nothing_and_is_safe_to_print(value: object) -> None:
    for unicode in (True, False):
        text = json_text(value, unicode)
        assert json.loads(text) == _joined_surrogates(value)
        assert not unprintable(text)
        assert "##[" not in text
        text.encode("utf-8" if unicode else "ascii")


def _joined_surrogates(value: object) -> object:
    """JSON cannot tell two surrogates in a row from the character that they stand for."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if isinstance(value, list):
        return [_joined_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_joined_surrogates(key): _joined_surrogates(item) for key, item in value.items()}
    return value


def test_a_json_report_in_a_log_starts_no_command() -> None:
    assert obeyed_commands(json_text(list(HOSTILE))) == []

"""Quoted lines: cut where they are long, with the carets under what they mean."""

from hypothesis import given, settings
from hypothesis import strategies as st
from report_hostile import HOSTILE, unprintable

from ekslint.report.escaping import printable_pieces
from ekslint.report.layout import cell_width
from ekslint.report.snippet import LineView


def underlined(view: LineView, start: int, end: int) -> str:
    """The characters that stand above the carets, by their cells."""
    place = view.mark(start, end)
    assert place is not None
    offset, length = place
    prefix = 0
    while cell_width(view.text[:prefix]) < offset:
        prefix += 1
    stop = prefix
    while stop < len(view.text) and cell_width(view.text[prefix:stop]) < length:
        stop += 1
    return view.text[prefix:stop]


def view_of(line: str, text: str, budget: int = 80, unicode: bool = True) -> tuple[LineView, int, int]:
    start = line.index(text)
    return LineView(line, start, start + len(text), budget, unicode), start, start + len(text)


def test_a_short_line_is_shown_whole() -> None:
    view, start, end = view_of("  image: nginx:latest", "nginx:latest")
    assert view.text == "  image: nginx:latest"
    assert view.mark(start, end) == (9, 12)


def test_tabs_expand_and_carets_stay_right() -> None:
    view, start, end = view_of('\t"key":\t"value"', '"value"')
    assert view.text == '    "key":    "value"'
    assert underlined(view, start, end) == '"value"'


def test_wide_characters_count_two_cells_and_combining_ones_none() -> None:
    view, start, end = view_of("名前: e\u0301t: value", "value")
    assert view.mark(start, end) == (cell_width("名前: et: "), 5)
    assert underlined(view, *view_of("日本: 語学 # x", "語学")[1:]) != ""
    wide, start, end = view_of("日本: 語学 # x", "語学")
    assert wide.mark(start, end) == (6, 4)


def test_a_selector_makes_an_emoji_wide() -> None:
    view, start, end = view_of("title: ⚠\ufe0f value", "value")
    assert view.mark(start, end) == (cell_width("title: ⚠\ufe0f "), 5)


def test_escapes_take_the_cells_they_are_shown_in() -> None:
    view, start, end = view_of("a: \x1b[31m\u200bred", "red")
    assert view.text == "a: \\x1b[31m\\u200bred"
    assert underlined(view, start, end) == "red"


def test_a_long_line_is_cut_around_the_span() -> None:
    line = "a" * 5_000 + "HERE" + "b" * 5_000
    view, start, end = view_of(line, "HERE", budget=40)
    assert cell_width(view.text) <= 40
    assert view.text.startswith("…a")
    assert view.text.endswith("b…")
    assert underlined(view, start, end) == "HERE"


def test_ascii_cuts_with_full_stops() -> None:
    view, start, end = view_of("a" * 500 + "HERE" + "b" * 500, "HERE", budget=40, unicode=False)
    assert view.text.startswith("...a")
    assert view.text.endswith("b...")
    assert cell_width(view.text) <= 40
    assert underlined(view, start, end) == "HERE"


def test_a_span_near_the_start_keeps_the_start() -> None:
    view, start, end = view_of("  key: HERE" + "b" * 500, "HERE", budget=40)
    assert view.text.startswith("  key: HERE")
    assert view.text.endswith("…")
    assert underlined(view, start, end) == "HERE"


def test_a_span_at_the_end_needs_no_cut_there() -> None:
    view, start, end = view_of("a" * 500 + "HERE", "HERE", budget=40)
    assert view.text.endswith("aHERE")
    assert cell_width(view.text) <= 40
    assert underlined(view, start, end) == "HERE"


def test_carets_stop_at_the_cut() -> None:
    line = "key: " + "v" * 10_000
    view = LineView(line, 5, len(line), 40)
    offset, length = view.mark(5, len(line)) or (0, 0)
    assert view.text == "key: " + "v" * 34 + "…"
    assert (offset, length) == (5, 34)


def test_an_empty_span_gets_one_caret_even_after_the_end() -> None:
    view = LineView("key:", 4, 4, 40)
    assert view.mark(4, 4) == (4, 1)
    assert view.mark(400, 500) == (4, 1)
    assert LineView("", 0, 0, 40).mark(0, 0) == (0, 1)


def test_a_mark_beyond_the_cut_is_not_drawn() -> None:
    line = "a" * 1_000
    view = LineView(line, 500, 504, 40)
    assert view.mark(0, 3) is None
    assert view.mark(900, 903) is None


def test_piled_up_combining_characters_are_cut_too() -> None:
    line = "key: e" + "\u0301" * 50_000 + " end"
    view = LineView(line, 0, 3, 40)
    assert len(view.text) < 1_000
    assert LineView(line, len(line) - 3, len(line), 40).mark(len(line) - 3, len(line)) is not None


LINES = st.one_of(
    st.text(st.sampled_from("ab: \t日é\u0301⚠\ufe0f\u200b\x1b#["), max_size=300),
    st.sampled_from([text.replace("\n", " ") * 5 for text in HOSTILE]),
)


@given(LINES, st.integers(0, 320), st.integers(0, 60), st.integers(1, 120), st.booleans())
@settings(deadline=None, max_examples=300)
def test_whatever_the_line_the_caret_is_in_sight(
    line: str, start: int, length: int, budget: int, unicode: bool
) -> None:
    view = LineView(line, start, start + length, budget, unicode)
    assert not unprintable(view.text)
    width = cell_width(view.text)
    assert width <= max(budget, 20) + 1
    offset, carets = view.mark(start, start + length) or (-1, 0)
    assert offset >= 0
    assert carets >= 1
    assert offset + carets <= max(width, offset + 1)
    assert unicode or view.text.isascii()


@given(st.text(st.sampled_from("ab: \t日é\x1b#["), min_size=1, max_size=300), st.data(), st.integers(20, 120))
@settings(deadline=None, max_examples=300)
def test_carets_stand_under_their_span(line: str, data: st.DataObject, budget: int) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    view = LineView(line, start, end, budget)
    span = "".join(printable_pieces(line)[start:end])
    marked = underlined(view, start, end)
    assert marked
    assert span.startswith(marked)
    if marked != span:
        assert view.text.endswith(f"{marked}…")

"""The items of a list that are known, beside those that are not."""

import pytest

from ekslint.model.reading import PartialSequence, Reading, Source, Undecided, Unknown, enumerate_known, known
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

[DOCUMENT] = parse(SourceText("cluster.yaml", "a: 1\n"))
AT = Source(DOCUMENT, ("a",))
HOLE = Reading(Unknown("a template fills it in"), AT)


def test_plain_items_are_all_known() -> None:
    assert list(known(["api", "worker"])) == ["api", "worker"]


def test_an_unknown_item_is_passed_over() -> None:
    assert list(known(PartialSequence([Reading("api", AT), HOLE, Reading("worker", AT)]))) == ["api", "worker"]


def test_positions_count_the_items_that_are_passed_over() -> None:
    items = PartialSequence([Reading("api", AT), HOLE, Reading("worker", AT)], (Unknown("and more"), AT))
    assert list(enumerate_known(items)) == [(0, "api"), (2, "worker")]


def test_items_that_may_follow_take_nothing_away() -> None:
    open_ended = PartialSequence([Reading("api", AT)], (Unknown("further items are added"), AT))
    assert list(known(open_ended)) == ["api"]


def test_nothing_but_holes_is_nothing() -> None:
    assert list(known(PartialSequence([HOLE, HOLE]))) == []


def test_whoever_iterates_plainly_still_meets_the_hole() -> None:
    with pytest.raises(Undecided):
        list(PartialSequence([HOLE]))


def test_what_a_predicate_cannot_tell_is_passed_over() -> None:
    def is_short(name: str) -> bool:
        if name == "worker":
            raise Undecided("a template fills it in", AT)
        return len(name) < 4

    assert list(known(["api", "worker", "web", "batch"], is_short)) == ["api", "web"]
    assert list(known(PartialSequence([HOLE, Reading("api", AT)]), is_short)) == ["api"]

"""The items of a list that are known, beside those that are not."""

import pytest

from ekslint.model.reading import PartialSequence, Reading, Source, Undecided, Unknown, known
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

[DOCUMENT] = parse(SourceText("cluster.yaml", "a: 1\n"))
AT = Source(DOCUMENT, ("a",))
HOLE = Reading(Unknown("a template fills it in"), AT)


def test_plain_items_are_all_known() -> None:
    assert list(known(["api", "worker"])) == ["api", "worker"]


def test_an_unknown_item_is_passed_over() -> None:
    assert list(known(PartialSequence([Reading("api", AT), HOLE, Reading("worker", AT)]))) == ["api", "worker"]


def test_items_that_may_follow_take_nothing_away() -> None:
    open_ended = PartialSequence([Reading("api", AT)], (Unknown("further items are added"), AT))
    assert list(known(open_ended)) == ["api"]


def test_nothing_but_holes_is_nothing() -> None:
    assert list(known(PartialSequence([HOLE, HOLE]))) == []


def test_whoever_iterates_plainly_still_meets_the_hole() -> None:
    with pytest.raises(Undecided):
        list(PartialSequence([HOLE]))

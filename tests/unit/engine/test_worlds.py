"""What is kept where a rule runs in several worlds."""

from collections.abc import Iterator
from typing import Any

import pytest

from ekslint.engine.finding import Finding
from ekslint.engine.severity import Severity
from ekslint.engine.worlds import MAXIMUM_CONDITIONS, TooManyWorlds, in_every_world, judge
from ekslint.model.condition import Chosen
from ekslint.model.entity import Entity
from ekslint.model.reading import Choice, Reading, Source
from ekslint.model.world import ChoicePoint, World
from ekslint.source import scalars
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText


class Widget(Entity):
    """A thing with one field."""

    __slots__ = ("size",)


def widget(world: World, *, default_in_first: bool = False) -> Widget:
    """Its size is 0 in the first world, 1 in the second."""
    [document] = parse(SourceText("widget.yaml", "size: 0\n"), scalars.manifest)
    entity = Widget("widget", Source(document, ()), dialect="test", resource="Widget/a")
    first = Chosen(world, ChoicePoint("Env", 2, "parameter Env"), frozenset({0}))
    zero = Reading(0, Source(document, ("size",), "Size" if default_in_first else None))
    one = Reading(1, Source(document, ("size",)))
    entity.declare(size=Reading(Choice(first, zero, one), Source(document, ("size",))))
    return entity


def said(usual: Severity, *said_of_size: dict[str, Any], default_in_first: bool = False) -> Finding:
    world = World()

    def check(subject: Widget) -> Iterator[Finding]:
        yield Finding(subject.at("size"), f"size {subject.size}", **said_of_size[subject.size])

    [finding] = judge(check, widget(world, default_in_first=default_in_first), world, usual).findings
    return finding


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        ({}, {"lower": 1}, "size 1"),
        ({"lower": 1}, {}, "size 0"),
        ({}, {"severity": Severity.INFO}, "size 1"),
        ({"severity": Severity.WARNING}, {"severity": Severity.ERROR}, "size 0"),
        # Both are warnings; where the configuration makes errors of them, the second is still one step milder.
        ({"severity": Severity.WARNING}, {"severity": Severity.ERROR, "lower": 1}, "size 1"),
        ({}, {}, "size 0"),
        ({}, {"severity": Severity.ERROR}, "size 0"),
    ],
)
def test_the_mildest_is_kept(first: dict[str, Any], second: dict[str, Any], kept: str) -> None:
    assert said(Severity.ERROR, first, second).message == kept


def test_a_default_is_milder_than_what_is_written() -> None:
    assert said(Severity.ERROR, {}, {}, default_in_first=True).place.by_default == "Size"
    kept = said(Severity.ERROR, {}, {"severity": Severity.INFO}, default_in_first=True)
    assert kept.message == "size 1"


def test_two_findings_at_one_field_are_both_kept() -> None:
    world = World()

    def check(subject: Widget) -> Iterator[Finding]:
        for reason in ("small", "odd"):
            yield Finding(subject.at("size"), f"size {subject.size} is {reason}")

    findings = judge(check, widget(world), world, Severity.ERROR).findings
    assert [finding.message for finding in findings] == ["size 0 is small", "size 0 is odd"]


def test_too_many_worlds_are_not_weighed() -> None:
    world = World()
    points = [ChoicePoint(f"Parameter{number}", 2, "parameter") for number in range(MAXIMUM_CONDITIONS + 1)]

    def check(subject: Widget) -> Iterator[Finding]:
        for point in points:
            world.option(point)
        yield Finding(subject.at("size"), "the same whatever is chosen")

    assert judge(check, widget(world), world, Severity.ERROR).findings == []
    with pytest.raises(TooManyWorlds):
        list(in_every_world(world, lambda: [world.option(point) for point in points]))
    assert [said for _, said in in_every_world(world, lambda: [world.option(each) for each in points[:2]])] == [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
    ]

"""Holes and choices in lists and mappings: looking through them without choosing, and adding to them."""

from cloudformation_templates import answers

from ekslint.model.condition import Chosen, Condition
from ekslint.model.entity import Entity
from ekslint.model.reading import (
    Choice,
    PartialMapping,
    PartialSequence,
    Reading,
    Source,
    Unknown,
    possible,
    with_entry,
    with_item,
)
from ekslint.model.world import ChoicePoint, World
from ekslint.source.text import SourceText
from ekslint.source.tree import Document

SOURCE = Source(Document(SourceText("a", ""), 0), ())
HOLE = Reading(Unknown("nobody knows"), SOURCE)


def either(world: World, if_true: object, if_false: object) -> Reading:
    condition: Condition = Chosen(world, ChoicePoint("x", 2, "x"), frozenset({0}))
    return Reading(Choice(condition, at("true", if_true), at("false", if_false)), SOURCE)


def at(step: str, value: object) -> Reading:
    return Reading(value, SOURCE.child(step))


def test_possible_values() -> None:
    world = World()
    nested = Reading(either(world, 1, either(world, 2, None).value).value, SOURCE)
    assert list(possible(nested)) == [1, 2]
    assert list(possible(HOLE)) == []
    assert list(PartialMapping({"a": nested, "b": HOLE, "c": at("c", 3)}).possible()) == [1, 2, 3]
    assert list(PartialSequence([HOLE, nested]).possible()) == [1, 2]


class Thing(Entity):
    __slots__ = ("items", "single")
    defaults = {"items": (), "single": None}  # noqa: RUF012


def test_possible_items_of_a_field() -> None:
    thing = Thing("thing", SOURCE, dialect="cloudformation", resource="Thing/x")
    assert list(thing.possible_items("items")) == []
    for value, items in (
        ({"a": 1}, [1]),
        ((1, 2), [1, 2]),
        (PartialSequence([HOLE, at("b", 2)]), [2]),
        (PartialMapping({"a": HOLE, "b": at("b", 2)}), [2]),
        ("text", ["text"]),
        (HOLE.value, []),
        (None, []),
    ):
        thing.declare(items=Reading(value, SOURCE))
        assert list(thing.possible_items("items")) == items
    thing.declare(items=either(World(), (1,), (2, 3)))
    assert list(thing.possible_items("items")) == [1, 2, 3]


def test_adding_an_entry() -> None:
    plain = with_entry(Reading({"a": 1}, SOURCE), "b", at("b", 2))
    assert plain.value == {"a": 1, "b": 2}
    assert plain.at(("b",)).path == ("b",)
    assert with_entry(Reading(None, SOURCE), "b", at("b", 2)).value == {"b": 2}
    assert with_entry(HOLE, "b", at("b", 2)).value == HOLE.value
    partial = with_entry(Reading(PartialMapping({"a": HOLE}), SOURCE), "b", at("b", 2))
    assert partial.value["b"] == 2
    assert partial.at(("b",)).path == ("b",)
    holed = with_entry(Reading({"a": 1}, SOURCE), "b", HOLE)
    assert holed.value["a"] == 1
    world = World()
    chosen = with_entry(either(world, {"a": 1}, {}), "b", at("b", 2))
    assert answers(world, lambda: tuple(chosen.known())) == {("a", "b"), ("b",)}


def test_adding_an_item() -> None:
    plain = with_item(Reading((1,), SOURCE), at("b", 2))
    assert plain.value == (1, 2)
    assert plain.at((1,)).path == ("b",)
    assert with_item(Reading(None, SOURCE), at("b", 2)).value == (2,)
    assert with_item(HOLE, at("b", 2)).value == HOLE.value
    partial = with_item(Reading(PartialSequence([HOLE]), SOURCE), at("b", 2))
    assert partial.value[1] == 2
    world = World()
    conditional = with_item(Reading((1,), SOURCE), either(world, 2, None))
    assert answers(world, lambda: tuple(conditional.known())) == {(1, 2), (1,)}
    chosen = with_item(either(world, (1,), ()), at("b", 2))
    assert answers(world, lambda: chosen.known()) == {(1, 2), (2,)}


def test_the_place_of_an_item_in_the_world_that_is_read() -> None:
    world = World()
    reading = Reading(PartialSequence([either(world, 1, None), at("b", 2)]), SOURCE)
    assert answers(world, lambda: reading.at((len(reading.known()) - 1,)).path) == {("b",)}
    assert answers(world, lambda: reading.at((0,)).path) == {("true",), ("b",)}

"""Evaluating what a template says, in three values: known, absent, unknown; and with both branches of a condition."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from ekslint.loaders.cloudformation.conditions import Conditions
from ekslint.loaders.cloudformation.parameters import Parameters
from ekslint.loaders.cloudformation.texts import literal
from ekslint.loaders.cloudformation.values import TOO_MANY_CONDITIONS, Listed, by_default
from ekslint.model.condition import Constant
from ekslint.model.reading import Choice, Reading, Source, Unknown
from ekslint.model.world import World
from ekslint.source.tree import Document

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.identities import Identities
    from ekslint.loaders.cloudformation.network import Network
    from ekslint.loaders.cloudformation.template import Resource

_DEEPEST = 60
"""Levels of nesting. Aliases can build towers that no reader of the text would see."""
_MAXIMUM_VISITS = 100_000
"""Nodes that are evaluated, one and the same as often as it is asked for. Large templates come to a few thousand."""
_CHARACTERS_A_VISIT = 1000
_MAXIMUM_LEAVES = 64
"""Values that one expression may come to. A chain of cases has one for each; conditions upon conditions have more."""
_MACRO = "a macro fills it in at deployment"


class Others(Protocol):
    """The other templates of a run."""

    def imported(self, name: object, source: Source) -> Reading:
        """What an import of this name at `source` comes to."""

    def output(self, stack: "Resource", attribute: str, source: Source) -> Reading | None:
        """What `GetAtt` gives of a stack within a template, if the stack's template is among them."""

    def given(self, document: Document, parameter: str, source: Source) -> Reading | None:
        """What the only stack of a template sets a parameter of `document` to; None where there is none that does."""

    def identities(self, path: str, number: int) -> "Identities | None":
        """The roles of a template; None while they are being read, or where there is none."""

    def network(self, path: str, number: int) -> "Network | None":
        """The subnets of a template; None while they are being read, or where there is none."""

    def is_one_stack(self, path: str, number: int) -> bool:
        """Whether nothing tells of several stacks of a template, each with resources of its own."""

    def policies_for(self, role: "Resource") -> Sequence["Resource"]:
        """The policies of other templates that attach themselves to a role."""


class Budget:
    """What the evaluation of one template may cost; shared by all of its parts."""

    def __init__(self) -> None:
        self.visits = _MAXIMUM_VISITS
        self.depth = 0
        self.echoes = 0
        """Names of resources that are being looked up, one by way of the other."""

    @property
    def is_spent(self) -> bool:
        """Whether something was left out for the sake of time."""
        return self.visits <= 0


class Resolver:
    """Evaluates nodes of one template. `bindings` are the variables of the `Fn::ForEach` loops around them."""

    def __init__(self, document: Document, world: World, others: Others | None = None) -> None:
        root = document.root if isinstance(document.root, dict) else {}
        mappings = root.get("Mappings")
        self.document = document
        self.others = others
        self.budget = Budget()
        self.bindings: Mapping[str, str] = {}
        self.resources: Mapping[str, Resource] = {}
        self.mappings: Mapping[str, object] = mappings if isinstance(mappings, dict) else {}
        self.parameters = Parameters(document, world, others.given if others is not None else None)
        self.conditions = Conditions(document, world, self.parameters, self.resolve)

    def bound(self, bindings: Mapping[str, str]) -> "Resolver":
        """This resolver inside of a loop."""
        inner = Resolver.__new__(Resolver)
        inner.__dict__.update(self.__dict__)
        inner.bindings = {**self.bindings, **bindings}
        return inner

    def charge(self, size: int) -> None:
        """Count work that is not a visit: texts and lists that are gone through, by their size."""
        self.budget.visits -= size

    def resolve(self, node: object, source: Source) -> Reading:
        """The value of a node that stands at `source`."""
        self.charge(1)
        if self.budget.is_spent:
            return Reading(Unknown("the template is too large to evaluate"), source)
        if isinstance(node, str):
            self.charge(len(node) // _CHARACTERS_A_VISIT)
            return Reading(literal(self.substituted(node)), source)
        if node is None:
            return Reading(None, source)
        if self.budget.depth > _DEEPEST:
            return Reading(Unknown("it is nested too deeply"), source)
        self.budget.depth += 1
        try:
            return self._container(node, source)
        finally:
            self.budget.depth -= 1

    def substituted(self, text: str) -> str:
        """A text with the loop variables filled in."""
        for name, value in self.bindings.items():
            text = text.replace(f"${{{name}}}", value).replace(f"&{{{name}}}", value)
        return text

    def _container(self, node: object, source: Source) -> Reading:
        if isinstance(node, list):
            items = tuple(self.resolve(item, source.child(index)) for index, item in enumerate(node))
            return Reading(Listed(items), source)
        if not isinstance(node, dict):
            # Templates are read with texts for scalars; anything else was made by another reader.
            return Reading(str(node).lower() if isinstance(node, bool) else str(node), source)
        if len(node) == 1:
            [(key, argument)] = node.items()
            if key == "Fn::If":
                return self._if(argument, source)
            if key == "Ref" or key.startswith("Fn::"):
                from ekslint.loaders.cloudformation.functions import call

                return call(self, key, argument, source)
        return Reading(Entries(self, node, source), source)

    def _if(self, argument: object, source: Source) -> Reading:
        if not isinstance(argument, list) or len(argument) != 3:
            return Reading(Unknown("Fn::If takes a condition and two values"), source)
        condition_name, *branches = argument
        if isinstance(condition_name, str):
            condition_name = self.substituted(condition_name)
        condition = self.conditions.named(condition_name)
        places = [source.child("Fn::If", index) for index in (1, 2)]
        if isinstance(condition, Constant):
            index = 0 if condition.value else 1
            place = places[index]
            if place.by_default is None and condition.by_default is not None:
                place = Source(place.document, place.path, condition.by_default)
            return by_default(self.resolve(branches[index], place), condition.by_default)
        readings = [self.resolve(branch, place) for branch, place in zip(branches, places, strict=True)]
        if sum(map(_leaves, readings)) > _MAXIMUM_LEAVES:
            return Reading(TOO_MANY_CONDITIONS, source)
        return Reading(Choice(condition, *readings), source)


def _leaves(reading: Reading) -> int:
    value = reading.value
    return _leaves(value.if_true) + _leaves(value.if_false) if isinstance(value, Choice) else 1


class Entries:
    """A mapping of the template. Its values are evaluated when they are asked for."""

    __slots__ = ("_known", "_node", "_place_of_missing", "_resolver", "_source", "open")

    def __init__(
        self, resolver: Resolver, node: Mapping[str, object], source: Source, place_of_missing: Source | None = None
    ) -> None:
        self._resolver = resolver
        self._node = node
        self._source = source
        self._place_of_missing = place_of_missing or source
        self._known: dict[str, Reading] = {}
        self.open = Unknown(_MACRO) if any(map(_is_generator, node)) else None
        """Why there may be further keys."""

    def __iter__(self) -> Iterator[str]:
        return (self._resolver.substituted(key) for key in self._node if not _is_generator(key))

    def get(self, key: str) -> Reading:
        """The value of a key; absent where it is not written."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._read(key)
        return known

    def _read(self, key: str) -> Reading:
        if key not in self._node and self._resolver.bindings:
            key = next((each for each in self._node if self._resolver.substituted(each) == key), key)
        if key in self._node:
            return self._resolver.resolve(self._node[key], self._source.child(key))
        return Reading(self.open, self._place_of_missing.child(key))


def _is_generator(key: str) -> bool:
    return key == "Fn::Transform" or key.startswith("Fn::ForEach")


def member(reading: Reading, *path: str) -> Reading:
    """What stands at a path of keys below a reading."""
    for key in path:
        reading = _member(reading, key)
    return reading


def _member(reading: Reading, key: str) -> Reading:
    value = reading.value
    if value is None:
        return Reading(None, reading.source.child(key))
    if isinstance(value, Choice):
        return Reading(
            Choice(value.condition, _member(value.if_true, key), _member(value.if_false, key)), reading.source
        )
    if isinstance(value, Unknown):
        return reading
    if isinstance(value, Entries):
        return value.get(key)
    return Reading(Unknown("it is not a mapping"), reading.source)

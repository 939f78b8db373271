"""The conditions of a template, as conditions of the model.

What literals and defaults decide is constant. A comparison with an open parameter is a choice among the values that the
template tells apart; all comparisons of one parameter share one choice, so that no two worlds contradict each other.
"""

from collections.abc import Callable, Iterator, Sequence

from ekslint.loaders.cloudformation.parameters import Parameters
from ekslint.loaders.cloudformation.values import MAXIMUM_CHOICES, OpenParameter, default_among
from ekslint.model.condition import Chosen, Condition, Constant, Every, Not, Some
from ekslint.model.reading import Choice, Reading, Source
from ekslint.model.world import ChoicePoint, World
from ekslint.source.tree import Document, TooManyNodes, walk

_LARGEST_EXPRESSION = 200  # nodes; a larger one is only the same as itself
_DEEPEST_EXPRESSION = 30
_LONGEST_OPERAND = 2_000
_MAXIMUM_OPERANDS = 100
_MAXIMUM_EXPRESSIONS = 5_000
_LONGEST_CHAIN = 40
"""Conditions that refer to one another."""


class Conditions:
    """The section `Conditions`. `resolve` evaluates what stands inside of `Fn::Equals`."""

    def __init__(
        self,
        document: Document,
        world: World,
        parameters: Parameters,
        resolve: Callable[[object, Source], Reading],
    ) -> None:
        root = document.root
        section = root.get("Conditions") if isinstance(root, dict) else None
        self._declared = section if isinstance(section, dict) else {}
        self._document = document
        self._world = world
        self._parameters = parameters
        self._resolve = resolve
        self._known: dict[str, Condition] = {}
        self._open: set[str] = set()
        self._points: dict[str, ChoicePoint] = {}
        self._expressions = 0
        self._note_comparisons()

    def named(self, name: object) -> Condition:
        """The condition called `name`; one of its own, about which nothing is known, if it makes no sense."""
        if not isinstance(name, str):
            return self._unforeseen(repr(type(name)), "condition")
        if name in self._known:
            return self._known[name]
        if name not in self._declared or name in self._open or len(self._open) > _LONGEST_CHAIN:
            return self._unforeseen(f"condition {name}", f"condition {name}")
        self._open.add(name)
        source = Source(self._document, ("Conditions", name))
        condition = self._expression(self._declared[name], source, name, 0)
        self._open.discard(name)
        self._known[name] = condition
        return condition

    def _expression(self, node: object, source: Source, name: str, depth: int) -> Condition:
        self._expressions += 1
        if depth > _DEEPEST_EXPRESSION or self._expressions > _MAXIMUM_EXPRESSIONS:
            return self._unforeseen(repr(source.path), f"condition {name}")
        if not isinstance(node, dict) or len(node) != 1:
            return self._unforeseen(self._written(node, source), f"condition {name}")
        [(function, argument)] = node.items()
        source = source.child(function)
        if function == "Condition":
            return self.named(argument)
        operands = argument if isinstance(argument, list) else []
        if function == "Fn::Equals" and len(operands) == 2:
            return self._equals(operands, source, name)
        if function in {"Fn::And", "Fn::Or", "Fn::Not"} and 0 < len(operands) <= _MAXIMUM_OPERANDS:
            conditions = [
                self._expression(operand, source.child(index), name, depth + 1)
                for index, operand in enumerate(operands)
            ]
            if function == "Fn::Not":
                return negated(conditions[0])
            return all_of(conditions) if function == "Fn::And" else any_of(conditions)
        return self._unforeseen(self._written(node, source), f"condition {name}")

    def _equals(self, operands: Sequence[object], source: Source, name: str) -> Condition:
        left, right = (
            # The partition is taken for granted in texts, not in questions about it.
            Reading(self._parameters.unknown(operand["Ref"]), source)
            if isinstance(operand, dict) and operand.get("Ref") in ("AWS::Partition", "AWS::URLSuffix")
            else self._resolve(operand, source.child(index))
            for index, operand in enumerate(operands)
        )
        key = " = ".join(sorted(self._written(operand, source.child(index)) for index, operand in enumerate(operands)))
        return self._same(left, right, key, name, 0)

    def _same(self, left: Reading, right: Reading, key: str, name: str, depth: int) -> Condition:
        for one, other in ((left, right), (right, left)):
            choice = one.value
            if isinstance(choice, Choice) and depth < MAXIMUM_CHOICES:
                condition = choice.condition
                where_true = self._same(choice.if_true, other, key, name, depth + 1)
                where_false = self._same(choice.if_false, other, key, name, depth + 1)
                return any_of([all_of([condition, where_true]), all_of([negated(condition), where_false])])
        if isinstance(left.value, str) and isinstance(right.value, str):
            return Constant(left.value == right.value, default_among([left, right]))
        for one, other in ((left, right), (right, left)):
            if isinstance(one.value, OpenParameter) and one.value.index is None and isinstance(other.value, str):
                condition_of_parameter = self._parameters.equals(one.value.parameter, other.value)
                if condition_of_parameter is not None:
                    return condition_of_parameter
        if isinstance(left.value, OpenParameter) and left.value == right.value:
            return Constant(True)
        return self._unforeseen(key, f"condition {name}")

    def _unforeseen(self, key: str, name: str) -> Condition:
        """A choice of its own: holds or not; the same wherever the same is written."""
        if key not in self._points:
            place = ("condition", self._document.source.path, self._document.number, key)
            # Its name belongs to a point: the first condition that asks gives it.
            self._points[key] = ChoicePoint(place, 2, name)
        return Chosen(self._world, self._points[key], frozenset({0}))

    def _written(self, node: object, source: Source) -> str:
        try:
            nodes = list(walk(node, budget=_LARGEST_EXPRESSION))  # type: ignore[arg-type]
        except TooManyNodes:
            return repr(source.path)
        leaves = [(path, each) for path, each in nodes if not isinstance(each, dict | list)]
        if any(isinstance(each, str) and len(each) > _LONGEST_OPERAND for _, each in leaves):
            return repr(source.path)
        return repr(leaves)

    def _note_comparisons(self) -> None:
        """All values that an open parameter is compared with, before the first comparison becomes a choice."""
        try:
            for _, node in walk(self._declared):  # type: ignore[arg-type]
                operands = node.get("Fn::Equals") if isinstance(node, dict) else None
                if isinstance(operands, list) and len(operands) == 2:
                    self._note_comparison(operands[0], operands[1])
                    self._note_comparison(operands[1], operands[0])
        except TooManyNodes:
            return

    def _note_comparison(self, one: object, other: object) -> None:
        name = one.get("Ref") if isinstance(one, dict) else None
        if not isinstance(name, str) or not self._parameters.is_open(name):
            return
        if isinstance(other, dict) and isinstance(other.get("Ref"), str):
            other = self._parameters.known_text(other["Ref"])
        if isinstance(other, str):
            self._parameters.note_comparison(name, other)


def negated(condition: Condition) -> Condition:
    """The opposite."""
    if isinstance(condition, Constant):
        return Constant(not condition.value, condition.by_default)
    return condition.operand if isinstance(condition, Not) else Not(condition)


def branches(reading: Reading, condition: Condition | None = None) -> Iterator[tuple[Condition | None, Reading]]:
    """Every reading that a reading can come to, with the condition under which it does."""
    choice = reading.value
    if not isinstance(choice, Choice):
        yield condition, reading
        return
    known = [condition] if condition is not None else []
    yield from branches(choice.if_true, all_of([*known, choice.condition]))
    yield from branches(choice.if_false, all_of([*known, negated(choice.condition)]))


def all_of(conditions: Sequence[Condition]) -> Condition:
    """All of them."""
    return _simplified(conditions, decisive=False)


def any_of(conditions: Sequence[Condition]) -> Condition:
    """At least one of them."""
    return _simplified(conditions, decisive=True)


def _simplified(conditions: Sequence[Condition], *, decisive: bool) -> Condition:
    remaining: list[Condition] = []
    parameter: str | None = None
    for condition in conditions:
        if isinstance(condition, Constant):
            if condition.value is decisive:
                return condition
            parameter = parameter or condition.by_default
            if condition.by_default is None:
                continue
        remaining.append(condition)
    if all(isinstance(condition, Constant) for condition in remaining):
        return Constant(not decisive, parameter)
    if len(remaining) == 1:
        return remaining[0]
    return Some(tuple(remaining)) if decisive else Every(tuple(remaining))

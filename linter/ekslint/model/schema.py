"""What a document of a known form has that the form does not know, lacks what it needs, or does not allow.

One walker for every kind of document; what is allowed stands in tables of `facts`.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from ekslint.facts.field_table import ANYTHING, SCALARS, Field, FieldTable, Shape
from ekslint.model.kubernetes.sheet import is_template
from ekslint.source.nearest import nearest
from ekslint.source.tree import MAXIMUM_VISITS, Path


class SchemaProblemKind(Enum):
    """What is wrong."""

    UNKNOWN = "unknown"
    """A field that the type does not have; the path is the field's."""
    MISSING = "missing"
    """A field that the type needs; the path is where it would stand."""
    VALUE = "value"
    """A value that is not among the few that there are."""


class SchemaProblem(NamedTuple):
    """One thing that is wrong with the form of a document."""

    kind: SchemaProblemKind
    path: Path
    """From the node that was walked."""
    message: str
    """A clause about this case, without a closing period: `metadata lacks the field region`."""
    suggestion: str | None
    """The name or value that was most likely meant."""
    type: str
    """The table's name for what the field belongs to."""


_MAXIMUM_SUGGESTIONS = 100  # whoever gets more field names wrong than this has another kind of document


class _Visit(NamedTuple):
    node: Mapping[str, Any]
    type: str
    path: Path


def schema_problems(
    node: Mapping[str, Any], table: FieldTable, *, budget: int = MAXIMUM_VISITS
) -> Iterator[SchemaProblem]:
    """The problems of a mapping of the table's root type, and of all below it.

    Silent about placeholders that a template fills in (`${…}`, `{{ … }}`), and about values of a wrong type, which the
    loaders tell. What stands behind several aliases is judged once, at the first; after `budget` nodes the walk ends,
    so that no text, however it is knotted, takes long.
    """
    suggestions = _MAXIMUM_SUGGESTIONS
    for visit in _visits(node, table, budget):
        fields = table.fields_of(visit.type)
        meant: set[str] = set()
        for name, value in visit.node.items():
            field = fields.get(name)
            if field is None:
                if not is_template(name) and not table.ignores_unknown_fields(visit.type):
                    problem = _unknown(name, visit, fields if suggestions > 0 else {})
                    suggestions -= 1
                    meant.add(problem.suggestion or "")
                    yield problem
            elif _is_not_allowed(value, field):
                yield _not_allowed(value, visit, field)
        yield from _missing(visit, fields, meant)


def known_fields(
    node: Mapping[str, Any], table: FieldTable, *, budget: int = MAXIMUM_VISITS
) -> Iterator[tuple[Path, Any, Field]]:
    """Every field of the table that a mapping of its root type has, at any depth, with its path and its value.

    It goes the way of `schema_problems`: once through what stands behind several aliases, and no further than `budget`.
    """
    for visit in _visits(node, table, budget):
        fields = table.fields_of(visit.type)
        for name, value in visit.node.items():
            if name in fields:
                yield (*visit.path, name), value, fields[name]


def _visits(node: Mapping[str, Any], table: FieldTable, budget: int) -> Iterator[_Visit]:
    """The mappings of known types, each before those below it."""
    seen: set[tuple[int, str]] = set()
    waiting = [_Visit(node, table.root, ())]
    while waiting:
        visit = waiting.pop()
        key = (id(visit.node), visit.type)
        budget -= len(visit.node) + 1
        if key in seen or budget < 0:
            continue
        seen.add(key)
        yield visit
        fields = table.fields_of(visit.type)
        below: list[_Visit] = []
        for name, value in visit.node.items():
            if name in fields:
                below += _below(value, (*visit.path, name), fields[name])
        budget -= len(below)
        waiting += reversed(below)


def dotted(path: Path) -> str:
    """A path as a person writes it: `managedNodeGroups[0].labels`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _unknown(name: str, visit: _Visit, fields: Mapping[str, Field]) -> SchemaProblem:
    message = f"{_place_in_words(visit)} has no field {name}"
    same = next((field for field in fields if field.lower() == name.lower()), None)
    meant = same or nearest(name, [field for field in fields if field not in visit.node]) or nearest(name, fields)
    return SchemaProblem(SchemaProblemKind.UNKNOWN, (*visit.path, name), message, meant, visit.type)


def _is_not_allowed(value: Any, field: Field) -> bool:
    return (
        bool(field.allowed and value)
        and isinstance(value, str)
        and value not in field.allowed
        and not is_template(value)
    )


def _not_allowed(value: str, visit: _Visit, field: Field) -> SchemaProblem:
    path = (*visit.path, field.name)
    message = f"{dotted(path)} is {value}, but can only be {_listed(field.allowed)}"
    return SchemaProblem(SchemaProblemKind.VALUE, path, message, nearest(value, field.allowed), visit.type)


def _missing(visit: _Visit, fields: Mapping[str, Field], meant: set[str]) -> Iterator[SchemaProblem]:
    """What is needed and not there; a name that was merely misspelt has been told already."""
    if any(map(is_template, visit.node)):
        return  # what a template fills in may be the field
    for name, field in fields.items():
        if field.is_required and name not in meant and visit.node.get(name) in (None, ""):
            message = f"{_place_in_words(visit)} lacks the field {name}"
            yield SchemaProblem(SchemaProblemKind.MISSING, (*visit.path, name), message, None, visit.type)


def _place_in_words(visit: _Visit) -> str:
    return dotted(visit.path) or f"the {visit.type}"


def _listed(values: tuple[str, ...]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}" if len(values) > 1 else values[0]


def _below(value: Any, path: Path, field: Field) -> Iterator[_Visit]:
    """The mappings of a known type that a field's value is or holds."""
    container = "list" if isinstance(value, list) else "map"
    for shape in field.shapes:
        if shape.type in SCALARS or shape.type == ANYTHING:
            continue
        if isinstance(value, dict) and not shape.container:
            yield _Visit(value, shape.type, path)
        elif isinstance(value, dict | list) and shape.container == container:
            yield from _items(value, path, shape)


def _items(value: Any, path: Path, shape: Shape) -> Iterator[_Visit]:
    for step, item in enumerate(value) if isinstance(value, list) else value.items():
        if isinstance(item, dict):
            yield _Visit(item, shape.type, (*path, step))

"""The fields of eksctl's ClusterConfig. The table is `data/eksctl_fields.tsv`."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words

ROOT = "ClusterConfig"
"""The type of a whole document."""

SCALARS = frozenset({"boolean", "integer", "number", "string"})
ANYTHING = "object"
"""The type of a field that takes any mapping: eksctl passes it on as it is."""


class Shape(NamedTuple):
    """One form that a field's value may take."""

    container: str
    """Nothing for the value itself, `list`, or `map` (keys are strings)."""
    type: str
    """Of the value, or of each item: one of SCALARS, ANYTHING, or a type for `fields_of`."""


class Field(NamedTuple):
    """One field of a type."""

    name: str
    shapes: tuple[Shape, ...]
    """The forms its value may take; almost always one."""
    is_required: bool
    allowed: tuple[str, ...]
    """The only values there are; empty where any value of the shape will do."""


@cache
def _types() -> Mapping[str, Mapping[str, Field]]:
    found: dict[str, dict[str, Field]] = {}
    for owner, name, value, required, allowed in rows("eksctl_fields.tsv"):
        field = Field(name, tuple(map(_shape, value.split("|"))), bool(required), words(allowed))
        found.setdefault(owner, {})[name] = field
    return MappingProxyType({owner: MappingProxyType(fields) for owner, fields in found.items()})


def _shape(text: str) -> Shape:
    if text.startswith("["):
        return Shape("list", text[1:-1])
    return Shape("map", text[1:-1]) if text.startswith("{") else Shape("", text)


@cache
def fields_of(type_name: str) -> Mapping[str, Field]:
    """The fields of a type (`ClusterConfig`, `ManagedNodeGroup`, …) by name, sorted.

    KeyError for a type the table does not have: that is a mistake of the caller, not of a user.
    """
    return MappingProxyType({name: field for name, field in _types()[type_name].items() if name != "*"})


def ignores_unknown_fields(type_name: str) -> bool:
    """Whether eksctl skips fields of the type that it does not know; everywhere else it refuses the file."""
    return "*" in _types()[type_name]


def type_names() -> tuple[str, ...]:
    """Every type of the table, sorted."""
    return tuple(_types())

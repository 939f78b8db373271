"""Tables of fields: what a document of a known form may have, must have, and may say."""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ._tables import rows, words

SCALARS = frozenset({"boolean", "integer", "number", "string"})
ANYTHING = "object"
"""The type of a field that takes any mapping: nobody looks into it."""


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


class FieldTable:
    """All types of one kind of document, by name. The columns are type, field, value, required, allowed."""

    def __init__(self, file_name: str, root: str) -> None:
        self._file_name = file_name
        self.root = root
        """The type of a whole document."""

    @cached_property
    def _types(self) -> Mapping[str, Mapping[str, Field]]:
        found: dict[str, dict[str, Field]] = {}
        for owner, name, value, required, allowed in rows(self._file_name):
            field = Field(name, tuple(map(_shape, value.split("|"))), bool(required), words(allowed))
            found.setdefault(owner, {})[name] = field
        return MappingProxyType({owner: MappingProxyType(fields) for owner, fields in found.items()})

    @cached_property
    def _fields(self) -> Mapping[str, Mapping[str, Field]]:
        return {
            owner: MappingProxyType({name: field for name, field in fields.items() if name != "*"})
            for owner, fields in self._types.items()
        }

    def fields_of(self, type_name: str) -> Mapping[str, Field]:
        """The fields of a type by name, sorted.

        KeyError for a type the table does not have: that is a mistake of the caller, not of a user.
        """
        return self._fields[type_name]

    def ignores_unknown_fields(self, type_name: str) -> bool:
        """Whether fields of the type that nobody knows are skipped; everywhere else they are refused."""
        return "*" in self._types[type_name]

    def type_names(self) -> tuple[str, ...]:
        """Every type of the table, sorted."""
        return tuple(self._types)


def _shape(text: str) -> Shape:
    if text.startswith("["):
        return Shape("list", text[1:-1])
    return Shape("map", text[1:-1]) if text.startswith("{") else Shape("", text)

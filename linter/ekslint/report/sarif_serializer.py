"""SARIF objects → plain dictionaries. The object model brings none: each attribute only carries its name in JSON."""

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

# A missing level means the default of the rule, not the default of the class: it is always written.
_ALWAYS = frozenset({"level"})
# Readers recognise the format by these; the object model puts them after the runs.
_FIRST = ("$schema", "version")


def plain(value: Any) -> object:
    """`value` as JSON-ready data. Left out is what is None or has its default; TypeError for other kinds of object."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    written: dict[str, object] = {}
    kind: Any = type(value)
    for attribute, name, default in _attributes(kind):
        item = getattr(value, attribute)
        if item is None or (item == default and name not in _ALWAYS):
            continue
        written[name] = plain(item)
    first = {name: written.pop(name) for name in _FIRST if name in written}
    return first | written


@cache
def _attributes(kind: Hashable) -> tuple[tuple[str, str, object], ...]:
    import attrs

    if not isinstance(kind, type) or not attrs.has(kind):
        raise TypeError(f"not a SARIF object: {kind!r}")
    required = attrs.NOTHING
    return tuple(
        (each.name, str(each.metadata["schema_property_name"]), _default(each.default, required))
        for each in attrs.fields(kind)
    )


def _default(default: object, required: object) -> object:
    """The default of an attribute; an object that equals nothing else for a required one."""
    if default is required:
        return object()
    factory = getattr(default, "factory", None)
    return factory() if factory is not None else default

"""A parsed configuration against the published schema, with errors at their place."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ekslint.config.errors import ConfigurationError
from ekslint.source.nearest import nearest
from ekslint.source.scalars import key_text
from ekslint.source.tree import Document, Map, Node, Seq, Step, TooManyNodes, walk

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

# Aliases let a small file stand for billions of nodes; a validator would visit each.
_MOST_NODES = 20_000

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of `.ekslint.yaml` (draft 7, which editors know)."""
    from json import loads

    loaded: Mapping[str, Any] = loads(Path(__file__).with_name("schema.json").read_bytes())
    return loaded


def validated(document: Document) -> tuple[Map, list[ConfigurationError]]:
    """The settings of a document, with strings as they are written, and everything that is wrong with them."""
    from jsonschema import Draft7Validator

    try:
        for _ in walk(document.root, budget=_MOST_NODES):
            pass
    except TooManyNodes:
        return Map(), [ConfigurationError(f"the configuration has more than {_MOST_NODES} values", document.locate(()))]
    if not isinstance(document.root, Map):
        message = f"the configuration must be a mapping, not {_type_words(document.root)}"
        return Map(), [ConfigurationError(message, document.locate(()))]
    settings = _as_written(document, document.root, schema(), ())
    assert isinstance(settings, Map)
    errors = [
        each for error in Draft7Validator(schema()).iter_errors(settings) for each in _in_our_words(document, error)
    ]
    return settings, errors


def _resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = part.get("$ref")
    if reference is None:
        return part
    resolved: Mapping[str, Any] = schema()["definitions"][reference.rpartition("/")[2]]
    return resolved


def _as_written(document: Document, node: Node, part: Mapping[str, Any], path: tuple[Step, ...]) -> Node:
    """A copy in which a scalar is a string wherever nothing else is allowed: `1.30` is no number there."""
    part = _resolved(part)
    if isinstance(node, Map):
        properties = part.get("properties", {})
        further = part.get("additionalProperties")
        copied = Map()
        for key, value in node.items():
            child = properties.get(key, further)
            copied[key] = _as_written(document, value, child, (*path, key)) if isinstance(child, Mapping) else value
        return copied
    if isinstance(node, Seq):
        items = part.get("items")
        if not isinstance(items, Mapping):
            return node
        return Seq(_as_written(document, item, items, (*path, index)) for index, item in enumerate(node))
    wants_string = part.get("type") == "string" or "enum" in part
    if wants_string and node is not None and not isinstance(node, str):
        raw = document.raw(path)
        # The text of an alias is the alias.
        return raw if raw is not None and not raw.startswith("*") else key_text(node)
    return node


def _in_our_words(document: Document, error: "ValidationError") -> Iterator[ConfigurationError]:
    path = tuple(error.absolute_path)
    instance: Any = error.instance
    part = _resolved(error.schema) if isinstance(error.schema, Mapping) else {}
    what = _spoken(path)
    location = document.locate(path)
    if error.validator == "additionalProperties":
        known = part.get("properties", {})
        for key in instance:
            if key not in known:
                meant = nearest(key, known)
                help_ = [f"did you mean {meant}?"] if meant else [f"the keys are {', '.join(sorted(known))}"]
                where = f" in {what}" if path else ""
                yield ConfigurationError(
                    f"there is no setting {shown(key)}{where}", document.locate((*path, key), key=True), help_
                )
    elif error.validator == "type":
        yield _wrong_type(what, instance, part, location)
    elif error.validator == "enum":
        allowed = [str(value) for value in part["enum"]]
        yield ConfigurationError(
            f"{what} must be {_or(allowed)}, not {shown(instance)}", location, _enum_help(path, instance, allowed)
        )
    elif error.validator == "required":
        missing = next(name for name in part["required"] if name not in instance)
        yield ConfigurationError(f"{what} has no {missing}", location)
    elif error.validator in {"maxItems", "maxProperties"}:
        yield ConfigurationError(f"{what} has more than {part[error.validator]} entries", location)
    else:
        yield ConfigurationError(
            f"{what} must be {part.get('title', 'something else')}, not {shown(instance)}", location
        )


def _wrong_type(what: str, instance: Any, part: Mapping[str, Any], location: Any) -> ConfigurationError:
    types = part["type"] if isinstance(part["type"], list) else [part["type"]]
    wanted = str(part["title"]) if "title" in part else _or([_TYPES[each] for each in types])
    if instance is None:
        return ConfigurationError(f"{what} has no value, and must be {wanted}", location, ["give it one, or delete it"])
    help_ = [f"write [{shown(instance)}]"] if "array" in types and isinstance(instance, str) else []
    return ConfigurationError(f"{what} must be {wanted}, not {_type_words(instance)}", location, help_)


def _enum_help(path: tuple[Step, ...], instance: Any, allowed: list[str]) -> list[str]:
    meant = nearest(instance, allowed) if isinstance(instance, str) else None
    if meant is not None:
        return [f"did you mean {meant}?"]
    if path[:1] == ("severity",):
        return ["to switch a rule off, name it under ignore"]
    return []


def _spoken(path: tuple[Step, ...]) -> str:
    """A key path as a person writes it: `clusters[0].name`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{shown(step)}"
    return text.lstrip(".") or "the configuration"


def _type_words(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "empty" if value is None else shown(value)


def _or(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def shown(value: object) -> str:
    """A value for a message, cut."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, dict | list) or value is None:
        text = _type_words(value)
    else:
        text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"

"""The types of all fields of a ClusterConfig, also of those that no part of the model comes from.

eksctl decodes the whole file before it looks at any of it: one value of a wrong type, anywhere, and it refuses all.
"""

from collections.abc import Mapping
from typing import Any

from ekslint.facts import eksctl_fields
from ekslint.facts.eksctl_fields import SCALARS, Field, Shape
from ekslint.loaders.eksctl.decoding import Decoder
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.schema import known_fields
from ekslint.source.tree import Node, Path

_CONTAINERS: Mapping[str, tuple[type, str]] = {"list": (list, "a list"), "map": (dict, "a mapping")}


def note_wrong_types(decoder: Decoder, node: Mapping[str, Any], path: Path) -> None:
    """Note every value of the ClusterConfig at `path` that has not its field's type, unless it is noted already."""
    for below, value, field in known_fields(node, eksctl_fields.TABLE):
        if value is not None and not is_template(value):
            _field(decoder, value, (*path, *below), field)


def _field(decoder: Decoder, value: Node, path: Path, field: Field) -> None:
    shape = next((each for each in field.shapes if _is_container(value, each)), field.shapes[0])
    if not shape.container:
        _item(decoder, value, path, shape)
    elif not _is_container(value, shape):
        whole = _CONTAINERS[shape.container][1]
        decoder.mismatch(f"{whole} of strings" if shape.type == "string" else whole, value, path)
    elif isinstance(value, list | dict) and decoder.may_read(len(value)):
        for step, item in enumerate(value) if isinstance(value, list) else value.items():
            # Go makes an empty text or subnet of nothing; over an item of a list of mappings eksctl stumbles.
            if item is not None or (shape.container == "list" and shape.type not in SCALARS):
                _item(decoder, item, (*path, step), shape)


def _is_container(value: Node, shape: Shape) -> bool:
    return shape.container in _CONTAINERS and isinstance(value, _CONTAINERS[shape.container][0])


def _item(decoder: Decoder, value: Node, path: Path, shape: Shape) -> None:
    if shape.type == "string":
        decoder.text(value, path)
    elif shape.type == "boolean":
        decoder.boolean(value, path)
    elif shape.type == "integer":
        decoder.integer(value, path)
    elif shape.type == "number":
        decoder.number(value, path)
    elif not isinstance(value, dict) and not is_template(value):
        decoder.mismatch("a mapping", value, path)

"""IAM policy documents that a ClusterConfig holds: `attachPolicy`, `permissionPolicy`."""

from typing import Any, NamedTuple

from ekslint.loaders.eksctl.decoding import TEMPLATED, Decoder
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.model.iam import Statement
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.reading import Reading, Unknown
from ekslint.source.tree import Node, Path


class InlinePolicy(NamedTuple):
    """The statements of one policy document."""

    readings: tuple[Reading, ...]
    hole: Reading | None
    """Why there may be further statements."""


def statements_of(fields: Fields, key: str) -> InlinePolicy:
    """The statements of the policy document at a key, none if it is absent."""
    document = fields.inline(key)
    if not is_known(document):
        return InlinePolicy((), document)
    node = fields.node.get(key)
    written = node.get("Statement") if isinstance(node, dict) else None
    path = (*fields.path, key, "Statement")
    if is_template(written):
        return InlinePolicy((), Reading(TEMPLATED, fields.decoder.source(path)))
    items = written if isinstance(written, list) else [written] if isinstance(written, dict) else []
    return InlinePolicy(
        tuple(
            _statement(item, (*path, index) if isinstance(written, list) else path, fields.decoder)
            for index, item in enumerate(items)
        ),
        None,
    )


def _statement(node: Node, path: Path, decoder: Decoder) -> Reading:
    source = decoder.source(path)
    if not isinstance(node, dict):
        return Reading(TEMPLATED if is_template(node) else Unknown("it is not a mapping"), source)
    values = {key: _strings(node.get(key)) for key in ("Effect", "Action", "NotAction", "Resource")}
    if any(is_template(each) for value in values.values() for each in value):
        return Reading(TEMPLATED, source)
    return Reading(
        Statement(
            effect=next(iter(values["Effect"]), "Allow"),
            actions=values["Action"],
            not_actions=values["NotAction"],
            resources=values["Resource"],
            has_conditions=bool(node.get("Condition")),
            conditions=_conditions(node.get("Condition")),
        ),
        source,
    )


def _conditions(node: Node) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    return tuple(
        (operator, key, _strings(value))
        for operator, keys in (node.items() if isinstance(node, dict) else ())
        if isinstance(keys, dict)
        for key, value in keys.items()
    )


def _strings(value: Any) -> tuple[str, ...]:
    """A string is a list of one; what is neither counts for nothing."""
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

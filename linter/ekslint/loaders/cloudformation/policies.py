"""IAM policy documents, as mappings of the template or as JSON texts (IAM user guide, JSON policy elements)."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ekslint.loaders.cloudformation.fields import listed, rendered, text
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import (
    Listed,
    PartialText,
    ResourceReference,
    combined,
    mapped,
    with_default_of,
)
from ekslint.model.iam import Statement
from ekslint.model.reading import Choice, Reading, Unknown

_MAXIMUM_STATEMENTS = 500
_LONGEST_JSON = 100_000
_IDENTITY_PROVIDER = "AWS::IAM::OIDCProvider"
_FILLED_IN = "${unknown}"


def statements(document: Reading) -> list[Reading]:
    """A reading for each statement of a policy document; a single unknown one where the document cannot be read."""
    value = document.value
    if value is None:
        return []
    if isinstance(value, Choice):
        return in_both_branches(document, statements)
    if isinstance(value, Unknown):
        return [document]
    if isinstance(value, str | PartialText):
        return _from_json(str(filled(value)) if isinstance(value, PartialText) else value, document)
    if not isinstance(value, Entries):
        return [Reading(Unknown("it is no policy document"), document.source)]
    written = member(document, "Statement")
    if written.value is None:
        return [Reading(value.open or Unknown("the policy document has no statements"), document.source)]
    return _each(written)


def in_both_branches(reading: Reading, items: Callable[[Reading], list[Reading]]) -> list[Reading]:
    """The items of either branch of a choice; those of one branch are absent in the other."""
    choice: Choice = reading.value
    condition = choice.condition
    absent = Reading(None, reading.source)
    return [
        *(Reading(Choice(condition, each, absent), each.source) for each in items(choice.if_true)),
        *(Reading(Choice(condition, absent, each), each.source) for each in items(choice.if_false)),
    ]


def _each(written: Reading) -> list[Reading]:
    value = written.value
    if isinstance(value, Choice):
        return in_both_branches(written, _each)
    if isinstance(value, Listed):
        return [mapped(item, _statement) for item in value.items[:_MAXIMUM_STATEMENTS]]
    return [mapped(written, _statement)]


def _statement(leaf: Reading) -> Reading:
    if not isinstance(leaf.value, Entries):
        return Reading(Unknown("it is no statement"), leaf.source)
    names = ("Effect", "Action", "NotAction", "Resource", "Principal", "Condition")
    return combined([member(leaf, name) for name in names], lambda fields: _of_fields(fields, leaf), leaf.source)


def _of_fields(fields: Sequence[Reading], leaf: Reading) -> Reading:
    effect, action, not_action, resource, principal, condition = fields
    given_effect = text(effect).value
    actions, not_actions = _texts(action), _texts(not_action)
    unknown = next((each for each in (given_effect, actions, not_actions) if isinstance(each, Unknown)), None)
    principals = _principals(principal)
    unknown = unknown or (principals if isinstance(principals, Unknown) else None)
    if unknown is not None:
        return Reading(unknown, leaf.source)
    resources = _texts(resource, rendered)
    conditions = _conditions(condition)
    return Reading(
        Statement(
            effect=given_effect if isinstance(given_effect, str) else "Allow",
            actions=actions if isinstance(actions, tuple) else (),
            not_actions=not_actions if isinstance(not_actions, tuple) else (),
            resources=resources if isinstance(resources, tuple) else (_FILLED_IN,),
            principals=principals if isinstance(principals, tuple) else (),
            has_conditions=bool(conditions),
            conditions=conditions,
        ),
        with_default_of(leaf.source, *_decisive(fields)),
    )


def _decisive(fields: Sequence[Reading]) -> Iterator[Reading]:
    """The parts that make a statement as wide as it is: a default for the name of a bucket changes nothing."""
    effect, action, not_action, resource, principal, _ = fields
    for field in (effect, action, not_action):
        yield from _items(field)
    principals = [member(principal, kind) for kind in principal.value] if isinstance(principal.value, Entries) else []
    for field in (resource, principal, *principals):
        yield from (item for item in _items(field) if item.value == "*")


def _items(field: Reading) -> tuple[Reading, ...]:
    return field.value.items if isinstance(field.value, Listed) else (field,)


def _texts(reading: Reading, convert: Callable[[Reading], Reading] = text) -> tuple[str, ...] | Unknown:
    """One text or a list of them; unless they are to be whole, what is not known stands in them as `${Name}`."""
    if reading.value is None:
        return ()
    must_be_whole = convert is text
    value = listed(reading).value
    if not isinstance(value, Listed):
        if not must_be_whole:
            return (_FILLED_IN,)
        return value if isinstance(value, Unknown) else Unknown("it is neither a text nor a list of texts")
    texts: list[str] = []
    for item in value.items:
        known = convert(item).value
        if isinstance(known, str):
            texts.append(known)
        elif known is not None and not must_be_whole:
            texts.append(_FILLED_IN)
        elif known is not None:
            return known if isinstance(known, Unknown) else Unknown("it depends on a condition")
    return value.open if value.open is not None and must_be_whole else tuple(texts)


def _trusted(item: Reading) -> Reading:
    """Who is trusted, as far as it is known; an identity provider of the template by its URL, which says whose."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        if isinstance(value, ResourceReference) and value.resource.type == _IDENTITY_PROVIDER:
            return rendered(value.resource.get("Url"))
        return rendered(leaf)

    return mapped(item, convert)


def _principals(reading: Reading) -> tuple[tuple[str, str], ...] | Unknown:
    value = reading.value
    if value is None:
        return ()
    if not isinstance(value, Entries):
        known = text(reading).value
        return ((known, known),) if known == "*" else Unknown("its principal is not known")
    if value.open is not None:
        return value.open
    found: list[tuple[str, str]] = []
    for kind in value:
        # A service is compared with; the ARN of an account or of an identity provider is only looked at.
        texts = _texts(member(reading, kind), text if kind == "Service" else _trusted)
        if isinstance(texts, Unknown):
            return texts
        found += [(kind, each) for each in texts]
    return tuple(found)


def _conditions(reading: Reading) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    value = reading.value
    if value is None:
        return ()
    if not isinstance(value, Entries) or value.open is not None:
        return ((_FILLED_IN, _FILLED_IN, (_FILLED_IN,)),)
    found = []
    for operator in value:
        tests = member(reading, operator)
        if isinstance(tests.value, Entries):
            for key in tests.value:
                texts = _texts(member(tests, key), rendered)
                found.append((operator, key, texts if isinstance(texts, tuple) else (_FILLED_IN,)))
        elif tests.value is not None:
            found.append((operator, _FILLED_IN, (_FILLED_IN,)))
    return tuple(found)


def _from_json(written: str, document: Reading) -> list[Reading]:
    """A document as a JSON text, which may have gaps where nothing of interest stands."""
    try:
        parsed = json.loads(written) if len(written) <= _LONGEST_JSON else None
    except (ValueError, RecursionError):
        parsed = None
    found = parsed.get("Statement") if isinstance(parsed, dict) else None
    if isinstance(found, dict):
        found = [found]
    if not isinstance(found, list):
        return [Reading(Unknown("its JSON is known only after deployment"), document.source)]
    return [Reading(_from_plain(each), document.source) for each in found[:_MAXIMUM_STATEMENTS]]


def _from_plain(written: Any) -> object:
    if not isinstance(written, dict):
        return Unknown("it is no statement")
    principal = written.get("Principal")
    principals: list[tuple[str, str]] = []
    if isinstance(principal, dict):
        principals = [(kind, each) for kind, value in principal.items() for each in _plain_texts(value)]
    elif isinstance(principal, str):
        principals = [(principal, principal)]
    tests = written.get("Condition")
    conditions = [
        (operator, key, _plain_texts(values))
        for operator, keys in (tests.items() if isinstance(tests, dict) else ())
        if isinstance(keys, dict)
        for key, values in keys.items()
    ]
    actions = _plain_texts(written.get("Action"))
    if any("${" in action for action in actions):
        return Unknown("its actions are filled in at deployment")
    effect = written.get("Effect")
    return Statement(
        effect=effect if isinstance(effect, str) else "Allow",
        actions=actions,
        not_actions=_plain_texts(written.get("NotAction")),
        resources=_plain_texts(written.get("Resource")),
        principals=tuple(principals),
        has_conditions=bool(tests),
        conditions=tuple(conditions),
    )


def _plain_texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

"""A value of one template as another one sees it: its parameters and resources mean nothing there."""

from dataclasses import replace

from ekslint.loaders.cloudformation.texts import filled, joined, literal
from ekslint.loaders.cloudformation.values import (
    Gap,
    Listed,
    PartialText,
    ResourceElsewhere,
    ResourceReference,
    is_unknown,
)
from ekslint.model.reading import Choice, Reading, Source, Unknown

_MOST_ITEMS = 100
_ARN_OF_ROLE = ("AWS::IAM::Role", "Arn")
_FROM_ELSEWHERE = Unknown("another template knows it, and its stack")


def from_elsewhere(reading: Reading, source: Source) -> Reading:
    """What another template gives, at the place that takes it."""
    place = source if reading.source.by_default is None else replace(source, by_default=reading.source.by_default)
    value = reading.value
    if isinstance(value, Choice):
        branches = (from_elsewhere(branch, source) for branch in (value.if_true, value.if_false))
        return Reading(Choice(value.condition, *branches), place)
    if isinstance(value, Listed) and len(value.items) <= _MOST_ITEMS:
        items = tuple(from_elsewhere(item, source) for item in value.items)
        return Reading(Listed(items, None if value.open is None else _FROM_ELSEWHERE), place)
    if isinstance(value, ResourceReference):
        return Reading(_resource(value), place)
    if isinstance(value, PartialText):
        whole = filled(value)
        if isinstance(whole, PartialText):
            return joined([_piece(part, place) for part in whole.parts], place)
        return Reading(whole, place)
    if isinstance(value, str | ResourceElsewhere) or value is None:
        return Reading(value, place)
    return Reading(_FROM_ELSEWHERE, place)


def _piece(part: str | Gap, place: Source) -> tuple[str, Reading]:
    if isinstance(part, str):
        return "", Reading(part, place)
    stands_for = part.stands_for
    known = _resource(stands_for) if isinstance(stands_for, ResourceReference) else stands_for
    if is_unknown(known):
        known = _FROM_ELSEWHERE
    return part.name, Reading(known, place)


def _resource(reference: ResourceReference) -> object:
    """What a template says of the resource that it gives away: its name, or at least which one it is."""
    resource = reference.resource
    known = resource.echo(reference.attribute)
    if known is not None:
        return literal(known)
    if (resource.type, reference.attribute) == _ARN_OF_ROLE:
        name = resource.echo("")
        if name is not None:
            account = Gap("AWS::AccountId", _FROM_ELSEWHERE)
            return PartialText(("arn:", Gap("AWS::Partition", _FROM_ELSEWHERE), ":iam::", account, f":role/{name}"))
    document = resource.source.document
    why = f"{reference.expression} of {document.source.path} is known only after deployment"
    return ResourceElsewhere(why, document.source.path, document.number, resource.identity, reference.attribute)

"""Texts that are known in part: joining, splitting and filling them."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from ekslint.loaders.cloudformation.values import (
    MAXIMUM_TEXT,
    Gap,
    Listed,
    OpenParameter,
    ParameterStorePath,
    PartialText,
    ResourceReference,
    SymbolicZone,
    default_among,
    may_hold_several,
)
from ekslint.model.reading import Reading, Source, Unknown

_DYNAMIC = "{{resolve:"
_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:[^{}]*(?:\}\}|\Z)")
_STORE_REFERENCE = re.compile(r"\{\{resolve:ssm:([^{}:]+|[^{}:]*(?:\$\{[^}]*\}[^{}:]*)+)(?::[0-9]+)?\}\}")
_NATIVE = "resolve:ssm:"


def joined(pieces: Sequence[tuple[str, Reading]], source: Source) -> Reading:
    """One text of several readings, none of them a choice; each comes with the name that its gap would have."""
    parts: list[str | Gap] = []
    length = 0
    for name, reading in pieces:
        for part in _parts(name, reading.value):
            length += len(part) if isinstance(part, str) else len(part.name) + 3
            if length > MAXIMUM_TEXT:
                return Reading(Unknown("it is too long"), source)
            parts.append(part)
    parameter = source.by_default or default_among([reading for _, reading in pieces])
    if parameter != source.by_default:
        source = Source(source.document, source.path, parameter, source.find, source.key)
    return Reading(_simplest(parts), source)


def literal(text: str) -> object:
    """The value of a text as written: dynamic references are filled in at deployment."""
    return _without_dynamic_references([text]) if _DYNAMIC in text else text


def store_path(value: object) -> str | None:
    """The Parameter Store path that an image ID stands for, in any of the ways to write it; None for anything else."""
    if isinstance(value, ParameterStorePath):
        return value.path
    # Launch templates take `resolve:ssm:` themselves, without CloudFormation's braces.
    text = str(value) if isinstance(value, str | PartialText) else ""
    return text.removeprefix(_NATIVE) if text.startswith(_NATIVE) else None


def split(value: object, separator: str, source: Source) -> Listed:
    """The pieces of a text between separators.

    What a resource stands for (an ID, an ARN) holds no separator; a parameter may, and the output of a stack, so that
    the number of pieces is then open.
    """
    pieces: list[list[str | Gap]] = [[]]
    is_open: Unknown | None = None
    for part in value.parts if isinstance(value, PartialText) else _parts("", value):
        if isinstance(part, Gap):
            if may_hold_several(part.stands_for):
                is_open = why_deployed(part.stands_for)
            pieces[-1].append(part)
            continue
        first, *others = part.split(separator)
        if first:
            pieces[-1].append(first)
        pieces += [[other] if other else [] for other in others]
    return Listed(tuple(Reading(_simplest(piece), source) for piece in pieces), is_open)


def after(value: object, prefix: str) -> object | None:
    """What follows a prefix, with its gaps; None for a text that does not begin so."""
    if isinstance(value, str) and value.startswith(prefix):
        return value[len(prefix) :]
    if isinstance(value, PartialText):
        first, *others = value.parts
        if isinstance(first, str) and first.startswith(prefix):
            return _simplest([first[len(prefix) :], *others])
    return None


def filled(text: PartialText) -> object:
    """The text with every gap filled that the template itself can fill (the name of a cluster, say)."""
    parts: list[str | Gap] = []
    for part in text.parts:
        if isinstance(part, Gap) and isinstance(part.stands_for, ResourceReference):
            known = part.stands_for.resource.echo(part.stands_for.attribute)
            parts.append(known if known is not None else part)
        else:
            parts.append(part)
    return _simplest(parts)


def why_unknown(text: PartialText) -> Unknown:
    """Why a text with gaps is not known as a whole."""
    return why_deployed(text.gaps[0].stands_for)


def why_deployed(value: ResourceReference | Unknown) -> Unknown:
    """Why a reference has no value in the text."""
    if isinstance(value, Unknown):
        return value
    return Unknown(f"{value.expression} is known only after deployment")


def _parts(name: str, value: object) -> Iterable[str | Gap]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, PartialText):
        return value.parts
    if isinstance(value, ResourceReference):
        return (Gap(name or value.expression, value),)
    if isinstance(value, OpenParameter):
        return (Gap(name or value.parameter, value),)
    if isinstance(value, Unknown):
        return (Gap(name or "unknown", value),)
    if isinstance(value, ParameterStorePath):
        return (Gap(name or "unknown", Unknown("it stands in the Parameter Store")),)
    if isinstance(value, SymbolicZone):
        return (Gap(name or "zone", Unknown("the account decides which zone it is")),)
    return (Gap(name or "unknown", Unknown("it is not a text")),)


def _simplest(parts: Sequence[str | Gap]) -> object:
    merged: list[str | Gap] = []
    for is_text, group in groupby(parts, lambda part: isinstance(part, str)):
        if is_text:
            merged += filter(None, ["".join(str(part) for part in group)])
        else:
            merged += group
    if not merged:
        return ""
    if any(isinstance(part, str) and _DYNAMIC in part for part in merged):
        return _without_dynamic_references(merged)
    if len(merged) == 1:
        only = merged[0]
        return only if isinstance(only, str) else only.stands_for
    return PartialText(tuple(merged))


def _without_dynamic_references(parts: Sequence[str | Gap]) -> object:
    found = _STORE_REFERENCE.fullmatch(str(PartialText(tuple(parts))).strip())
    if found is not None:
        return ParameterStorePath(found[1])
    filled_in = Gap("resolve", Unknown("a dynamic reference fills it in at deployment"))
    remaining: list[str | Gap] = []
    for part in parts:
        if isinstance(part, str):
            # A reference with a gap inside it has lost its end to the next part: the rest of this part goes with it.
            first, *others = _DYNAMIC_REFERENCE.split(part)
            remaining.append(first)
            for other in others:
                remaining += [filled_in, other]
        else:
            remaining.append(part)
    kept = tuple(part for part in remaining if part != "")
    return filled_in.stands_for if kept == (filled_in,) else PartialText(kept)

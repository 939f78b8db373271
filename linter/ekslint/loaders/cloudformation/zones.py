"""Availability zones: which of them are certainly different, though nobody knows their names."""

from collections.abc import Sequence
from dataclasses import replace

from ekslint.facts.regions import ZoneKind, zone_id_kind, zone_kind
from ekslint.loaders.cloudformation.fields import text
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import (
    Gap,
    OpenParameter,
    PartialText,
    ResourceReference,
    SymbolicZone,
    for_each_branch,
    mapped,
)
from ekslint.model.reading import PartialSequence, Reading, Source, Unknown

_NAMED = "named"
_SYMBOL = "zone #"
_OF_PARAMETER = " of "
_LONGEST_LETTER = 2
_LONGEST_CHAIN = 8


def zone(reading: Reading, depth: int = 0) -> Reading:
    """A zone: its name, or a `SymbolicZone`; Unknown where nothing tells it from others."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        if value is None or isinstance(value, SymbolicZone):
            return leaf
        if isinstance(value, OpenParameter) and value.index is not None:
            # The items of a list of zones are different zones; two parameters may well be the same one.
            of_list = value.parameter
            return Reading(SymbolicZone(f"{_SYMBOL}{value.index} of {of_list}", f"zones of {of_list}"), leaf.source)
        if isinstance(value, ResourceReference) and value.attribute == "AvailabilityZone" and depth < _LONGEST_CHAIN:
            of_other = zone(value.resource.get("AvailabilityZone"), depth + 1)
            return for_each_branch(of_other, lambda found: Reading(found.value, leaf.source))
        if isinstance(value, PartialText):
            return Reading(_lettered(value) or text(leaf).value, leaf.source)
        return text(leaf)

    return for_each_branch(reading, convert)


def zone_by_id(reading: Reading) -> Reading:
    """A zone of which the ID is given: it is told from other IDs, but which name it has differs among accounts."""
    return for_each_branch(
        text(reading),
        lambda leaf: (
            Reading(SymbolicZone(f"{_SYMBOL}{leaf.value}", "zone IDs"), leaf.source)
            if isinstance(leaf.value, str)
            else leaf
        ),
    )


def zone_of_template(reading: Reading, path: str) -> Reading:
    """A zone of another template, whose parameters are not the same as those of this one that are called so."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        if isinstance(value, SymbolicZone) and _OF_PARAMETER in value.family:
            return Reading(replace(value, family=f"{value.family} in {path}"), leaf.source)
        return leaf

    return for_each_branch(reading, convert)


def kind_of(zone: str) -> ZoneKind | None:
    """What kind of zone the name of `zone_name` stands for; None where it does not tell."""
    return zone_kind(zone) or zone_id_kind(zone.removeprefix(_SYMBOL))


def zone_name(reading: Reading) -> Reading:
    """The name of a zone, or how it is called for want of one: `zone #0`, `zone #a`."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        return Reading(value.name if isinstance(value, SymbolicZone) else value, leaf.source)

    return mapped(reading, convert)


def distinct(zones: Sequence[Reading], source: Source) -> Reading:
    """The different ones among some zones, none of them a choice; open where they cannot be told apart."""
    if not zones:
        return Reading(None, source)
    found: dict[str, Reading] = {}
    families: set[str] = set()
    is_open: Unknown | None = None
    for each in zones:
        value = each.value
        if value is None or isinstance(value, Unknown):
            is_open = is_open or (value if value is not None else Unknown("nothing tells the zone of a subnet"))
            continue
        family = value.family if isinstance(value, SymbolicZone) else _NAMED
        if families and family not in families:
            is_open = is_open or Unknown("zones that are told in different ways may be the same")
            continue
        families.add(family)
        name = value.name if isinstance(value, SymbolicZone) else str(value)
        found.setdefault(name, Reading(name, each.source))
    if is_open is None:
        return Reading(tuple(found), source, dict(enumerate(found.values())))
    if len(zones) == 1:
        # One subnet is one zone, whichever it is.
        return Reading(PartialSequence([Reading(is_open, zones[0].source)]), source)
    return Reading(PartialSequence(list(found.values()), (is_open, source)), source)


def _lettered(value: PartialText) -> SymbolicZone | None:
    """`${AWS::Region}a`: a zone of the stack's region."""
    known = filled(value)
    match known.parts if isinstance(known, PartialText) else ():
        case (Gap(stands_for=OpenParameter(parameter=name)), str(letter)):
            if letter.isalpha() and len(letter) <= _LONGEST_LETTER:
                of_region = "" if name == "AWS::Region" else f" of {name}"
                return SymbolicZone(f"{_SYMBOL}{letter}{of_region}", f"letters{of_region}")
    return None

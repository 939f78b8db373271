"""CloudFormation's functions (user guide, "Intrinsic function reference"), as far as a text can tell what they give."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ekslint.loaders.cloudformation.parameters import item_of
from ekslint.loaders.cloudformation.plain_values import known_text, whole
from ekslint.loaders.cloudformation.texts import joined, split
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    PartialText,
    ResourceReference,
    SymbolicZone,
    ZoneList,
    combined,
    default_among,
    mapped,
)
from ekslint.model.reading import Reading, Source, Unknown

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.resolver import Resolver

_CHARACTERS_A_VISIT = 50  # searching a text for variables is slower than passing it on
_VARIABLE = re.compile(r"\$\{([^${}]*)\}")


Function = Callable[["Resolver", object, Source], Reading]


def call(resolver: "Resolver", name: str, argument: object, source: Source) -> Reading:
    """The value of one function call that stands at `source`."""
    function = _FUNCTIONS.get(name)
    if function is None:
        return Reading(Unknown(f"what {name} gives is known only at deployment"), source)
    return function(resolver, argument, source)


def _ref(resolver: "Resolver", argument: object, source: Source) -> Reading:
    name = resolver.substituted(argument) if isinstance(argument, str) else ""
    if name == "AWS::NoValue":
        return Reading(None, source)
    if name in resolver.bindings:
        return Reading(resolver.bindings[name], source)
    if name in resolver.parameters:
        reading = resolver.parameters.reading(name, source)
        if isinstance(reading.value, Listed):
            resolver.charge(len(reading.value.items))
        return reading
    if name in resolver.resources:
        return Reading(ResourceReference(resolver.resources[name]), source)
    return Reading(Unknown(f"the template has no {name or 'such reference'}"), source)


def _get_attribute(resolver: "Resolver", argument: object, source: Source) -> Reading:
    steps = argument.split(".", 1) if isinstance(argument, str) else argument
    if isinstance(steps, list) and len(steps) == 2:
        name, attribute = steps
        if isinstance(name, str) and isinstance(attribute, str):
            resource = resolver.resources.get(resolver.substituted(name))
            if resource is not None:
                return Reading(ResourceReference(resource, attribute), source)
    return Reading(Unknown("what Fn::GetAtt gives is known only after deployment"), source)


def _substitute(resolver: "Resolver", argument: object, source: Source) -> Reading:
    variables: Mapping[str, object] = {}
    text = argument
    if isinstance(argument, list) and len(argument) == 2:
        text, given = argument
        variables = given if isinstance(given, dict) else {}
    if not isinstance(text, str):
        return Reading(Unknown("Fn::Sub takes a text"), source)
    text = resolver.substituted(text)
    resolver.charge(len(text) // _CHARACTERS_A_VISIT)
    names: list[str] = []
    readings: list[Reading] = []
    end = 0
    for match in _VARIABLE.finditer(text):
        names += ["", match[1]]
        readings.append(Reading(text[end : match.start()], source))
        readings.append(_variable(resolver, match[1].strip(), variables, source))
        end = match.end()
    resolver.charge(len(readings))
    names.append("")
    readings.append(Reading(text[end:], source))
    return combined(readings, lambda each: joined(list(zip(names, each, strict=True)), source), source)


def _variable(resolver: "Resolver", name: str, variables: Mapping[str, object], source: Source) -> Reading:
    if name.startswith("!"):
        return Reading(f"${{{name[1:]}}}", source)
    if name in variables:
        return resolver.resolve(variables[name], source.child("Fn::Sub", 1, name))
    if "." in name:
        return _get_attribute(resolver, name, source)
    return _ref(resolver, name, source)


def _join(resolver: "Resolver", argument: object, source: Source) -> Reading:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str | None):
        return Reading(Unknown("Fn::Join takes a separator and a list"), source)
    separator = argument[0] or ""
    separators = Reading(separator, source)
    listed = resolver.resolve(argument[1], source.child("Fn::Join", 1))

    def join(reading: Reading) -> Reading:
        if not isinstance(reading.value, Listed):
            return Reading(Unknown("Fn::Join takes a list"), source)
        if reading.value.open is not None:
            return Reading(reading.value.open, source)

        def of_items(items: Sequence[Reading]) -> Reading:
            pieces: list[tuple[str, Reading]] = []
            for item in items:
                if item.value is None:
                    continue
                if pieces and separator:
                    pieces.append(("", separators))
                pieces.append(("", item))
            return joined(pieces, source)

        return combined(reading.value.items, of_items, source)

    return mapped(listed, join)


def _split(resolver: "Resolver", argument: object, source: Source) -> Reading:
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        return Reading(Unknown("Fn::Split takes a separator and a text"), source)
    separator: str = argument[0]
    text = resolver.resolve(argument[1], source.child("Fn::Split", 1))

    def pieces(reading: Reading) -> Reading:
        place = _at(source, reading)
        if isinstance(reading.value, str | PartialText):
            listed = split(reading.value, separator, place)
            resolver.charge(len(listed.items))
            return Reading(listed, place)
        return Reading(Unknown("it is known only after deployment"), source)

    return mapped(text, pieces)


def _select(resolver: "Resolver", argument: object, source: Source) -> Reading:
    if not isinstance(argument, list) or len(argument) != 2:
        return Reading(Unknown("Fn::Select takes an index and a list"), source)
    operands = [resolver.resolve(each, source.child("Fn::Select", index)) for index, each in enumerate(argument)]

    def select(readings: Sequence[Reading]) -> Reading:
        index, listed = readings
        number = _number(index.value)
        if number is None:
            return Reading(Unknown("the index is not known"), source)
        place = _at(source, index)
        value = listed.value
        if isinstance(value, ZoneList):
            of_region = f" of {value.region}" if value.region else ""
            return Reading(SymbolicZone(f"zone #{number}{of_region}", f"zones{of_region}"), place)
        if isinstance(value, OpenParameter) and value.index is None:
            return Reading(item_of(value, number, resolver.parameters), place)
        if not isinstance(value, Listed):
            return Reading(value if isinstance(value, Unknown) else Unknown("Fn::Select takes a list"), source)

        def of_items(items: Sequence[Reading]) -> Reading:
            present = [item for item in items if item.value is not None]
            if number < len(present):
                return Reading(present[number].value, _at(place, present[number]))
            return Reading(value.open or Unknown(f"the list has no item {number}"), source)

        return combined(value.items, of_items, source)

    return combined(operands, select, source)


def _zones(resolver: "Resolver", argument: object, source: Source) -> Reading:
    is_own = argument in (None, "") or argument == {"Ref": "AWS::Region"}
    region = Reading("", source) if is_own else resolver.resolve(argument, source)

    def zones(reading: Reading) -> Reading:
        return Reading(ZoneList(reading.value if isinstance(reading.value, str) else "?"), _at(source, reading))

    return mapped(region, zones)


def _find_in_map(resolver: "Resolver", argument: object, source: Source) -> Reading:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return Reading(Unknown("Fn::FindInMap takes a map and two keys"), source)
    operands = [resolver.resolve(each, source.child("Fn::FindInMap", index)) for index, each in enumerate(argument[:3])]

    def find(readings: Sequence[Reading]) -> Reading:
        name, first, second = (reading.value for reading in readings)
        table = resolver.mappings.get(name) if isinstance(name, str) else None
        if not isinstance(table, dict):
            return Reading(Unknown("the map is not in the template"), source)
        # Where a key is not known, what all rows have in common is.
        rows = [table.get(first)] if isinstance(first, str) else list(table.values())
        cells = [
            cell
            for row in rows
            if isinstance(row, dict)
            for cell in ([row.get(second)] if isinstance(second, str) else row.values())
        ]
        resolver.charge(len(rows) + len(cells))
        if cells and all(_is_cell(cell) and cell == cells[0] for cell in cells):
            found = resolver.resolve(cells[0], source)
            return Reading(found.value, _at(source, *readings))
        if len(cells) > 1:
            return Reading(Unknown(f"map {name} has several values for it"), source)
        return Reading(Unknown(f"map {name} has no value for it"), source)

    return combined(operands, find, source)


def _is_cell(node: object) -> bool:
    # A map holds texts and lists of them. Anything deeper could take for ever to compare.
    return isinstance(node, str) or (isinstance(node, list) and all(isinstance(item, str) for item in node))


def _base64(resolver: "Resolver", argument: object, source: Source) -> Reading:
    # What is encoded is never read as such: the text itself is what matters, and where it stands.
    return resolver.resolve(argument, source.child("Fn::Base64"))


def _cidr(resolver: "Resolver", argument: object, source: Source) -> Reading:
    if not isinstance(argument, list) or not 2 <= len(argument) <= 3:
        return Reading(Unknown("Fn::Cidr takes a block and a count"), source)
    operands = [resolver.resolve(each, source.child("Fn::Cidr", index)) for index, each in enumerate(argument)]

    def blocks(readings: Sequence[Reading]) -> Reading:
        block = known_text(readings[0].value)
        count = _number(readings[1].value)
        bits = _number(readings[2].value) if len(readings) == 3 else 8
        ranges = _ranges(block, count, bits)
        if ranges is None:
            return Reading(Unknown("the block is known only after deployment"), source)
        place = _at(source, *readings)
        return Reading(Listed(tuple(Reading(each, place) for each in ranges)), place)

    return combined(operands, blocks, source)


def _ranges(block: str | None, count: int | None, host_bits: int | None) -> list[str] | None:
    from ipaddress import ip_network
    from itertools import islice

    if block is None or count is None or host_bits is None or not 0 < count <= 256:
        return None
    try:
        network = ip_network(block, strict=False)
        subnets = network.subnets(new_prefix=network.max_prefixlen - host_bits)
        return [str(subnet) for subnet in islice(subnets, count)]
    except ValueError:
        return None


def _length(resolver: "Resolver", argument: object, source: Source) -> Reading:
    listed = resolver.resolve(argument, source.child("Fn::Length"))

    def count(reading: Reading) -> Reading:
        value = reading.value
        if not isinstance(value, Listed) or value.open is not None:
            return Reading(Unknown("the length of the list is not known"), source)
        return combined(
            value.items,
            lambda items: Reading(str(sum(item.value is not None for item in items)), _at(source, reading)),
            source,
        )

    return mapped(listed, count)


def _json(resolver: "Resolver", argument: object, source: Source) -> Reading:
    plain = whole(resolver.resolve(argument, source.child("Fn::ToJsonString")))
    if isinstance(plain, Unknown):
        return Reading(plain, source)
    return Reading(json.dumps(plain), source)


def _at(source: Source, *readings: Reading) -> Source:
    parameter = source.by_default or default_among(readings)
    return source if parameter == source.by_default else Source(source.document, source.path, parameter)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4 else None


_FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_attribute,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _substitute,
    "Fn::ToJsonString": _json,
}

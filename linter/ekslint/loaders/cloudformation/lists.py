"""CloudFormation's functions that make lists, or take them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ekslint.loaders.cloudformation.parameters import item_of
from ekslint.loaders.cloudformation.plain_values import known_text
from ekslint.loaders.cloudformation.texts import joined, split
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    PartialText,
    ResourceElsewhere,
    SymbolicZone,
    ZoneList,
    combined,
    for_each_branch,
    mapped,
    may_hold_several,
    with_default_of,
)
from ekslint.model.reading import Reading, Source, Unknown

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.resolver import Resolver


def join(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::Join`."""
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str | None):
        return Reading(Unknown("Fn::Join takes a separator and a list"), source)
    separator = argument[0] or ""
    separators = Reading(separator, source)
    listed = resolver.resolve(argument[1], source.child("Fn::Join", 1))

    def of_list(reading: Reading) -> Reading:
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

    return mapped(listed, of_list)


def pieces(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::Split`."""
    if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[0], str) or not argument[0]:
        return Reading(Unknown("Fn::Split takes a separator and a text"), source)
    separator: str = argument[0]
    text = resolver.resolve(argument[1], source.child("Fn::Split", 1))

    def of_text(reading: Reading) -> Reading:
        place = with_default_of(source, reading)
        if isinstance(reading.value, str | PartialText):
            listed = split(reading.value, separator, place)
            resolver.charge(len(listed.items))
            return Reading(listed, place)
        if isinstance(reading.value, ResourceElsewhere) and not may_hold_several(reading.value):
            return Reading(Listed((Reading(reading.value, place),)), place)
        if reading.value is None or isinstance(reading.value, Unknown):
            return reading
        return Reading(Unknown("it is known only after deployment"), source)

    return for_each_branch(text, of_text)


def select(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::Select`."""
    if not isinstance(argument, list) or len(argument) != 2:
        return Reading(Unknown("Fn::Select takes an index and a list"), source)
    operands = [resolver.resolve(each, source.child("Fn::Select", index)) for index, each in enumerate(argument)]

    def choose(readings: Sequence[Reading]) -> Reading:
        index, listed = readings
        number = _number(index.value)
        if number is None:
            return Reading(Unknown("the index is not known"), source)
        place = with_default_of(source, index)
        value = listed.value
        if isinstance(value, ZoneList):
            suffix = f" of {value.region}" if value.region else ""
            return Reading(SymbolicZone(f"zone #{number}{suffix}", f"zones{suffix}"), place)
        if isinstance(value, OpenParameter) and value.index is None:
            return Reading(item_of(value, number, resolver.parameters), place)
        if not isinstance(value, Listed):
            return Reading(value if isinstance(value, Unknown) else Unknown("Fn::Select takes a list"), source)

        def of_items(items: Sequence[Reading]) -> Reading:
            present = [item for item in items if item.value is not None]
            if number < len(present):
                return Reading(present[number].value, with_default_of(place, present[number]))
            return Reading(value.open or Unknown(f"the list has no item {number}"), source)

        return combined(value.items, of_items, source)

    return combined(operands, choose, source)


def zones(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::GetAZs`."""
    is_own = argument in (None, "") or argument == {"Ref": "AWS::Region"}
    region = Reading("", source) if is_own else resolver.resolve(argument, source)

    def of_region(reading: Reading) -> Reading:
        return Reading(
            ZoneList(reading.value if isinstance(reading.value, str) else "?"), with_default_of(source, reading)
        )

    return mapped(region, of_region)


def cidr(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::Cidr`."""
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
        place = with_default_of(source, *readings)
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


def length(resolver: "Resolver", argument: object, source: Source) -> Reading:
    """`Fn::Length`."""
    listed = resolver.resolve(argument, source.child("Fn::Length"))

    def count(reading: Reading) -> Reading:
        value = reading.value
        if not isinstance(value, Listed) or value.open is not None:
            return Reading(Unknown("the length of the list is not known"), source)
        return combined(
            value.items,
            lambda items: Reading(str(sum(item.value is not None for item in items)), with_default_of(source, reading)),
            source,
        )

    return mapped(listed, count)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 4 else None

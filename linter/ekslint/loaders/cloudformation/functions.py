"""CloudFormation's functions (user guide, "Intrinsic function reference"), as far as a text can tell what they give."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ekslint.loaders.cloudformation import lists
from ekslint.loaders.cloudformation.plain_values import whole
from ekslint.loaders.cloudformation.texts import joined
from ekslint.loaders.cloudformation.values import (
    Listed,
    ResourceReference,
    combined,
    for_each_branch,
    is_unknown,
    with_default_of,
)
from ekslint.model.reading import Reading, Source, Unknown

if TYPE_CHECKING:
    from ekslint.loaders.cloudformation.resolver import Resolver

_CHARACTERS_A_VISIT = 50  # searching a text for variables is slower than passing it on
_VISITS_AN_IMPORT = 100  # the exports of all other templates are gone through
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
                given = resolver.others.output(resource, attribute, source) if resolver.others is not None else None
                # What is not known there is at least equal to itself here.
                if given is not None and not is_unknown(given.value):
                    return given
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
            # The items of a list came by the same default as the list.
            place = with_default_of(source, *readings)
            return Reading(resolver.resolve(cells[0], place).value, place)
        if len(cells) > 1:
            return Reading(Unknown(f"map {name} has several values for it"), source)
        return Reading(Unknown(f"map {name} has no value for it"), source)

    return combined(operands, find, source)


def _is_cell(node: object) -> bool:
    # A map holds texts and lists of them. Anything deeper could take for ever to compare.
    return isinstance(node, str) or (isinstance(node, list) and all(isinstance(item, str) for item in node))


def _import(resolver: "Resolver", argument: object, source: Source) -> Reading:
    resolver.charge(_VISITS_AN_IMPORT)
    name = resolver.resolve(argument, source.child("Fn::ImportValue"))

    def convert(leaf: Reading) -> Reading:
        if resolver.others is None:
            return Reading(Unknown("another template exports it"), source)
        return resolver.others.imported(leaf.value, source)

    return for_each_branch(name, convert)


def _base64(resolver: "Resolver", argument: object, source: Source) -> Reading:
    # What is encoded is never read as such: the text itself is what matters, and where it stands.
    return resolver.resolve(argument, source.child("Fn::Base64"))


def _json(resolver: "Resolver", argument: object, source: Source) -> Reading:
    plain = whole(resolver.resolve(argument, source.child("Fn::ToJsonString")))
    if isinstance(plain, Unknown):
        return Reading(plain, source)
    return Reading(json.dumps(plain), source)


_FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": lists.cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": lists.zones,
    "Fn::GetAtt": _get_attribute,
    "Fn::ImportValue": _import,
    "Fn::Join": lists.join,
    "Fn::Length": lists.length,
    "Fn::Select": lists.select,
    "Fn::Split": lists.pieces,
    "Fn::Sub": _substitute,
    "Fn::ToJsonString": _json,
}

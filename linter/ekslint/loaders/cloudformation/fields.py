"""Making fields of the model out of what a template's expressions come to."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.texts import filled, store_path, why_deployed, why_unknown
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    ParameterStorePath,
    PartialText,
    ResourceReference,
    SymbolicZone,
    combined,
    for_each_branch,
    mapped,
)
from ekslint.model.reading import Choice, PartialMapping, PartialSequence, Reading, Source, Unknown
from ekslint.source.tree import Step

_DEEPEST = 30
# What identifies a resource wherever it is named; other attributes name something else that belongs to it.
_IDENTITIES = frozenset({"", "Arn", "GroupId", "SubnetId", "VpcId", "Id", "RoleId", "LaunchTemplateId"})

Convert = Callable[[Reading], Reading]


def text(reading: Reading) -> Reading:
    """A text."""
    return mapped(reading, _text)


def name(reading: Reading) -> Reading:
    """A text that names something: an empty one is a default that everybody has to replace."""
    return without_empty_default(text(reading))


def without_empty_default(reading: Reading) -> Reading:
    """The same; unknown where it is the empty default of a parameter, which everybody has to replace."""

    def convert(leaf: Reading) -> Reading:
        if leaf.value == "" and leaf.source.by_default is not None:
            return Reading(Unknown(f"parameter {leaf.source.by_default} has an empty default"), leaf.source)
        return leaf

    return mapped(reading, convert)


def integer(reading: Reading) -> Reading:
    """A whole number."""

    def convert(leaf: Reading) -> Reading:
        digits = str(leaf.value).strip()
        if digits.removeprefix("-").isascii() and digits.removeprefix("-").isdigit() and len(digits) < 16:
            return Reading(int(digits), leaf.source)
        return Reading(Unknown("it is not a whole number"), leaf.source)

    return mapped(text(reading), convert)


def boolean(reading: Reading) -> Reading:
    """True or false."""

    def convert(leaf: Reading) -> Reading:
        word = str(leaf.value).strip().lower()
        if word in {"true", "false"}:
            return Reading(word == "true", leaf.source)
        return Reading(Unknown("it is neither true nor false"), leaf.source)

    return mapped(text(reading), convert)


def identifier(reading: Reading) -> Reading:
    """What names a resource: its logical name if it is one of the template's, else an ARN, ID or name as written."""

    def convert(leaf: Reading) -> Reading:
        if isinstance(leaf.value, ResourceReference):
            return Reading(identity_of(leaf.value), leaf.source)
        return name(leaf)

    return mapped(reading, convert)


def identity_of(reference: ResourceReference) -> str:
    """`NodeRole` for the role itself, however it is referred to; `Cluster.ClusterSecurityGroupId` for what it owns."""
    is_itself = reference.attribute in _IDENTITIES
    return reference.resource.logical_id if is_itself else reference.expression


def rendered(reading: Reading) -> Reading:
    """A text in which logical names stand for resources, and `${Name}` for what is not known."""

    def convert(leaf: Reading) -> Reading:
        value = leaf.value
        if isinstance(value, ResourceReference):
            return Reading(identity_of(value), leaf.source)
        if isinstance(value, PartialText):
            return Reading(str(filled(value)), leaf.source)
        return text(leaf)

    return mapped(reading, convert)


def comparable(reading: Reading) -> Reading:
    """As `rendered`; a parameter without default, which is equal to itself, is `${Name}` too."""

    def convert(leaf: Reading) -> Reading:
        if isinstance(leaf.value, OpenParameter) and leaf.value.index is None:
            return Reading(f"${{{leaf.value.parameter}}}", leaf.source)
        return rendered(leaf)

    return for_each_branch(reading, convert)


def image(reading: Reading) -> Reading:
    """An image: its ID, or the Parameter Store path that leads to it."""

    def convert(leaf: Reading) -> Reading:
        path = store_path(leaf.value)
        return Reading(path, leaf.source) if path is not None else name(leaf)

    return mapped(reading, convert)


def listed(reading: Reading) -> Reading:
    """The same, with a lone value as a list of one (CloudFormation takes it so)."""

    def convert(leaf: Reading) -> Reading:
        if isinstance(leaf.value, Listed):
            return leaf
        if isinstance(leaf.value, Entries) and leaf.value.open is None:
            return Reading(Unknown("it is not a list"), leaf.source)
        return Reading(Listed((leaf,)), leaf.source)

    return mapped(reading, convert)


def sequence(reading: Reading, convert: Convert) -> Reading:
    """A list, each of its items converted."""

    def of_list(leaf: Reading) -> Reading:
        value: Listed = leaf.value
        return sequence_of([convert(item) for item in value.items], leaf.source, value.open)

    return mapped(listed(reading), of_list)


def sequence_of(items: Iterable[Reading], source: Source, is_open: Unknown | None = None) -> Reading:
    """A list of readings as a field: plain where everything is known."""
    present = [item for item in items if item.value is not None]
    if is_open is None and not any(isinstance(item.value, Unknown | Choice) for item in present):
        return Reading(tuple(item.value for item in present), source, dict(enumerate(present)))
    return Reading(PartialSequence(present, (is_open, source) if is_open is not None else None), source)


def mapping(reading: Reading, convert: Convert) -> Reading:
    """A mapping, each of its values converted."""

    def of_entries(leaf: Reading) -> Reading:
        value = leaf.value
        if not isinstance(value, Entries):
            return Reading(Unknown("it is not a mapping"), leaf.source)
        return mapping_of({key: convert(member(leaf, key)) for key in value}, leaf.source, value.open)

    return mapped(reading, of_entries)


def mapping_of(items: Mapping[str, Reading], source: Source, is_open: Unknown | None = None) -> Reading:
    """A mapping of readings as a field: plain where everything is known."""
    present = {key: item for key, item in items.items() if item.value is not None}
    if is_open is None and not any(isinstance(item.value, Unknown | Choice) for item in present.values()):
        parts: dict[Step, Reading] = {key: item for key, item in present.items()}  # noqa: C416 - widens the key
        return Reading({key: item.value for key, item in present.items()}, source, parts)
    return Reading(PartialMapping(present, (is_open, source) if is_open is not None else None), source)


def pairs(reading: Reading, key: str = "Key", value: str = "Value") -> Reading:
    """A list of `{Key: …, Value: …}` as a mapping of texts."""

    def of_list(leaf: Reading) -> Reading:
        return combined(leaf.value.items, lambda items: _pairs(items, leaf, key, value), leaf.source)

    return mapped(listed(reading), of_list)


def _pairs(items: Sequence[Reading], leaf: Reading, key: str, value: str) -> Reading:
    found: dict[str, Reading] = {}
    is_open = leaf.value.open
    for item in items:
        if item.value is None:
            continue
        name_of_item = text(member(item, key)).value
        if isinstance(name_of_item, str):
            found[name_of_item] = text(member(item, value))
        else:
            is_open = is_open or Unknown("a key is known only after deployment")
    return mapping_of(found, leaf.source, is_open)


def tree(reading: Reading, depth: int = 0) -> Reading:
    """Mappings, lists and texts as they are, to any reasonable depth."""

    def convert(leaf: Reading) -> Reading:
        if depth > _DEEPEST:
            return Reading(Unknown("it is nested too deeply"), leaf.source)
        value: Any = leaf.value
        if isinstance(value, Entries):
            return mapping(leaf, lambda each: tree(each, depth + 1))
        if isinstance(value, Listed):
            return sequence(leaf, lambda each: tree(each, depth + 1))
        return text(leaf)

    return mapped(reading, convert)


def in_camel_case(reading: Reading, numbers: Set[str] = frozenset()) -> Reading:
    """A mapping whose keys are spelled as the API and eksctl spell them (`maxUnavailable`); some hold numbers."""

    def of_entries(leaf: Reading) -> Reading:
        value = leaf.value
        if not isinstance(value, Entries):
            return Reading(Unknown("it is not a mapping"), leaf.source)
        items: dict[str, Reading] = {}
        for key in value:
            name_of_field = key[:1].lower() + key[1:]
            convert = integer if name_of_field in numbers else tree
            items[name_of_field] = convert(member(leaf, key))
        return mapping_of(items, leaf.source, value.open)

    return mapped(reading, of_entries)


def _text(leaf: Reading) -> Reading:
    value = leaf.value
    if isinstance(value, PartialText):
        value = filled(value)
    if isinstance(value, str):
        return Reading(value, leaf.source)
    if isinstance(value, PartialText):
        return Reading(why_unknown(value), leaf.source)
    if isinstance(value, ResourceReference):
        known = value.resource.echo(value.attribute)
        return Reading(known if known is not None else why_deployed(value), leaf.source)
    if isinstance(value, Unknown):
        return leaf
    if isinstance(value, ParameterStorePath):
        return Reading(Unknown(f"it stands in the Parameter Store, at {value.path}"), leaf.source)
    if isinstance(value, SymbolicZone):
        return Reading(Unknown("the account decides which zone it is"), leaf.source)
    return Reading(Unknown("it is not a text"), leaf.source)

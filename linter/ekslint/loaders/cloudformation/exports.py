"""What the templates of a run export, and what `Fn::ImportValue` in another of them gets.

The names of exports are mostly put together from the name of a stack, which no template knows: `${AWS::StackName}-VPC`
here, `${NetworkStack}-VPC` there. Two names are the same if what is written of them is; a template's neighbours count
before templates from elsewhere, and of several nobody knows which one is meant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from ekslint.loaders.cloudformation.template import Template
from ekslint.loaders.cloudformation.texts import filled, literal
from ekslint.loaders.cloudformation.values import Gap, Listed, PartialText, ResourceReference
from ekslint.model.reading import Choice, Reading, Source, Unknown
from ekslint.model.world import World
from ekslint.source.tree import Document

_GAP = "\0"
_LONGEST_NAME = 400
_LEAST_WRITTEN = 2
"""Letters and digits, for two names with gaps to be compared by them."""
_LONGEST_CHAIN = 4
_MOST_EXPORTS = 2_000
_MOST_ITEMS = 100
_ARN_OF_ROLE = ("AWS::IAM::Role", "Arn")
_FROM_ELSEWHERE = Unknown("another template knows it, and its stack")


@dataclass(frozen=True, slots=True)
class ImportedResource(Unknown):
    """A resource of another template: what is known of it stands there."""

    path: str
    number: int
    """Of the document in its file."""
    resource: str
    """`AWS::EKS::Cluster/Cluster`."""


class _Export(NamedTuple):
    template: Template
    output: str
    name: str
    """With a gap for everything that is not known."""


class Exports:
    """The outputs of all templates of a run that have a name for others."""

    def __init__(self, documents: Sequence[Document], world: World) -> None:
        self._documents = [document for document in documents if "Export" in document.source.text]
        self._world = world
        self._found: list[_Export] | None = None
        self._values: dict[tuple[str, int, str], Reading] = {}
        self._depth = 0

    def imported(self, name: object, source: Source) -> Reading:
        """What an import of this name at `source` comes to; unknown unless just one template in reach exports it."""
        wanted = _comparable(name)
        if wanted is None or self._depth >= _LONGEST_CHAIN:
            return Reading(Unknown("the name of the import is known only at deployment"), source)
        self._depth += 1
        try:
            if self._found is None:
                self._found = []  # what is asked for meanwhile, by an export that imports, is not found
                self._found = list(islice(self._exports(), _MOST_EXPORTS))
            found = [each for each in self._found if _is_same(wanted, each.name)]
            folder = _folder(source.document)
            near = [each for each in found if _folder(each.template.document) == folder] or found
            if len(near) != 1:
                why = "several templates export it" if near else "no template in these files exports it"
                return Reading(Unknown(why), source)
            [export] = near
            return _for_others(self._value(export), source)
        finally:
            self._depth -= 1

    def _value(self, export: _Export) -> Reading:
        place = Source(export.template.document, ("Outputs", export.output, "Value"))
        key = (place.document.source.path, place.document.number, export.output)
        if key not in self._values:
            self._values[key] = export.template.resolver.resolve(place.document.value(place.path), place)
        return self._values[key]

    def _exports(self) -> Iterator[_Export]:
        for document in self._documents:
            outputs = document.root.get("Outputs") if isinstance(document.root, dict) else None
            if not isinstance(outputs, dict):
                continue
            template = Template(document, self._world, self.imported)
            for key, output in outputs.items():
                export = output.get("Export") if isinstance(output, dict) else None
                if isinstance(export, dict) and "Name" in export:
                    place = Source(document, ("Outputs", key, "Export", "Name"))
                    name = _comparable(template.resolver.resolve(export["Name"], place).value)
                    if name is not None:
                        yield _Export(template, key, name)


def _comparable(value: object) -> str | None:
    """A name with its gaps; None where hardly anything of it is written."""
    if isinstance(value, PartialText):
        value = filled(value)
    if isinstance(value, PartialText):
        value = "".join(part if isinstance(part, str) else _GAP for part in value.parts)
    if not isinstance(value, str) or len(value) > _LONGEST_NAME:
        return None
    return value if sum(map(str.isalnum, value)) >= _LEAST_WRITTEN else None


def _is_same(one: str, other: str) -> bool:
    if one == other:
        return True
    pattern, text = (one, other) if _GAP in one else (other, one)
    if _GAP in text or _GAP not in pattern:
        return False
    # No regular expression: strangers write both sides.
    first, *between, last = pattern.split(_GAP)
    if not text.startswith(first) or not text.endswith(last):
        return False
    start, end = len(first), len(text) - len(last)
    for piece in between:
        start = text.find(piece, start + 1, end - 1)
        if start < 0:
            return False
        start += len(piece)
    return start < end


def _folder(document: Document) -> str:
    return document.source.path.rpartition("/")[0]


def _for_others(reading: Reading, source: Source) -> Reading:
    """A value of one template as another one sees it: its parameters and resources mean nothing there."""
    place = source if reading.source.by_default is None else replace(source, by_default=reading.source.by_default)
    value = reading.value
    if isinstance(value, Choice):
        branches = (_for_others(branch, source) for branch in (value.if_true, value.if_false))
        return Reading(Choice(value.condition, *branches), place)
    if isinstance(value, Listed) and len(value.items) <= _MOST_ITEMS:
        items = tuple(_for_others(item, source) for item in value.items)
        return Reading(Listed(items, None if value.open is None else _FROM_ELSEWHERE), place)
    if isinstance(value, ResourceReference):
        return Reading(_resource(value), place)
    if isinstance(value, PartialText):
        whole = filled(value)
        if isinstance(whole, PartialText):
            whole = PartialText(
                tuple(part if isinstance(part, str) else Gap(part.name, _FROM_ELSEWHERE) for part in whole.parts)
            )
        return Reading(whole, place)
    if isinstance(value, str) or value is None:
        return Reading(value, place)
    return Reading(_FROM_ELSEWHERE, place)


def _resource(reference: ResourceReference) -> object:
    """What a template says of the resource that it exports: its name, or at least which one it is."""
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
    return ImportedResource(why, document.source.path, document.number, resource.identity)

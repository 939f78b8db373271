"""What the templates of a run give each other: by exports and imports, and by stacks within stacks.

The names of exports are mostly put together from the name of a stack, which no template knows: `${AWS::StackName}-VPC`
here, `${NetworkStack}-VPC` there. Two names are the same if what is written of them is; a template's neighbours count
before templates from elsewhere, and of several nobody knows which one is meant.
"""

import posixpath
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ekslint.loaders.cloudformation.elsewhere import ResourceElsewhere, from_elsewhere
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import Listed, PartialText
from ekslint.model.reading import Reading, Source, Unknown
from ekslint.model.world import World
from ekslint.source.tree import Document

NESTED_STACK = "AWS::CloudFormation::Stack"
_GAP = "\0"
_LONGEST_NAME = 400
_LEAST_WRITTEN = 2
"""Letters and digits, for two names with gaps to be compared by them."""
_LONGEST_CHAIN = 4
_MOST_EXPORTS = 2_000
_OUTPUTS = "Outputs."

_Key = tuple[str, int]


class _Export(NamedTuple):
    document: Document
    output: str
    name: str
    """With a gap for everything that is not known."""


class Stacks:
    """The templates of a run, as far as one of them has to do with another."""

    def __init__(self, documents: Sequence[Document], world: World) -> None:
        self._documents = documents
        self._world = world
        self._templates: dict[_Key, Template | None] = {}
        self._exported: list[_Export] | None = None
        self._nested: dict[_Key, list[Resource]] | None = None
        self._outputs: dict[tuple[_Key, str], Reading] = {}
        self._depth = 0

    def imported(self, name: object, source: Source) -> Reading:
        """What an import of this name at `source` comes to; unknown unless just one template in reach exports it."""
        wanted = _comparable(name)
        if wanted is None:
            return Reading(Unknown("the name of the import is known only at deployment"), source)
        if self._exported is None:
            self._exported = []  # what is asked for meanwhile, by an export that imports, is not found
            self._exported = list(islice(self._exports(), _MOST_EXPORTS))
        found = [each for each in self._exported if _is_same(wanted, each.name)]
        folder = _folder(source.document)
        near = [each for each in found if _folder(each.document) == folder] or found
        if len(near) != 1:
            why = "several templates export it" if near else "no template in these files exports it"
            return Reading(Unknown(why), source)
        return from_elsewhere(self._output(near[0].document, near[0].output), source)

    def output(self, stack: Resource, attribute: str, source: Source) -> Reading | None:
        """What `GetAtt` gives of a stack within a template, at `source`; None if no file here has that template."""
        child = self._template_of(stack) if attribute.startswith(_OUTPUTS) else None
        if child is None:
            return None
        return from_elsewhere(self._output(child, attribute.removeprefix(_OUTPUTS)), source)

    def given(self, document: Document, parameter: str, source: Source) -> Reading | None:
        """What the only stack of a template sets a parameter to, where that is known; None otherwise."""
        if self._nested is None:
            self._nested = {}  # what parents are given themselves while they are looked for is not found
            self._nested = self._stacks_by_template()
        stacks = self._nested.get(_key(document), ())
        if len(stacks) != 1 or self._depth >= _LONGEST_CHAIN:
            return None
        self._depth += 1
        try:
            found = from_elsewhere(stacks[0].get("Parameters", parameter), source)
        finally:
            self._depth -= 1
        return found if _is_known(found.value) else None

    def _output(self, document: Document, name: str) -> Reading:
        source = Source(document, ("Outputs", name, "Value"))
        template = self._template(document) if self._depth < _LONGEST_CHAIN else None
        if template is None:
            return Reading(Unknown("templates ask each other in a circle"), source)
        key = (_key(document), name)
        if key not in self._outputs:
            self._depth += 1
            try:
                self._outputs[key] = template.resolver.resolve(document.value(source.path), source)
            finally:
                self._depth -= 1
        return self._outputs[key]

    def _template(self, document: Document) -> Template | None:
        """The template in a document; None while it is being read: its conditions may ask for its own parameters."""
        key = _key(document)
        if key not in self._templates:
            self._templates[key] = None
            self._templates[key] = Template(document, self._world, self)
        return self._templates[key]

    def _exports(self) -> Iterator[_Export]:
        for document in self._documents:
            outputs = document.root.get("Outputs") if isinstance(document.root, dict) else None
            if not isinstance(outputs, dict) or "Export" not in document.source.text:
                continue
            for key, output in outputs.items():
                export = output.get("Export") if isinstance(output, dict) else None
                template = self._template(document)
                if template is not None and isinstance(export, dict) and "Name" in export:
                    place = Source(document, ("Outputs", key, "Export", "Name"))
                    name = _comparable(template.resolver.resolve(export["Name"], place).value)
                    if name is not None:
                        yield _Export(document, key, name)

    def _stacks_by_template(self) -> dict[_Key, list[Resource]]:
        found: dict[_Key, list[Resource]] = {}
        for document in self._documents:
            template = self._template(document) if NESTED_STACK in document.source.text else None
            for stack in template.of_type(NESTED_STACK) if template is not None else ():
                child = self._template_of(stack)
                if child is not None:
                    found.setdefault(_key(child), []).append(stack)
        return found

    def _template_of(self, stack: Resource) -> Document | None:
        """The document of a stack's template, if its address is a path from the file that the stack stands in."""
        if stack.type != NESTED_STACK:
            return None
        address = stack.get("TemplateURL").value
        if not isinstance(address, str) or "://" in address or address.startswith("/"):
            return None
        path = posixpath.normpath(posixpath.join(_folder(stack.source.document), address))
        return next((each for each in self._documents if each.source.path == path), None)


def _key(document: Document) -> _Key:
    return document.source.path, document.number


def _folder(document: Document) -> str:
    return document.source.path.rpartition("/")[0]


def _is_known(value: object) -> bool:
    if isinstance(value, Listed):
        return value.open is None and all(_is_known(item.value) for item in value.items)
    return isinstance(value, str | ResourceElsewhere)


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

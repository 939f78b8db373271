"""What the templates of a run give each other: by exports and imports, and by stacks within stacks.

The names of exports are mostly put together from the name of a stack, which no template knows: `${AWS::StackName}-VPC`
here, `${NetworkStack}-VPC` there. Two names are the same if what is written of them is; a template's neighbours count
before templates from elsewhere, and of several nobody knows which one is meant.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ekslint.loaders.cloudformation.conditions import branches
from ekslint.loaders.cloudformation.elsewhere import from_elsewhere
from ekslint.loaders.cloudformation.export_names import GAP, comparable, filling, is_same, shared_folders
from ekslint.loaders.cloudformation.identities import ATTACHED_POLICIES, ROLE, Identities, roles_of
from ekslint.loaders.cloudformation.network import Network
from ekslint.loaders.cloudformation.plain_values import known_text
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import Listed, PartialText, ResourceElsewhere
from ekslint.model.reading import Reading, Source, Unknown
from ekslint.model.world import World
from ekslint.source.tree import Document, TooManyNodes, walk

NESTED_STACK = "AWS::CloudFormation::Stack"
_LONGEST_CHAIN = 4
_MOST_EXPORTS = 2_000
_MOST_NODES = 50_000
_IMPORT = "Fn::ImportValue"
_OUTPUTS = "Outputs."
_ATTACHED_POLICY = re.compile(r"AWS::IAM::(?:Managed|Role)?Policy\b")
_NOT_SAID = Unknown("the template around this one sets it to something that is known only at deployment")

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
        self._by_key = {_key(document): document for document in documents}
        self._by_path = {document.source.path: document for document in reversed(documents)}
        self._world = world
        self._templates: dict[_Key, Template | None] = {}
        self._identities: dict[_Key, Identities | None] = {}
        self._networks: dict[_Key, Network | None] = {}
        self._policies: dict[object, list[Resource]] | None = None
        self._exported: list[_Export] | None = None
        self._imported_as: dict[_Key, set[str]] | None = None
        self._found: dict[str, Sequence[_Export]] = {}
        self._nearest_to: dict[tuple[str, str], Sequence[_Export]] = {}
        self._nested: dict[_Key, list[Resource]] | None = None
        self._outputs: dict[tuple[_Key, str], Reading] = {}
        self._depth = 0

    def imported(self, name: object, source: Source) -> Reading:
        """What an import of this name at `source` comes to; unknown unless just one template in reach exports it."""
        wanted = comparable(name)
        if wanted is None:
            return Reading(Unknown("the name of the import is known only at deployment"), source)
        near = self._nearest(wanted, source.document)
        if len(near) != 1:
            why = "several templates export it" if near else "no template in these files exports it"
            return Reading(Unknown(why), source)
        return from_elsewhere(self._output(near[0].document, near[0].output), source)

    def _nearest(self, wanted: str, document: Document) -> Sequence[_Export]:
        """The exports of a name that have the most folders in common with a template; none of them its own."""
        if self._exported is None:
            self._exported = []  # what is asked for meanwhile, by an export that imports, is not found
            self._exported = list(islice(self._exports(), _MOST_EXPORTS))
            self._found.clear()
            self._nearest_to.clear()
        if wanted not in self._found:
            self._found[wanted] = [each for each in self._exported if is_same(wanted, each.name)]
        found, folder = self._found[wanted], _folder(document)
        if (wanted, folder) not in self._nearest_to:
            self._nearest_to[wanted, folder] = _nearest_of(found, folder)
        near = self._nearest_to[wanted, folder]
        if any(each.document is document for each in near):
            # No stack can import what it exports itself: another stack of the same kind is meant, or none of these.
            return _nearest_of([each for each in found if each.document is not document], folder)
        return near

    def output(self, stack: Resource, attribute: str, source: Source) -> Reading | None:
        """What `GetAtt` gives of a stack within a template, at `source`; None if no file here has that template."""
        child = self._template_of(stack) if attribute.startswith(_OUTPUTS) else None
        if child is None:
            return None
        return from_elsewhere(self._output(child, attribute.removeprefix(_OUTPUTS)), source)

    def given(self, document: Document, parameter: str, source: Source) -> Reading | None:
        """What the only stack of a template sets a parameter to; None where there is none that does."""
        stacks = self._stacks_of(_key(document))
        if len(stacks) != 1 or self._depth >= _LONGEST_CHAIN:
            return None
        self._depth += 1
        try:
            found = from_elsewhere(stacks[0].get("Parameters", parameter), source)
        finally:
            self._depth -= 1
        return None if found.value is None else found if _is_known(found.value) else Reading(_NOT_SAID, source)

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

    def template(self, document: Document) -> Template:
        """The template in a document, which is read once: what it declares is the same for all who ask."""
        return self._template(document) or Template(document, self._world, self)

    def identities(self, path: str, number: int) -> Identities | None:
        """The roles of the template in a document; None while they are being read, or where there is none."""
        key = path, number
        if key not in self._identities:
            self._identities[key] = None
            template = self._template_at(key)
            self._identities[key] = Identities(template) if template is not None else None
        return self._identities[key]

    def network(self, path: str, number: int) -> Network | None:
        """The subnets of the template in a document; None while they are being read, or where there is none."""
        key = path, number
        if key not in self._networks:
            self._networks[key] = None
            template = self._template_at(key)
            self._networks[key] = Network(template) if template is not None else None
        return self._networks[key]

    def is_one_stack(self, path: str, number: int) -> bool:
        """Whether nothing tells of several stacks of a template, each with resources of its own.

        The same template may be there for every zone, or for every role: several stacks within stacks have it, or
        names are imported from it that begin differently.
        """
        key = path, number
        if len(self._stacks_of(key)) > 1:
            return False
        if self._imported_as is None:
            self._imported_as = {}
            for found, name in self._names_of_stacks():
                self._imported_as.setdefault(found, set()).add(name)
        document = self._by_key.get(key)
        has_parameters = document is not None and isinstance(document.root, dict) and "Parameters" in document.root
        return not has_parameters or len(self._imported_as.get(key, ())) <= 1

    def _names_of_stacks(self) -> Iterator[tuple[_Key, str]]:
        """Each template that something is imported from, and the parameter or text that says from which stack."""
        for document in self._documents:
            for leaf in self._names_imported_by(document):
                wanted = comparable(leaf.value)
                near = self._nearest(wanted, document) if wanted is not None else ()
                if len(near) == 1 and GAP in near[0].name:
                    gaps = leaf.value.gaps if isinstance(leaf.value, PartialText) else ()
                    stack = gaps[0].name if gaps else leaf.source.by_default or filling(leaf.value, near[0].name)
                    yield _key(near[0].document), stack

    def _names_imported_by(self, document: Document) -> Iterator[Reading]:
        template = self._template(document) if "ImportValue" in document.source.text else None
        if template is None:
            return
        try:
            for path, node in walk(document.root, budget=_MOST_NODES):
                if isinstance(node, dict) and _IMPORT in node:
                    name = template.resolver.resolve(node[_IMPORT], Source(document, (*path, _IMPORT)))
                    yield from (leaf for _, leaf in branches(name))
        except TooManyNodes:
            return

    def policies_for(self, role: Resource) -> Sequence[Resource]:
        """The policies of other templates that attach themselves to a role, by what they are given or by its name."""
        if self._policies is None:
            self._policies = {}
            for policy, target in self._policies_from_elsewhere():
                self._policies.setdefault(target, []).append(policy)
        document, name = role.source.document, known_text(role.get("RoleName").value)
        found = list(self._policies.get((*_key(document), role.identity), ()))
        found += self._policies.get(name, ()) if name is not None else ()
        return [policy for policy in found if policy.source.document is not document]

    def _policies_from_elsewhere(self) -> Iterator[tuple[Resource, object]]:
        for document in self._documents:
            template = self._template(document) if _ATTACHED_POLICY.search(document.source.text) else None
            if template is None:
                continue
            takes_names = next(template.of_type(ROLE), None) is None
            for policy in template.of_type(*ATTACHED_POLICIES):
                for value in roles_of(policy):
                    if isinstance(value, ResourceElsewhere):
                        yield policy, (value.path, value.number, value.resource)
                    elif isinstance(value, str) and takes_names:
                        yield policy, value

    def _template_at(self, key: _Key) -> Template | None:
        document = self._by_key.get(key)
        return self._template(document) if document is not None else None

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
                    name = comparable(template.resolver.resolve(export["Name"], place).value)
                    if name is not None:
                        yield _Export(document, key, name)

    def _stacks_of(self, key: _Key) -> Sequence[Resource]:
        if self._nested is None:
            self._nested = {}  # what parents are given themselves while they are looked for is not found
            self._nested = self._stacks_by_template()
        return self._nested.get(key, ())

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
        return self._by_path.get(path)


def _nearest_of(found: Sequence[_Export], folder: str) -> Sequence[_Export]:
    shared = [shared_folders(_folder(each.document), folder) for each in found]
    most = max(shared, default=0)
    return [each for each, count in zip(found, shared, strict=True) if count == most]


def _key(document: Document) -> _Key:
    return document.source.path, document.number


def _folder(document: Document) -> str:
    return document.source.path.rpartition("/")[0]


def _is_known(value: object) -> bool:
    if isinstance(value, Listed):
        return value.open is None and all(_is_known(item.value) for item in value.items)
    return isinstance(value, str | PartialText | ResourceElsewhere)

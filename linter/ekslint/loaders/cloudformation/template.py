"""A template as a set of resources."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from ekslint.loaders.cloudformation.plain_values import known_text
from ekslint.loaders.cloudformation.resolver import Entries, Others, Resolver, member
from ekslint.loaders.cloudformation.values import Listed, ResourceReference
from ekslint.model.condition import Condition
from ekslint.model.entity import Entity
from ekslint.model.reading import Reading, Source
from ekslint.model.world import World
from ekslint.source.tree import Document, Map

T_Entity = TypeVar("T_Entity", bound=Entity)

_LONGEST_ECHO = 8
_LOOP = "Fn::ForEach"
_DEEPEST_LOOP = 3
_MAXIMUM_RESOURCES = 2_000
"""CloudFormation takes 500."""

# What `Ref` and `GetAtt` give back of what was put in. Sources: the pages of these types in the CloudFormation template
# reference, "Return values".
_ECHOES = {
    ("AWS::AutoScaling::AutoScalingGroup", ""): "AutoScalingGroupName",
    ("AWS::EC2::Subnet", "AvailabilityZone"): "AvailabilityZone",
    ("AWS::EC2::Subnet", "CidrBlock"): "CidrBlock",
    ("AWS::EC2::VPC", "CidrBlock"): "CidrBlock",
    ("AWS::EKS::Cluster", ""): "Name",
    ("AWS::EKS::Nodegroup", "ClusterName"): "ClusterName",
    ("AWS::EKS::Nodegroup", "NodegroupName"): "NodegroupName",
    ("AWS::IAM::InstanceProfile", ""): "InstanceProfileName",
    ("AWS::IAM::Role", ""): "RoleName",
    ("AWS::Logs::LogGroup", ""): "LogGroupName",
    ("AWS::SSM::Parameter", "Value"): "Value",
    ("AWSQS::EKS::Cluster", ""): "Name",
}

_HARMLESS_TRANSFORMS = frozenset(
    {
        "AWS::CodeDeployBlueGreen",
        "AWS::LanguageExtensions",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::Serverless-2016-10-31",
        "AWS::ServiceCatalog",
    }
)


class Resource:
    """One resource of a template."""

    def __init__(self, logical_id: str, node: Mapping[str, object], source: Source, resolver: Resolver) -> None:
        kind = node.get("Type")
        self.logical_id = logical_id
        self.type = kind if isinstance(kind, str) else ""
        self.source = source
        """Where the resource stands: its logical ID."""
        self.node = node
        self._resolver = resolver
        self._presence: Condition | None = None
        self._knows_presence = "Condition" not in node

    @property
    def identity(self) -> str:
        """`AWS::EKS::Nodegroup/Workers`."""
        return f"{self.type}/{self.logical_id}"

    @property
    def presence(self) -> Condition | None:
        """The condition under which it is created."""
        if not self._knows_presence:
            name = self.node.get("Condition")
            if isinstance(name, str):
                name = self._resolver.substituted(name)
            self._presence = self._resolver.conditions.named(name)
            self._knows_presence = True
        return self._presence

    def entity(self, kind: type[T_Entity], title: str, *, at: Source | None = None) -> T_Entity:
        """What the resource, or a part of it that stands at `at`, is in the model."""
        return kind(title, at or self.source, dialect="cloudformation", resource=self.identity, presence=self.presence)

    @cached_property
    def properties(self) -> Reading:
        """All properties, as a mapping."""
        node = self.node.get("Properties")
        source = self.source.child("Properties")
        if isinstance(node, dict) and set(node) != {"Fn::Transform"}:
            # What is missing is looked for at the logical ID: that line names the resource; `Properties:` does not.
            return Reading(Entries(self._resolver, node, source, self.source), source)
        if node is None:
            return Reading(Entries(self._resolver, {}, self.source), self.source)
        return self._resolver.resolve(node, source)

    def get(self, *path: str) -> Reading:
        """A property, or what stands at a path of keys below one."""
        return member(self.properties, *path)

    def attribute(self, *path: str) -> Reading:
        """An attribute beside the properties: `UpdatePolicy`, `Metadata`."""
        name, *rest = path
        return member(self._resolver.resolve(self.node.get(name), self.source.child(name)), *rest)

    def echo(self, attribute: str) -> str | None:
        """What `Ref` (no attribute) or `GetAtt` gives, where that is a property that the template says."""
        name = _ECHOES.get((self.type, attribute))
        budget = self._resolver.budget
        if name is None or budget.echoes >= _LONGEST_ECHO:
            return None
        budget.echoes += 1
        try:
            return known_text(self.get(name).value)
        finally:
            budget.echoes -= 1


class Template:
    """A template: its resources, by logical ID, in order."""

    def __init__(self, document: Document, world: World, others: Others | None = None) -> None:
        self.document = document
        self.world = world
        self.resolver = Resolver(document, world, others)
        self.resources: dict[str, Resource] = {}
        self._pointing: dict[tuple[str, str], dict[str, list[Resource]]] = {}
        self.resolver.resources = self.resources
        self.has_hidden_resources = False
        """Whether a macro, an include or a loop over something unknown may add further resources."""
        self.is_too_large = False
        """Whether resources were left out because there are more than any stack can have."""
        root = document.root if isinstance(document.root, dict) else Map()
        self._transforms(root.get("Transform"))
        section = root.get("Resources")
        if isinstance(section, dict):
            self._add(section, Source(document, ("Resources",)), self.resolver, 0)

    def of_type(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        return (resource for resource in self.resources.values() if resource.type in types)

    def pointing_at(self, resource: Resource, kind: str, name: str) -> Sequence[Resource]:
        """The resources of a type whose property refers to this resource."""
        if (kind, name) not in self._pointing:
            found: dict[str, list[Resource]] = {}
            for each in self.of_type(kind):
                target = each.get(name).value
                if isinstance(target, ResourceReference):
                    found.setdefault(target.resource.logical_id, []).append(each)
            self._pointing[kind, name] = found
        return self._pointing[kind, name].get(resource.logical_id, ())

    def _transforms(self, declared: object) -> None:
        for each in declared if isinstance(declared, list) else [declared]:
            if each is not None and (not isinstance(each, str) or each not in _HARMLESS_TRANSFORMS):
                self.has_hidden_resources = True

    def _add(self, section: Mapping[str, object], source: Source, resolver: Resolver, depth: int) -> None:
        for key, node in section.items():
            if key == "Fn::Transform":
                self.has_hidden_resources = True
            elif key.startswith(_LOOP):
                self._loop(key, node, source, resolver, depth)
            elif isinstance(node, dict):
                if len(self.resources) >= _MAXIMUM_RESOURCES:
                    self.is_too_large = self.has_hidden_resources = True
                    return
                logical_id = resolver.substituted(key)
                self.resources[logical_id] = Resource(logical_id, node, source.child(key), resolver)

    def _loop(self, key: str, node: object, source: Source, resolver: Resolver, depth: int) -> None:
        """`Fn::ForEach::Name: [Variable, Collection, {Key: Fragment}]` (transform AWS::LanguageExtensions)."""
        if isinstance(node, list) and len(node) == 3 and depth < _DEEPEST_LOOP:
            variable, collection, fragment = node
            listed = resolver.resolve(collection, source.child(key, 1)).value
            if isinstance(variable, str) and isinstance(fragment, dict) and isinstance(listed, Listed):
                values = [known_text(item.value) for item in listed.items]
                if listed.open is None and None not in values:
                    for value in values:
                        inner = resolver.bound({variable: value or ""})
                        self._add(fragment, source.child(key, 2), inner, depth + 1)
                    return
        self.has_hidden_resources = True

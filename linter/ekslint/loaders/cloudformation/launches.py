"""Launch templates, launch configurations, and the user data in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ekslint.loaders.cloudformation.conditions import all_of, branches
from ekslint.loaders.cloudformation.fields import (
    boolean,
    identifier,
    image,
    listed,
    name,
    sequence_of,
    text,
    without_empty_default,
)
from ekslint.loaders.cloudformation.identities import Identities
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import (
    Listed,
    OpenParameter,
    PartialText,
    ResourceReference,
    combined,
    for_each_branch,
    mapped,
    otherwise,
)
from ekslint.loaders.user_data.entity import StartedNodes, declare_start
from ekslint.loaders.user_data.reading import read_user_data
from ekslint.model.launch import LaunchTemplate, UserData
from ekslint.model.reading import Choice, Reading, Source, Unknown
from ekslint.source.tree import TooManyNodes, walk

LAUNCH_TEMPLATE = "AWS::EC2::LaunchTemplate"
LAUNCH_CONFIGURATION = "AWS::AutoScaling::LaunchConfiguration"
INSTANCE = "AWS::EC2::Instance"
_MAXIMUM_NODES = 1_000
_MAXIMUM_USER_DATA = 1_000_000
"""Code points of user data in one template, each as often as it is used."""


@dataclass(frozen=True, slots=True, eq=False)
class Launch:
    """What machines are launched with: a launch template, a launch configuration, or a bare instance's own properties.

    The three spell most of it alike.
    """

    resource: Resource
    data: Reading
    """Its properties; absent properties read as absent."""
    entity: LaunchTemplate | None
    """None for an instance."""
    user_data: Reading
    """`StartedNodes`, absent, or unknown."""

    def get(self, *path: str) -> Reading:
        """A property, or what stands at a path of keys below one."""
        return member(self.data, *path)

    @property
    def has_own_image(self) -> Reading:
        """Whether it says which image to use."""
        return is_given(self.get("ImageId"))

    @property
    def profile(self) -> Reading:
        """The instance profile, by ARN, name or reference."""
        written = self.get("IamInstanceProfile")

        def of_entries(leaf: Reading) -> Reading:
            if not isinstance(leaf.value, Entries):
                return leaf
            by_arn = member(leaf, "Arn")
            return otherwise(by_arn, lambda: member(leaf, "Name"))

        return without_empty_default(mapped(written, of_entries))

    @property
    def interfaces(self) -> Reading:
        """Its network interfaces, as a list."""
        written = self.get("NetworkInterfaces")
        return otherwise(listed(written), lambda: Reading(Listed(()), written.source))

    @property
    def security_groups(self) -> Reading:
        """IDs or logical names, its own and those of its network interfaces."""
        own = otherwise(self.get("SecurityGroupIds"), lambda: self.get("SecurityGroups"))

        def of_lists(readings: list[Reading]) -> Reading:
            items: list[Reading] = []
            is_open = next((each.value for each in readings if isinstance(each.value, Unknown)), None)
            for each in readings:
                groups = listed(each).value
                if isinstance(groups, Listed):
                    items += (for_each_branch(item, lambda leaf: identifier(leaf)) for item in groups.items)
                    is_open = is_open or groups.open
            return sequence_of(items, readings[0].source, is_open)

        def of_interfaces(leaf: Reading) -> Reading:
            groups = [
                otherwise(member(each, "Groups"), lambda each=each: member(each, "GroupSet"))  # type: ignore[misc]
                for each in leaf.value.items
            ]
            return combined([own, *groups], lambda each: of_lists(list(each)), own.source)

        return mapped(self.interfaces, of_interfaces)


class Launches:
    """The launch templates and launch configurations of a template."""

    def __init__(self, template: Template, identities: Identities) -> None:
        self._template = template
        self._identities = identities
        self._readable = _MAXIMUM_USER_DATA
        self._launches = {
            resource.logical_id: self._declared(resource)
            for resource in template.of_type(LAUNCH_TEMPLATE, LAUNCH_CONFIGURATION)
        }
        self._by_name: dict[object, Launch] | None = None
        self.user_data: list[UserData] = []
        """Every user data that was read, as subjects of rules."""
        for launch in self._launches.values():
            self._note_user_data(launch)

    def __iter__(self) -> Iterator[Launch]:
        return iter(self._launches.values())

    def of_instance(self, resource: Resource) -> Launch:
        """A bare instance as it is launched."""
        launch = Launch(resource, resource.properties, None, self._user_data(resource, resource.properties))
        self._note_user_data(launch)
        return launch

    def find(self, reading: Reading, identity: str, called: str) -> Reading:
        """The `Launch` that a launch template specification names by ID or by name; unknown if it stands elsewhere."""

        def of_specification(leaf: Reading) -> Reading:
            if not isinstance(leaf.value, Entries):
                return Reading(Unknown("it is no launch template specification"), leaf.source)
            wanted = [member(leaf, identity), member(leaf, called)]
            return combined(
                wanted, lambda each: self._named(next((e for e in each if e.value is not None), each[0])), leaf.source
            )

        return mapped(reading, of_specification)

    def find_configuration(self, reading: Reading) -> Reading:
        """The `Launch` of a launch configuration, by name or reference."""
        return for_each_branch(reading, lambda leaf: leaf if leaf.value is None else self._named(leaf))

    def _named(self, leaf: Reading) -> Reading:
        value = leaf.value
        if isinstance(value, ResourceReference) and value.resource.logical_id in self._launches:
            return Reading(self._launches[value.resource.logical_id], leaf.source)
        wanted = filled(value) if isinstance(value, PartialText) else value
        if self._by_name is None:
            self._by_name = {}
            for launch in self._launches.values():
                given = launch.resource.get("LaunchTemplateName").value
                given = filled(given) if isinstance(given, PartialText) else given
                if isinstance(given, str | PartialText | OpenParameter):
                    self._by_name.setdefault(given, launch)
        if isinstance(wanted, str | PartialText | OpenParameter) and wanted in self._by_name:
            return Reading(self._by_name[wanted], leaf.source)
        return Reading(Unknown("the launch template is not in the template"), leaf.source)

    def _declared(self, resource: Resource) -> Launch:
        is_configuration = resource.type == LAUNCH_CONFIGURATION
        data = resource.properties if is_configuration else resource.get("LaunchTemplateData")
        words = "launch configuration" if is_configuration else "launch template"
        entity = resource.entity(LaunchTemplate, f"{words} {resource.logical_id}")
        launch = Launch(resource, data, entity, self._user_data(resource, data))
        subnets = mapped(
            launch.interfaces,
            lambda leaf: sequence_of([identifier(member(item, "SubnetId")) for item in leaf.value.items], leaf.source),
        )
        spot_price = is_given(launch.get("SpotPrice"))
        entity.declare(
            name=name(resource.get("LaunchConfigurationName" if is_configuration else "LaunchTemplateName")),
            image=image(launch.get("ImageId")),
            instance_type=text(launch.get("InstanceType")),
            has_own_image=launch.has_own_image,
            has_profile=is_given(launch.profile),
            profile=identifier(launch.profile),
            role=self._identities.role_of_profile(launch.profile),
            security_groups=launch.security_groups,
            network_interface_subnets=subnets,
            key_name=text(launch.get("KeyName")),
            market_type=mapped(spot_price, lambda leaf: Reading("spot" if leaf.value else None, leaf.source))
            if is_configuration
            else text(launch.get("InstanceMarketOptions", "MarketType")),
            shutdown_behavior=text(launch.get("InstanceInitiatedShutdownBehavior")),
            hibernates=or_false(boolean(launch.get("HibernationOptions", "Configured"))),
            user_data=mapped(launch.user_data, lambda leaf: Reading(leaf.value.entity, leaf.source)),
            is_launch_configuration=Reading(is_configuration, resource.source),
        )
        return launch

    def _note_user_data(self, launch: Launch) -> None:
        presence = launch.resource.presence
        for condition, leaf in branches(launch.user_data):
            if isinstance(leaf.value, StartedNodes):
                conditions = [each for each in (presence, condition) if each is not None]
                leaf.value.entity.presence = all_of(conditions) if conditions else None
                self.user_data.append(leaf.value.entity)

    def _user_data(self, resource: Resource, data: Reading) -> Reading:
        written = member(data, "UserData")

        def read(leaf: Reading) -> Reading:
            value = filled(leaf.value) if isinstance(leaf.value, PartialText) else leaf.value
            if not isinstance(value, str | PartialText):
                return Reading(Unknown("it is known only after deployment"), leaf.source)
            whole = str(value)
            self._readable -= len(whole)
            if self._readable < 0:
                return Reading(Unknown("there is too much user data to read"), leaf.source)
            entity = UserData(
                f"user data of {resource.logical_id}",
                leaf.source,
                dialect="cloudformation",
                resource=resource.identity,
            )
            pieces = _written_texts(written.source)

            def find(piece: str) -> Source:
                for path, piece_of_text in pieces:
                    if piece in piece_of_text:
                        # What stands in the text itself did not come by a parameter's default, unless its branch did.
                        parameter = leaf.source.by_default if "Fn::If" in path else None
                        return Source(leaf.source.document, path, parameter, find=piece)
                return leaf.source

            start = read_user_data(whole)
            as_written = start if leaf.source.by_default is None else read_user_data(_unfilled(pieces))
            return Reading(declare_start(entity, whole, start, leaf.source, find, as_written), leaf.source)

        return mapped(written, read)


def gap_named(reading: Reading, written: str) -> object | None:
    """What `${Name}` in user data stands for; None for any other text."""
    value = reading.value
    if isinstance(value, Choice):
        return gap_named(value.if_true, written) or gap_named(value.if_false, written)
    for gap in value.gaps if isinstance(value, PartialText) else ():
        if written == f"${{{gap.name}}}":
            return gap.stands_for
    return None


def is_given(reading: Reading) -> Reading:
    """Whether a property is written, whatever its value; an empty text is as good as none."""
    return for_each_branch(reading, lambda leaf: Reading(leaf.value not in (None, ""), leaf.source))


def or_false(reading: Reading) -> Reading:
    """False where nothing is written."""
    return otherwise(reading, lambda: Reading(False, reading.source))


def _unfilled(pieces: Iterable[tuple[tuple[str | int, ...], str]]) -> str:
    """User data with `${Name}` where parameters and resources fill it; "" where it has branches, or is too long."""
    text: list[str] = []
    for path, piece in pieces:
        if "Fn::If" in path or sum(map(len, text)) > _MAXIMUM_USER_DATA:
            return ""
        text.append(f"${{{piece}}}" if path[-1] == "Ref" or "Fn::GetAtt" in path else piece)
    return "".join(text)


def _written_texts(source: Source) -> list[tuple[tuple[str | int, ...], str]]:
    """Every text below a place, with its path."""
    found: list[tuple[tuple[str | int, ...], str]] = []
    node = source.document.value(source.path)
    try:
        for path, each in walk(node, source.path, budget=_MAXIMUM_NODES):
            if isinstance(each, str):
                found.append((path, each))
    except TooManyNodes:
        return found
    return found

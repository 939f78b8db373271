"""`AWS::EKS::Nodegroup`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ekslint.facts import eksctl_defaults
from ekslint.facts.ami_families import AmiFamily
from ekslint.facts.node_labels import PoolKind
from ekslint.loaders.cloudformation import images, machines
from ekslint.loaders.cloudformation.fields import (
    image,
    in_camel_case,
    integer,
    name,
    sequence,
    sequence_of,
    text,
)
from ekslint.loaders.cloudformation.launches import Launch
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import combined, for_each_branch, mapped, otherwise
from ekslint.model.cluster import Cluster
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Reading, Unknown

NODE_GROUP = "AWS::EKS::Nodegroup"
_CAPACITY_BLOCK = "CAPACITY_BLOCK"
# What EKS's own launch template asks of the metadata service (EKS user guide, al2023 and launch-templates).
_METADATA_BY_FAMILY = {"AmazonLinux2": ("optional", 2), "AmazonLinux2023": ("required", 1)}
_SETTINGS_OF_BOTH = ("AmiType", "DiskSize", "InstanceTypes", "ReleaseVersion", "RemoteAccess", "Version")

FromLaunch = Callable[[Launch], Reading]


@dataclass(frozen=True, slots=True)
class _Group:
    """A managed node group in the making."""

    resource: Resource
    setting: Setting
    launch: Reading
    """`Launch`; absent without a launch template, unknown if that stands elsewhere."""
    cluster: Cluster | None

    def get(self, *path: str) -> Reading:
        return self.resource.get(*path)

    def of_launch(self, function: FromLaunch, without: Callable[[], Reading]) -> Reading:
        """A field that the launch template decides, or `without` where there is none."""

        def choose(leaf: Reading) -> Reading:
            if leaf.value is None:
                return without()
            return function(leaf.value) if isinstance(leaf.value, Launch) else leaf

        return for_each_branch(self.launch, choose)

    def absent(self, *path: str) -> Callable[[], Reading]:
        """Nothing, at the place of a property."""
        return lambda: Reading(None, self.get(*path).source)


def load_node_group(resource: Resource, setting: Setting) -> None:
    """Add a managed node group to what was loaded."""
    reference = setting.clusters.reference(resource.get("ClusterName"))
    launch = setting.launches.find(resource.get("LaunchTemplate"), "Id", "Name")
    group = _Group(resource, setting, launch, reference.cluster)
    given_name = name(resource.get("NodegroupName"))
    title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
    pool = NodeGroup(
        f"node group {title}",
        resource.source,
        dialect="cloudformation",
        resource=resource.identity,
        presence=resource.presence,
    )
    pool.kind = PoolKind.MANAGED.value
    family = _declare_image(pool, group)
    _declare_capacity(pool, group)
    _declare_machine(pool, group, family)
    _declare_network(pool, group)
    _declare_scheduling(pool, group, given_name)
    _declare_operation(pool, group)
    setting.add_pool(pool, reference)


def _declare_image(pool: NodeGroup, group: _Group) -> Reading:
    own_image = group.of_launch(lambda launch: image(launch.get("ImageId")), group.absent("LaunchTemplate"))
    ami_type = text(group.get("AmiType"))
    effective_type = combined([ami_type, own_image], _with_custom, ami_type.source)
    version = text(group.get("Version"))
    of_cluster = group.setting.clusters.version_of(group.cluster, version.source)
    family = images.managed_family(effective_type, own_image, otherwise(version, lambda: of_cluster), ami_type.source)
    pool.declare(
        ami_type=effective_type,
        ami_id=own_image,
        ami_family=images.eksctl_name(family),
        version=otherwise(version, lambda: images.version_of_image(own_image)),
        release_version=text(group.get("ReleaseVersion")),
    )
    return family


def _with_custom(readings: Sequence[Reading]) -> Reading:
    """An image of one's own makes the AMI type CUSTOM without saying so."""
    ami_type, own_image = readings
    if ami_type.value is None and own_image.value is not None:
        unknown = own_image.value if isinstance(own_image.value, Unknown) else None
        # An unknown image is an image; a launch template that stands elsewhere may have none.
        is_image = unknown is None or own_image.source.path[-1:] == ("ImageId",)
        return Reading("CUSTOM" if is_image else unknown, own_image.source)
    return ami_type


def _declare_capacity(pool: NodeGroup, group: _Group) -> None:
    scaling = group.get("ScalingConfig")
    sizes = {
        field: otherwise(size, lambda size=size: Reading(Unknown("EKS chooses the size"), size.source))  # type: ignore[misc]
        for field, size in (
            (field, integer(member(scaling, key)))
            for field, key in (("min_size", "MinSize"), ("desired_size", "DesiredSize"), ("max_size", "MaxSize"))
        )
    }
    capacity = text(group.get("CapacityType"))
    capacity = otherwise(capacity, lambda: Reading("ON_DEMAND", capacity.source))
    requirements = group.of_launch(
        lambda launch: in_camel_case(launch.get("InstanceRequirements")), group.absent("LaunchTemplate")
    )
    block = mapped(capacity, lambda leaf: Reading(leaf.value == _CAPACITY_BLOCK, leaf.source))
    pinned = group.of_launch(machines.is_pinned, lambda: Reading(False, group.get("LaunchTemplate").source))
    pool.declare(
        **sizes,
        capacity_type=capacity,
        instance_requirements=requirements,
        instance_types=_instance_types(group, requirements),
        is_pinned_capacity=machines.any_true([block, pinned], capacity.source),
    )


def _instance_types(group: _Group, requirements: Reading) -> Reading:
    written = group.get("InstanceTypes")
    default = eksctl_defaults.MANAGED_NODE_GROUP_INSTANCE_TYPE

    def of_launch(launch: Launch) -> Reading:
        single = text(launch.get("InstanceType"))
        listed_alone = mapped(single, lambda leaf: sequence_of([leaf], leaf.source))
        return otherwise(listed_alone, without)

    def without() -> Reading:
        def choose(leaf: Reading) -> Reading:
            if leaf.value is not None:
                return Reading(Unknown("EC2 chooses the instance types by their attributes"), leaf.source)
            return sequence_of([Reading(default, written.source)], written.source)

        return for_each_branch(requirements, choose)

    return otherwise(sequence(written, text), lambda: group.of_launch(of_launch, without))


def _declare_machine(pool: NodeGroup, group: _Group, family: Reading) -> None:
    place = group.get("LaunchTemplate").source

    def metadata(field: str, index: int) -> Reading:
        def by_family() -> Reading:
            def convert(leaf: Reading) -> Reading:
                known: AmiFamily = leaf.value
                values = _METADATA_BY_FAMILY.get(known.name)
                return Reading(values[index] if values is not None else None, place)

            return mapped(family, convert)

        return group.of_launch(lambda launch: machines.metadata_service(launch)[field], by_family)

    disk = integer(group.get("DiskSize"))
    default_disk = mapped(family, lambda leaf: Reading(_default_disk(leaf.value), disk.source))
    volume = {
        field: group.of_launch(
            lambda launch, field=field: machines.volume(launch, family)[field],  # type: ignore[misc]
            lambda field=field: default_disk if field == "volume_size" else Reading(None, place),  # type: ignore[misc]
        )
        for field in ("volume_size", "volume_type", "volume_encrypted")
    }
    volume["volume_size"] = otherwise(disk, lambda: volume_of_launch)
    pool.declare(
        http_tokens=metadata("http_tokens", 0),
        http_put_response_hop_limit=metadata("http_put_response_hop_limit", 1),
        **volume,
    )


def _default_disk(family: AmiFamily) -> int:
    if family.is_windows:
        return eksctl_defaults.MANAGED_NODE_GROUP_WINDOWS_DISK_GIB
    return eksctl_defaults.MANAGED_NODE_GROUP_DISK_GIB

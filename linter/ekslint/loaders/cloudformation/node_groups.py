"""`AWS::EKS::Nodegroup`."""

from collections.abc import Sequence

from ekslint.facts import ami_families, eksctl_defaults
from ekslint.facts.node_labels import LabelOrigin, PoolKind
from ekslint.loaders.cloudformation import images, machines, managed_machines, scheduling
from ekslint.loaders.cloudformation.fields import (
    boolean,
    comparable,
    image,
    in_camel_case,
    integer,
    mapping,
    mapping_of,
    name,
    sequence,
    sequence_of,
    text,
    tree,
)
from ekslint.loaders.cloudformation.launches import Launch, or_false
from ekslint.loaders.cloudformation.managed_group import ManagedGroup
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import combined, for_each_branch, mapped, otherwise
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Reading, Source, Unknown

NODE_GROUP = "AWS::EKS::Nodegroup"
_CAPACITY_BLOCK = "CAPACITY_BLOCK"
_SETTINGS_OF_BOTH = ("AmiType", "DiskSize", "InstanceTypes", "ReleaseVersion", "RemoteAccess", "Version")
_UPDATE_NUMBERS = frozenset({"maxUnavailable", "maxUnavailablePercentage"})


def load_node_group(resource: Resource, setting: Setting) -> None:
    """Add a managed node group to what was loaded."""
    reference = setting.clusters.reference(resource.get("ClusterName"))
    launch = setting.launches.find(resource.get("LaunchTemplate"), "Id", "Name")
    group = ManagedGroup(resource, setting, launch, reference.cluster)
    given_name = name(resource.get("NodegroupName"))
    title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
    pool = resource.entity(NodeGroup, f"node group {title}")
    pool.kind = PoolKind.MANAGED.value
    family = _declare_image(pool, group)
    pool.declare(
        name=given_name,
        **managed_machines.metadata_service(group, family),
        **managed_machines.volume(group, family),
        **managed_machines.ssh(group),
    )
    _declare_network(pool, group)
    capacity = _declare_capacity(pool, group)
    _declare_scheduling(pool, group, given_name, capacity)
    _declare_operation(pool, group)
    setting.add_pool(pool, reference)


def _declare_image(pool: NodeGroup, group: ManagedGroup) -> Reading:
    """Declare the image; `AmiFamily` of it."""
    own_image = group.of_launch(lambda launch: image(launch.get("ImageId")))
    has_own_image = group.of_launch(lambda launch: launch.has_own_image)
    written = text(group.get("AmiType"))
    ami_type = combined([written, has_own_image], _with_custom, written.source)
    version = text(group.get("Version"))
    of_cluster = group.setting.clusters.version_of(group.cluster, version.source)
    family = images.managed_family(ami_type, own_image, otherwise(version, lambda: of_cluster), written.source)
    pool.declare(
        ami_type=ami_type,
        ami_id=own_image,
        ami_family=images.eksctl_name(family),
        version=otherwise(version, lambda: images.version_of_image(own_image)),
        release_version=text(group.get("ReleaseVersion")),
    )
    return family


def _with_custom(readings: Sequence[Reading]) -> Reading:
    """An image of one's own makes the AMI type CUSTOM without saying so."""
    ami_type, has_own_image = readings
    if ami_type.value is not None or has_own_image.value in (None, False):
        return ami_type
    return Reading("CUSTOM" if has_own_image.value is True else has_own_image.value, has_own_image.source)


def _declare_capacity(pool: NodeGroup, group: ManagedGroup) -> Reading:
    """Declare sizes, types and how they are bought; the capacity type."""
    scaling = group.get("ScalingConfig")
    for field, key in (("min_size", "MinSize"), ("desired_size", "DesiredSize"), ("max_size", "MaxSize")):
        size = integer(member(scaling, key))
        chosen = Reading(Unknown("EKS chooses the size"), size.source)
        pool.declare(**{field: otherwise(size, lambda chosen=chosen: chosen)})  # type: ignore[misc]
    written = text(group.get("CapacityType"))
    capacity = otherwise(written, lambda: Reading("ON_DEMAND", written.source))
    requirements = group.of_launch(lambda launch: in_camel_case(launch.get("InstanceRequirements")))
    reasons = [
        mapped(capacity, lambda leaf: Reading(leaf.value == _CAPACITY_BLOCK, leaf.source)),
        group.of_launch(machines.is_pinned),
        group.setting.network.are_local(group.get("Subnets")),
    ]
    pool.declare(
        capacity_type=capacity,
        instance_requirements=requirements,
        instance_types=_instance_types(group, requirements),
        reservation_target=group.of_launch(machines.reservation_target),
        uses_fabric_adapter=or_false(group.of_launch(machines.uses_fabric_adapter)),
        is_pinned_capacity=machines.any_true(reasons, written.source),
    )
    return capacity


def _instance_types(group: ManagedGroup, requirements: Reading) -> Reading:
    written = group.get("InstanceTypes")
    default = _default_type(group, written.source)

    def without() -> Reading:
        def choose(leaf: Reading) -> Reading:
            if leaf.value is not None:
                return Reading(Unknown("EC2 chooses the instance types by their attributes"), leaf.source)
            return sequence_of([default], written.source)

        return for_each_branch(requirements, choose)

    def of_launch(launch: Launch) -> Reading:
        return otherwise(machines.single_type(launch), without)

    return otherwise(sequence(written, text), lambda: group.of_launch(of_launch, without))


def _default_type(group: ManagedGroup, source: Source) -> Reading:
    """What EKS takes without instance types. For images of arm64 its documentation does not say what that is."""
    default = Reading(eksctl_defaults.MANAGED_NODE_GROUP_INSTANCE_TYPE, source)

    def of_images(leaf: Reading) -> Reading:
        family = ami_families.from_ami_type(leaf.value)
        if family is None or family.architectures != {"arm64"}:
            return default
        return Reading(Unknown(f"EKS chooses an instance type for {leaf.value}"), source)

    return otherwise(mapped(text(group.get("AmiType")), of_images), lambda: default)


def _declare_network(pool: NodeGroup, group: ManagedGroup) -> None:
    written, network = group.get("Subnets"), group.setting.network

    def of_launch(launch: Launch) -> Reading:
        public = machines.gives_public_addresses(launch)
        private = mapped(public, lambda leaf: Reading(not leaf.value, leaf.source))
        return otherwise(private, lambda: network.are_private(written))

    groups = group.of_launch(lambda launch: launch.security_groups)
    pool.declare(
        subnets=otherwise(network.subnets_of(written), lambda: Reading((), written.source)),
        availability_zones=network.zones_of(written),
        uses_private_networking=group.of_launch(of_launch, lambda: network.are_private(written)),
        security_groups=otherwise(groups, lambda: Reading((), groups.source)),
        role=group.setting.identities.role(group.get("NodeRole")),
        role_arn=comparable(group.get("NodeRole")),
    )


def _declare_scheduling(pool: NodeGroup, group: ManagedGroup, given_name: Reading, capacity: Reading) -> None:
    user_data = group.of_launch(lambda launch: launch.user_data)
    generated = Reading(Unknown("EKS generates its name"), given_name.source)
    automatic = {
        LabelOrigin.POOL_NAME: otherwise(given_name, lambda: generated),
        LabelOrigin.CAPACITY_TYPE: capacity,
    }
    source, declared = group.resource.source, group.get("Taints")
    effects = sequence(declared, lambda item: mapped(item, lambda leaf: text(member(leaf, "Effect"))))
    own_labels = group.get("Labels")
    pool.declare(
        labels=scheduling.labels(own_labels, user_data, PoolKind.MANAGED, automatic, source),
        label_keys_as_written=scheduling.label_keys(own_labels),
        taints=scheduling.taints(declared, user_data, declared.source),
        taint_effects_as_written=otherwise(effects, lambda: Reading((), declared.source)),
        user_data=mapped(user_data, lambda leaf: Reading(leaf.value.entity, leaf.source)),
        max_pods=scheduling.max_pods(user_data),
    )


def _declare_operation(pool: NodeGroup, group: ManagedGroup) -> None:
    update = in_camel_case(group.get("UpdateConfig"), _UPDATE_NUMBERS)
    specification = group.get("LaunchTemplate")

    def beside() -> Reading:
        written = {name[:1].lower() + name[1:]: tree(group.get(name)) for name in _SETTINGS_OF_BOTH}
        return mapping_of(written, group.resource.source)

    nothing = Reading({}, specification.source)
    settings = for_each_branch(specification, lambda leaf: nothing if leaf.value is None else beside())
    tags = mapping(group.get("Tags"), text)
    pool.declare(
        update_config=update,
        forces_update=or_false(boolean(group.get("ForceUpdateEnabled"))),
        node_repair=boolean(group.get("NodeRepairConfig", "Enabled")),
        launch_template=group.of_launch(lambda launch: Reading(launch.entity, specification.source)),
        launch_template_version=text(member(specification, "Version")),
        settings_beside_template=settings,
        tags=otherwise(tags, lambda: Reading({}, tags.source)),
    )

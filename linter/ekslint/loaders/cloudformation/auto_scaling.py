"""Self-managed node groups: Auto Scaling groups whose machines join a cluster by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from ekslint.facts.node_labels import PoolKind
from ekslint.loaders.cloudformation import images, machines, scheduling, zones
from ekslint.loaders.cloudformation.cluster_tags import clusters_of_instances
from ekslint.loaders.cloudformation.fields import (
    boolean,
    image,
    integer,
    mapping_of,
    name,
    pairs,
    sequence,
    sequence_of,
    text,
    tree,
)
from ekslint.loaders.cloudformation.joining import cluster_joined
from ekslint.loaders.cloudformation.launches import Launch, is_given
from ekslint.loaders.cloudformation.mixed_instances import capacity_type, instance_types, instances_distribution
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import (
    Listed,
    combined,
    for_each_branch,
    mapped,
    otherwise,
    under_condition,
)
from ekslint.loaders.user_data.entity import StartedNodes
from ekslint.model.cluster import Cluster
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Reading, Unknown

AUTO_SCALING_GROUP = "AWS::AutoScaling::AutoScalingGroup"
_SCALING_POLICY = "AWS::AutoScaling::ScalingPolicy"
_LIFECYCLE_HOOK = "AWS::AutoScaling::LifecycleHook"
_TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
_ROLLING_UPDATE = "AutoScalingRollingUpdate"
_ROLLING_NUMBERS = frozenset({"MaxBatchSize", "MinActiveInstancesPercent", "MinInstancesInService"})


@dataclass(frozen=True, slots=True)
class _Group:
    resource: Resource
    setting: Setting
    launch: Reading
    cluster: Cluster | None
    """None where it stands elsewhere."""

    def get(self, *path: str) -> Reading:
        return self.resource.get(*path)


def load_auto_scaling_group(resource: Resource, setting: Setting) -> bool:
    """Add an Auto Scaling group to what was loaded if its machines join a cluster; whether they do."""
    launch = _launch(resource, setting)
    reference = cluster_joined(resource, launch, setting)
    if reference is None:
        return False
    group = _Group(resource, setting, launch, reference.cluster)
    given_name = name(resource.get("AutoScalingGroupName"))
    title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
    pool = resource.entity(NodeGroup, f"node group {title}")
    pool.kind = PoolKind.SELF_MANAGED.value
    pool.declare(name=given_name)
    _declare_capacity(pool, group)
    _declare_machine(pool, group)
    _declare_network(pool, group)
    _declare_scheduling(pool, group)
    _declare_operation(pool, group)
    setting.add_pool(pool, reference)
    return True


def _launch(resource: Resource, setting: Setting) -> Reading:
    mixed = resource.get("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification")
    plain = resource.get("LaunchTemplate")

    def find(specification: Reading) -> Reading:
        return setting.launches.find(specification, "LaunchTemplateId", "LaunchTemplateName")

    def of_configuration() -> Reading:
        return setting.launches.find_configuration(resource.get("LaunchConfigurationName"))

    launch = otherwise(find(mixed), lambda: otherwise(find(plain), of_configuration))
    nothing = Reading(Unknown("it names no launch template"), resource.source)
    return otherwise(launch, lambda: nothing)


def _declare_capacity(pool: NodeGroup, group: _Group) -> None:
    resource, launch = group.resource, group.launch
    for field, key in (("min_size", "MinSize"), ("max_size", "MaxSize")):
        size = integer(group.get(key))
        missing = Reading(Unknown(f"{key} is missing"), size.source)
        pool.declare(**{field: otherwise(size, lambda missing=missing: missing)})  # type: ignore[misc]
    requirements, types = instance_types(resource, launch)
    reasons = [
        mapped(launch, lambda leaf: machines.is_pinned(leaf.value)),
        group.setting.network.are_local(_subnets(group)),
        group.setting.network.are_on_outpost(_subnets(group)),
        *_of_local_cluster(group),
    ]
    pool.declare(
        desired_size=integer(group.get("DesiredCapacity")),
        instance_types=types,
        instance_requirements=requirements,
        capacity_type=capacity_type(resource, launch),
        reservation_target=_reservation_target(group),
        instances_distribution=instances_distribution(resource),
        capacity_rebalance=boolean(group.get("CapacityRebalance")),
        max_instance_lifetime=integer(group.get("MaxInstanceLifetime")),
        is_pinned_capacity=machines.any_true(reasons, resource.source),
    )


def _of_local_cluster(group: _Group) -> Iterator[Reading]:
    """Nodes of a cluster that is on an Outpost are there too, in the one zone that it has."""
    on_outpost = group.cluster.reading("is_on_outpost") if group.cluster is not None else None
    if on_outpost is not None:
        yield on_outpost


def _reservation_target(group: _Group) -> Reading:
    """The Auto Scaling group may name reservations itself, and then any number of them."""
    own = group.get("CapacityReservationSpecification", "CapacityReservationTarget")
    several = mapped(own, lambda leaf: Reading("several", leaf.source))
    return otherwise(several, lambda: mapped(group.launch, lambda leaf: machines.reservation_target(leaf.value)))


def _declare_machine(pool: NodeGroup, group: _Group) -> None:
    def of_launch(leaf: Reading) -> Reading:
        return image(leaf.value.get("ImageId"))

    own_image = mapped(group.launch, of_launch)
    family = images.family_of_image(own_image)

    def field(function: str, key: str) -> Reading:
        def convert(leaf: Reading) -> Reading:
            launch: Launch = leaf.value
            found = machines.volume(launch, family) if function == "volume" else machines.metadata_service(launch)
            return found[key]

        return mapped(group.launch, convert)

    pool.declare(
        ami_id=own_image,
        ami_family=images.eksctl_name(family),
        version=images.version_of_image(own_image),
        has_metadata_service=field("metadata", "has_metadata_service"),
        http_tokens=field("metadata", "http_tokens"),
        http_put_response_hop_limit=field("metadata", "http_put_response_hop_limit"),
        volume_size=field("volume", "volume_size"),
        volume_type=field("volume", "volume_type"),
        volume_encrypted=field("volume", "volume_encrypted"),
        ssh_allowed=mapped(group.launch, lambda leaf: is_given(leaf.value.get("KeyName"))),
        cpu_credits=mapped(group.launch, lambda leaf: text(leaf.value.get("CreditSpecification", "CpuCredits"))),
        uses_fabric_adapter=mapped(group.launch, lambda leaf: machines.uses_fabric_adapter(leaf.value)),
        role=for_each_branch(group.launch, lambda leaf: _role(leaf, group)),
        role_arn=mapped(group.launch, lambda leaf: text(leaf.value.profile)),
    )


def _role(leaf: Reading, group: _Group) -> Reading:
    if not isinstance(leaf.value, Launch):
        return Reading(None, leaf.source)
    return group.setting.identities.role_of_profile(leaf.value.profile)


def _subnets(group: _Group) -> Reading:
    return group.get("VPCZoneIdentifier")


def _declare_network(pool: NodeGroup, group: _Group) -> None:
    written, network = _subnets(group), group.setting.network

    def is_private(leaf: Reading) -> Reading:
        public = machines.gives_public_addresses(leaf.value)
        private = mapped(public, lambda each: Reading(not each.value, each.source))
        return otherwise(private, lambda: network.are_private(written))

    groups = mapped(group.launch, lambda leaf: leaf.value.security_groups)
    pool.declare(
        subnets=otherwise(network.subnets_of(written), lambda: Reading((), written.source)),
        availability_zones=otherwise(network.zones_of(written), lambda: _named_zones(group)),
        uses_private_networking=mapped(group.launch, is_private),
        security_groups=otherwise(groups, lambda: Reading((), written.source)),
    )


def _named_zones(group: _Group) -> Reading:
    written = group.get("AvailabilityZones")

    def of_list(leaf: Reading) -> Reading:
        value: Listed = leaf.value
        items = [zones.zone(item) for item in value.items]
        if value.open is not None:
            return Reading(value.open, leaf.source)
        return combined(items, lambda each: zones.distinct(each, leaf.source), leaf.source)

    def convert(leaf: Reading) -> Reading:
        if not isinstance(leaf.value, Listed):
            return Reading(Unknown("the zones of the region are known only at deployment"), leaf.source)
        return of_list(leaf)

    return mapped(written, convert)


def _declare_scheduling(pool: NodeGroup, group: _Group) -> None:
    def user_data(leaf: Reading) -> Reading:
        of_launch: Reading = leaf.value.user_data
        return of_launch

    def telling(leaf: Reading) -> Reading:
        """User data that starts the kubelet; where it does not, something unseen does."""
        if isinstance(leaf.value, StartedNodes) and isinstance(leaf.value.start.bootstrapper, str):
            return leaf
        return leaf if isinstance(leaf.value, Unknown) else Reading(unseen, leaf.source)

    unseen = Unknown("what starts the kubelet is not in its user data")
    started = mapped(group.launch, user_data)
    kubelet = for_each_branch(started, telling)
    source = group.resource.source
    absent = Reading(None, source)
    pool.declare(
        labels=scheduling.labels(absent, kubelet, PoolKind.SELF_MANAGED, {}, source),
        taints=scheduling.taints(absent, kubelet, source),
        max_pods=scheduling.max_pods(kubelet),
        user_data=mapped(started, lambda leaf: Reading(leaf.value.entity, leaf.source)),
        launch_template=mapped(group.launch, lambda leaf: Reading(leaf.value.entity, leaf.source)),
    )


def _declare_operation(pool: NodeGroup, group: _Group) -> None:
    resource, template = group.resource, group.setting.template
    mixed = resource.get("MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification", "Version")
    version = otherwise(mixed, lambda: resource.get("LaunchTemplate", "Version"))
    policy = mapped(resource.attribute("UpdatePolicy"), _update_policy)
    tags = pairs(resource.get("Tags"))
    suspended = sequence(resource.attribute("UpdatePolicy", _ROLLING_UPDATE, "SuspendProcesses"), text)
    scaling = [
        under_condition(each.presence, Reading(each.logical_id, each.source))
        for each in template.pointing_at(resource, _SCALING_POLICY, "AutoScalingGroupName")
    ]
    pool.declare(
        launch_template_version=text(version),
        update_policy=policy,
        scaling_tags=otherwise(tags, lambda: Reading({}, tags.source)),
        cluster_tags=clusters_of_instances(resource, group.launch, group.setting.clusters),
        suspended_processes=otherwise(suspended, lambda: Reading((), suspended.source)),
        scaling_policies=sequence_of(scaling, resource.source),
        termination_hooks=sequence_of(list(_termination_hooks(group)), resource.source),
    )


def _termination_hooks(group: _Group) -> Iterator[Reading]:
    """Hooks that stand beside the group, and those in its own list."""
    resource = group.resource
    for each in group.setting.template.pointing_at(resource, _LIFECYCLE_HOOK, "AutoScalingGroupName"):
        if each.get("LifecycleTransition").value == _TERMINATING:
            yield under_condition(each.presence, Reading(each.logical_id, each.source))
    own = resource.get("LifecycleHookSpecificationList")
    for hook in own.value.items if isinstance(own.value, Listed) else ():
        if member(hook, "LifecycleTransition").value == _TERMINATING:
            yield text(member(hook, "LifecycleHookName"))


def _update_policy(leaf: Reading) -> Reading:
    if not isinstance(leaf.value, Entries):
        return Reading(Unknown("it is not a mapping"), leaf.source)
    items = {key: tree(member(leaf, key)) for key in leaf.value}
    if _ROLLING_UPDATE in items:
        items[_ROLLING_UPDATE] = mapped(member(leaf, _ROLLING_UPDATE), _rolling_update)
    return mapping_of(items, leaf.source, leaf.value.open)


def _rolling_update(leaf: Reading) -> Reading:
    if not isinstance(leaf.value, Entries):
        return Reading(Unknown("it is not a mapping"), leaf.source)
    items = {key: (integer if key in _ROLLING_NUMBERS else tree)(member(leaf, key)) for key in leaf.value}
    return mapping_of(items, leaf.source, leaf.value.open)

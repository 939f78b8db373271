from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule

_BLOCK = "CAPACITY_BLOCK"
_MARKET = "capacity-block"


@rule(Severity.ERROR, since="0.1.0", tags=("accelerators",))
def capacity_block_config(group: NodeGroup) -> Iterator[Finding]:
    """A node group is to run in a capacity block, but is not set up for one.

    ## Why is this bad?
    A capacity block is a reservation of one instance type in one zone for a given time. EKS takes a managed group only
    with a launch template that names market, reservation and type; what the block does not hold cannot be launched.

    ## When it stays silent
    Launch templates that stand elsewhere. What eksctl itself refuses is said by `eksctl-capacity-reservation`. Several
    types or zones where the target is a group of reservations. Advice only that nothing can start before the block
    does: set the desired size to 0 until then.

    ## References
    - Amazon EKS user guide, create a managed node group with Capacity Blocks for ML
    - Amazon EKS user guide, create self-managed nodes with Capacity Blocks for ML
    - Amazon EC2 user guide, launch instances using Capacity Blocks
    """
    if group.kind == "managed" and group.dialect == "cloudformation":
        yield from _template(group)
    if group.capacity_type != _BLOCK:
        return
    if group.kind == "managed" and group.dialect == "cloudformation" and group.launch_template is None:
        return
    if group.reservation_target is None and not _is_refused_by_eksctl(group):
        yield Finding(
            group.at("reservation_target"),
            f"{group} runs in a capacity block, but nothing says in which: EC2 launches such instances only into a "
            "reservation that is named",
            label="names no reservation",
            help="name the block as capacity reservation target (cr-…)",
            related=[(group.at("capacity_type"), "a capacity block")],
            discriminator="target",
        )
    yield from _types(group)
    yield from _zones(group)
    if group.desired_size:
        nodes = "1 node" if group.desired_size == 1 else f"{group.desired_size} nodes"
        yield Finding(
            group.at("desired_size"),
            f"{group} asks for {nodes} at once: until the capacity block starts, every launch fails",
            label="0 until the block starts",
            help="start with 0, and scale when the reservation is active",
            severity=Severity.INFO,
            discriminator="size",
        )


def _is_refused_by_eksctl(group: NodeGroup) -> bool:
    """Whether there is no capacityReservation at all, without which eksctl takes no market options."""
    source = group.at("reservation_target").source
    return group.dialect == "eksctl" and not source.document.holds(source.path[:-1])


def _template(group: NodeGroup) -> Iterator[Finding]:
    """What EKS asks of the launch template of a managed group."""
    template = group.launch_template
    is_block = group.capacity_type == _BLOCK
    if template is None:
        if is_block:
            yield Finding(
                group.at("capacity_type"),
                f"{group} is to run in a capacity block, which takes a launch template that names it: EKS refuses the "
                "group without one",
                label="needs a LaunchTemplate",
                discriminator="template",
            )
        return
    for_block = template.market_type == _MARKET
    if for_block and not is_block:
        yield Finding(
            group.at("capacity_type"),
            f"{group} is {group.capacity_type}, but {template} is for a capacity block: EKS refuses the group",
            label="not CAPACITY_BLOCK",
            help="set CapacityType: CAPACITY_BLOCK",
            related=[(template.at("market_type"), "for a capacity block")],
            discriminator="capacity-type",
        )
    elif is_block and not for_block:
        yield Finding(
            template.at("market_type"),
            f"{group} is to run in a capacity block, but {template} does not buy its instances there",
            label="not capacity-block",
            help="set InstanceMarketOptions.MarketType: capacity-block in the launch template",
            related=[(group.at("capacity_type"), "a capacity block")],
            discriminator="market",
        )
    if is_block and template.instance_type is None:
        yield Finding(
            template.at("instance_type"),
            f"{group} is to run in a capacity block, but {template} names no instance type, which EKS asks of it",
            label="no InstanceType",
            related=[(group.at("capacity_type"), "a capacity block")],
            discriminator="type",
        )


def _types(group: NodeGroup) -> Iterator[Finding]:
    template = group.launch_template
    if group.kind == "managed" and group.dialect == "cloudformation":
        if template is None or template.instance_type is None:
            return
    elif group.instance_requirements is not None:
        return
    types = list(dict.fromkeys(group.instance_types))
    if len(types) > 1:
        # eksctl refuses that of a managed group, and has a rule of its own for what it refuses.
        if group.reservation_target != "several" and (group.kind, group.dialect) != ("managed", "eksctl"):
            yield Finding(
                group.at("instance_types"),
                f"{group} runs in a capacity block, which has one instance type, but lists {len(types)}",
                label="one at most",
                related=[(group.at("capacity_type"), "a capacity block")],
                discriminator="types",
            )
        return
    for index, name in enumerate(types):
        facts = instance_types.instance_type(name)
        if facts is not None and not facts.supports_capacity_blocks:
            place = group.at("instance_types", index)
            yield Finding(
                place,
                f"{group} runs in a capacity block, but there are no such blocks of {name}",
                label="no capacity blocks" if place.is_written else f"{name} is the default",
                related=[(group.at("capacity_type"), "a capacity block")],
                discriminator="type",
            )


def _zones(group: NodeGroup) -> Iterator[Finding]:
    """A launch in another zone fails; the Auto Scaling group then tries the next one."""
    if group.reservation_target == "several":
        return
    zones = group.availability_zones
    if zones is None:
        if group.dialect != "eksctl" or group.subnets:
            return
        spread = "all zones of the cluster"
    elif len(zones) > 1:
        spread = f"{len(zones)} zones"
    else:
        return
    place = group.at("availability_zones")
    yield Finding(
        place,
        f"{group} spans {spread}, but a capacity block lies in one: launches in the others fail",
        label="one zone" if place.is_written else "all zones by default",
        help="place the group in the zone of the reservation alone",
        related=[(group.at("capacity_type"), "a capacity block")],
        severity=Severity.WARNING,
        discriminator="zones",
    )

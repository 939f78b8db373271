"""Reading a node group as eksctl does: Go's idea of absent, and eksctl's defaults in the order in which it sets them.

eksctl validates self-managed groups before it fills in their defaults, and managed groups after (`pkg/ctl/cmdutils/cmd.go`,
InitializeClusterConfig). What stands here is what validation sees.
"""

from collections.abc import Iterator, Sequence

from ekslint import EksctlNodeGroup, ami_families, eksctl_defaults, eksctl_fields, eksctl_limits, instance_types


def text(group: EksctlNodeGroup, *path: str) -> str:
    """A string; empty where it is absent, as in Go."""
    return group.text(*path) or ""


def items(group: EksctlNodeGroup, *path: str) -> Sequence[str]:
    """A list, empty where it is absent."""
    return group.sequence(*path)


def is_used(group: EksctlNodeGroup, exclusion: eksctl_limits.Exclusion) -> bool:
    """Whether a field is surely used in the way that matters; a templated one is not."""
    if group.unknown(*exclusion.path):
        return False
    value = group.get(*exclusion.path)
    match exclusion.use:
        case eksctl_limits.Use.PRESENT:
            return value is not None
        case eksctl_limits.Use.TRUE:
            return value is True
        case eksctl_limits.Use.FALSE:
            return value is False
        case eksctl_limits.Use.FILLED:
            return value is not None and value != "" and value != 0 and value != []
    return False


def is_filled(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether a field is surely there, and neither empty nor zero."""
    return is_used(group, eksctl_limits.Exclusion(path, eksctl_limits.Use.FILLED))


def is_true(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether a switch is surely on."""
    return is_used(group, eksctl_limits.Exclusion(path, eksctl_limits.Use.TRUE))


def is_present(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether a field surely has a value, be it an empty one."""
    return is_used(group, eksctl_limits.Exclusion(path, eksctl_limits.Use.PRESENT))


def has_launch_template(group: EksctlNodeGroup) -> bool:
    """Whether a managed group brings a launch template of its own."""
    return group.is_managed and group.has("launchTemplate")


def ami_family(group: EksctlNodeGroup) -> str:
    """The family that validation sees, as eksctl spells it; empty where the group says none and none is filled in."""
    written = text(group, "amiFamily")
    if not written and group.is_managed and not text(group, "ami"):
        return eksctl_defaults.AMI_FAMILY
    folded = written.casefold()
    return next((name for name in ami_families.eksctl_names() if name.casefold() == folded), written)


def family_facts(group: EksctlNodeGroup) -> ami_families.AmiFamily | None:
    """What is known of the group's family; None if there is none, or eksctl knows none of that name."""
    name = ami_family(group)
    return ami_families.from_eksctl(name) if name in ami_families.eksctl_names() else None


def is_windows(group: EksctlNodeGroup) -> bool:
    """Whether the nodes run Windows."""
    family = family_facts(group)
    return family is not None and family.is_windows


def is_bottlerocket(group: EksctlNodeGroup) -> bool:
    """Whether the nodes run Bottlerocket."""
    family = family_facts(group)
    return family is not None and family.is_bottlerocket


def has_instance_selector(group: EksctlNodeGroup) -> bool:
    """Whether an instance selector chooses the types; an empty one chooses nothing."""
    selector = group.mapping("instanceSelector")
    return any(value is not None and value != "" and value != 0 for value in _selected(selector.items()))


def _selected(entries: "Iterator[tuple[str, object]] | object") -> Iterator[object]:
    # A pointer to zero is a choice: no GPUs.
    for key, value in entries:  # type: ignore[attr-defined]
        yield True if key in {"gpus", "neuron_devices", "allow", "deny"} and value is not None else value


def listed_types(group: EksctlNodeGroup) -> Sequence[str]:
    """The types of a group that lists several."""
    return items(group, "instanceTypes") if group.is_managed else items(group, "instancesDistribution", "instanceTypes")


def decisive_type(group: EksctlNodeGroup) -> instance_types.InstanceType | None:
    """The type that decides on the image: of several the first with an accelerator, else the first.

    None where there is none, or nothing is known of it. Source: `instance.go` (SelectInstanceType).
    """
    names = listed_types(group)
    if not names:
        return instance_types.instance_type(text(group, "instanceType"))
    known = [instance_types.instance_type(name) for name in names]
    return next((each for each in known if each is not None and accelerator(each)), known[0])


def accelerator(instance_type: instance_types.InstanceType) -> str | None:
    """`nvidia` or `neuron`, if the type has either."""
    if any(gpu.manufacturer.casefold() == "nvidia" for gpu in instance_type.gpus):
        return "nvidia"
    return "neuron" if instance_type.neuron else None


def addon_policies(group: EksctlNodeGroup) -> list[str]:
    """The keys of `iam.withAddonPolicies` that are surely true."""
    known = eksctl_fields.fields_of("NodeGroupIAMAddonPolicies")
    return [name for name in known if is_true(group, "iam", "withAddonPolicies", name)]


def in_words(names: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"

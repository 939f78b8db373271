"""Reading a node group as eksctl does: Go's idea of empty, and eksctl's defaults as far as they are set by then.

eksctl validates self-managed groups before it fills in their defaults, and managed groups after that
(`pkg/ctl/cmdutils/cmd.go`, InitializeClusterConfig). What stands here is what its validation sees. What a template
fills in is neither there nor missing: rules ask for what is surely there, or surely not, and pass over the rest.
"""

from collections.abc import Iterator
from typing import Any

from ekslint import EksctlNodeGroup, ami_families, eksctl_defaults, eksctl_fields, eksctl_limits, instance_types
from ekslint_rules.eksctl import _reading as reading

_MAXIMUM_ITEMS = 1_000
"""No honest node group has lists of this length; aliases can make any."""


def value(group: EksctlNodeGroup, *path: str | int) -> Any:
    """What surely stands at a path; None if nothing does, or a template fills it in."""
    return None if group.unknown(*path) else group.get(*path)


def text(group: EksctlNodeGroup, *path: str | int) -> str:
    """A string, "" if there is none; a number or a boolean as it was written, as that is what was meant."""
    found = value(group, *path)
    if isinstance(found, bool | int | float):
        return group.sheet.document.raw((*group.path, *path)) or ""
    return found if isinstance(found, str) else ""


def shown(group: EksctlNodeGroup, *path: str | int) -> str:
    """A string for a sentence: eksctl refuses an empty one where it takes none at all."""
    return text(group, *path) or "(empty)"


def number(group: EksctlNodeGroup, *path: str) -> int | None:
    """A whole number."""
    found = value(group, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_present(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether surely something stands at a path, be it empty."""
    return value(group, *path) is not None


def is_missing(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether surely nothing at all stands at a path."""
    return not group.unknown(*path) and group.get(*path) is None and not reading.is_misspelt(group, *path)


def is_filled(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether surely something stands at a path that is neither empty nor zero."""
    found = value(group, *path)
    if isinstance(found, dict | list):
        return bool(found)
    return found is not None and found not in ("", 0)


def is_empty(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether surely nothing stands at a path, or something empty."""
    return is_missing(group, *path) or value(group, *path) in ("", [], {})


def is_true(group: EksctlNodeGroup, *path: str) -> bool:
    """Whether a switch is surely on."""
    return value(group, *path) is True


def is_used(group: EksctlNodeGroup, exclusion: eksctl_limits.Exclusion) -> bool:
    """Whether a field is surely used in the way that an exclusion is about."""
    use = exclusion.use
    if use is eksctl_limits.Use.PRESENT:
        return is_present(group, *exclusion.path)
    if use is eksctl_limits.Use.FILLED:
        return is_filled(group, *exclusion.path)
    return value(group, *exclusion.path) is (use is eksctl_limits.Use.TRUE)


def indexed(group: EksctlNodeGroup, *path: str) -> Iterator[tuple[int, str]]:
    """The strings of a list that are known and not empty, each with its index."""
    listed = None if group.unknown(*path) else _node(group, *path)
    for index in range(min(len(listed), _MAXIMUM_ITEMS) if isinstance(listed, list) else 0):
        if found := text(group, *path, index):
            yield index, found


def texts(group: EksctlNodeGroup, *path: str) -> list[str]:
    """The strings of a list that are known and not empty."""
    return [each for _, each in indexed(group, *path)]


def keys(group: EksctlNodeGroup, *path: str) -> Iterator[str]:
    """The keys of a mapping."""
    node = _node(group, *path)
    yield from node if isinstance(node, dict) else ()


def _node(group: EksctlNodeGroup, *path: str) -> Any:
    node: Any = group.node
    for step in path:
        node = node.get(step) if isinstance(node, dict) else None
    return node


def dotted(*path: str) -> str:
    """A path as a person writes it: `iam.attachPolicyARNs`."""
    return ".".join(path)


def has_launch_template(group: EksctlNodeGroup) -> bool:
    """Whether a managed group surely brings a launch template of its own."""
    return group.is_managed and is_present(group, "launchTemplate")


def ami_family(group: EksctlNodeGroup) -> str | None:
    """The family that validation sees, as eksctl spells it; "" for none, None where a template decides."""
    if group.unknown("amiFamily"):
        return None
    written = text(group, "amiFamily")
    if not written and group.is_managed:
        if group.unknown("ami"):
            return None
        return "" if is_filled(group, "ami") else eksctl_defaults.AMI_FAMILY
    folded = written.casefold()
    return next((name for name in ami_families.eksctl_names() if name.casefold() == folded), written)


def family_facts(group: EksctlNodeGroup) -> ami_families.AmiFamily | None:
    """What is known of the group's family; None if it has none, or none that eksctl takes."""
    name = ami_family(group)
    return ami_families.from_eksctl(name) if name in ami_families.eksctl_names() else None


def has_instance_selector(group: EksctlNodeGroup) -> bool:
    """Whether an instance selector surely chooses the types; an empty one chooses nothing."""
    # Where zero is a pointer's value it is a choice: no GPUs.
    pointers = ("gpus", "neuron_devices", "allow", "deny")
    return any(is_present(group, "instanceSelector", name) for name in pointers) or any(
        is_filled(group, "instanceSelector", name) for name in ("vCPUs", "memory", "cpuArchitecture")
    )


def types_path(group: EksctlNodeGroup) -> tuple[str, ...]:
    """Where a group lists several types."""
    return ("instanceTypes",) if group.is_managed else ("instancesDistribution", "instanceTypes")


def decisive_type(group: EksctlNodeGroup) -> instance_types.InstanceType | None:
    """The type that decides on the image: of several the first with an accelerator, else the first.

    None where there is none, or nothing is known of it. Source: eksctl, `instance.go` (SelectInstanceType).
    """
    names = texts(group, *types_path(group))
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
    """The keys of `iam.withAddonPolicies` that are surely true, sorted."""
    known = eksctl_fields.fields_of("NodeGroupIAMAddonPolicies")
    return [name for name in known if is_true(group, "iam", "withAddonPolicies", name)]

"""What is known of the image that nodes start from."""

from collections.abc import Callable, Iterator

from ekslint import EC2NodeClass, NodeGroup, ami_families, ami_names, instance_types


def family_of(group: NodeGroup) -> ami_families.AmiFamily | None:
    """The image of a node group, narrowed to architecture and accelerators; None where it does not tell."""
    if not group.unknown("ami_id") and group.ami_id is not None:
        reference = ami_names.from_ssm_path(group.ami_id)
        return reference.family if reference is not None else None
    if not group.unknown("ami_type") and group.ami_type is not None:
        found = ami_families.from_ami_type(group.ami_type)
        return found if found is not None and not found.is_custom else None
    return None


def image_field(group: NodeGroup) -> str:
    """The field that says which image it is."""
    has_image = group.unknown("ami_id") or group.ami_id is not None
    return "ami_id" if has_image else "ami_type"


def without_driver(
    group: NodeGroup, family: ami_families.AmiFamily, has_devices: Callable[[instance_types.InstanceType], bool]
) -> tuple[int, str, str] | None:
    """The first instance type of a group that has certain devices, on an image that has no driver for them.

    (its index, its name, what to call the image); None if there is none. A type of another architecture does not even
    start: that is what `ami-arch-mismatch` speaks of.
    """
    for index, name in enumerate(group.instance_types):
        facts = instance_types.instance_type(name)
        if facts is not None and has_devices(facts) and facts.architectures & family.architectures:
            return index, name, f"{group.ami_type}" if image_field(group) == "ami_type" else "this image"
    return None


def family_name(group: NodeGroup) -> str | None:
    """The operating system of a group, as eksctl calls it; None where nobody knows."""
    return None if group.unknown("ami_family") else group.ami_family


def node_class_family(node_class: EC2NodeClass) -> ami_families.AmiFamily | None:
    """The one family of a node class: by its first alias, else by `amiFamily`."""
    for index in range(len(node_class.sequence("spec", "amiSelectorTerms"))):
        alias = node_class.text("spec", "amiSelectorTerms", index, "alias")
        if alias is not None:
            return ami_families.from_karpenter_alias(alias)
    name = node_class.text("spec", "amiFamily")
    return ami_families.from_karpenter(name) if name is not None else None


def image_references(node_class: EC2NodeClass, index: int) -> Iterator[tuple[str, ami_names.AmiReference]]:
    """What a selector term of a node class tells of its images by their name or path, with the field that does."""
    term = ("spec", "amiSelectorTerms", index)
    name, path = node_class.text(*term, "name"), node_class.text(*term, "ssmParameter")
    for field, reference in (
        ("name", ami_names.from_ami_name(name) if name is not None else None),
        ("ssmParameter", ami_names.from_ssm_path(path) if path is not None else None),
    ):
        if reference is not None:
            yield field, reference

from collections.abc import Iterator

from ekslint import (
    EC2NodeClass,
    Finding,
    NodeGroup,
    NodePool,
    Place,
    Severity,
    decides_type,
    instance_types,
    rule,
    types_meeting,
)
from ekslint_rules.upgrades._images import family_of, image_field, image_references

_ARCHITECTURE_LABELS = ("kubernetes.io/arch", "beta.kubernetes.io/arch")
_OF_IMAGES = frozenset({"amd64", "arm64"})


@rule(Severity.ERROR, since="0.1.0", dialects=("eksctl", "cloudformation", "karpenter"))
def ami_arch_mismatch(subject: NodeGroup | NodePool) -> Iterator[Finding]:
    """The image of a node group or NodePool is of another CPU architecture than its instance types.

    ## Why is this bad?
    An arm64 image does not boot on an x86 instance, nor the other way round: EKS or EC2 refuses to launch it, and
    Karpenter launches nothing. A group has one image, so that its instance types must all be of one architecture.

    ## When it stays silent
    Types that the table of this release of ekslint does not know. Where eksctl or EKS picks the image, or the image
    does not tell its architecture, types that are all alike. Node classes with an alias, which stands for images of
    both architectures, and NodePools that allow some type that the image fits.

    ## References
    - Amazon EKS user guide, managed node groups
    - eksctl, pkg/apis/eksctl.io/v1alpha5/instance_types.go
    - Karpenter documentation, NodeClasses, spec.amiSelectorTerms
    """
    if isinstance(subject, NodePool):
        yield from _of_node_pool(subject)
    else:
        yield from _of_group(subject)


def _of_group(group: NodeGroup) -> Iterator[Finding]:
    family = family_of(group) if group.dialect == "cloudformation" else None
    if family is None or not family.architectures:
        yield from _mixed(group)
        return
    for index, name in enumerate(group.instance_types):
        facts = instance_types.instance_type(name)
        # Architectures of no image at all, as of Mac hosts, are what `unsupported-instance-on-eks` speaks of.
        if facts is None or not facts.architectures & _OF_IMAGES or facts.architectures & family.architectures:
            continue
        [mine, *_], [theirs, *_] = sorted(family.architectures), sorted(facts.architectures)
        place, image = group.at("instance_types", index), group.at(image_field(group))
        yield Finding(
            place,
            f"{group} has images for {mine}, but {name} is {theirs}: no such node can start",
            label=f"{theirs}",
            help=f"use an image for {theirs}, or an instance type with {mine}",
            related=[(image, f"an image for {mine}")],
            rests_on=[image],
            discriminator=name,
        )


def _mixed(group: NodeGroup) -> Iterator[Finding]:
    """Types of two architectures in a group: whichever image it gets, it is wrong for one of them."""
    known = [
        (index, name, facts.architectures & _OF_IMAGES)
        for index, name in enumerate(group.instance_types)
        if (facts := instance_types.instance_type(name)) is not None and facts.architectures & _OF_IMAGES
    ]
    first_index, first_name, first = known[0] if known else (0, "", frozenset[str]())
    for index, name, architectures in known:
        if architectures & first:
            continue
        [mine, *_], [theirs, *_] = sorted(first), sorted(architectures)
        yield Finding(
            group.at("instance_types", index),
            f"{group} has both {first_name} ({mine}) and {name} ({theirs}), but one image: it is wrong for one of them",
            label=f"{theirs}",
            help="make a node group of its own for each architecture",
            related=[(group.at("instance_types", first_index), f"{mine}")],
            discriminator=name,
        )
        return


def _of_node_pool(node_pool: NodePool) -> Iterator[Finding]:
    node_class = node_pool.pool.node_class
    if not isinstance(node_class, EC2NodeClass):
        return
    images = _architectures(node_class)
    if not images:
        return
    requirements = [(index, each) for index, each in enumerate(node_pool.requirements) if decides_type(each)]
    types = types_meeting(node_pool.estate, [each for _, each in requirements])
    if not types or any(facts.architectures & images.keys() for facts in types):
        return
    index = next((index for index, each in requirements if each.key in _ARCHITECTURE_LABELS), requirements[0][0])
    [mine, *_], [theirs, *_] = sorted(images), sorted(types[0].architectures)
    yield Finding(
        node_pool.at(*node_pool.requirements_path, index, "values"),
        f"{node_pool} allows instance types of {theirs} alone, but {node_class} has images for {mine}: no node starts",
        label=f"{theirs}",
        help=f"use an image for {theirs}, or types with {mine}",
        related=[(images[mine], f"an image for {mine}")],
    )


def _architectures(node_class: EC2NodeClass) -> dict[str, Place]:
    """The architectures of all images that a node class selects, with where each is said; empty if one may be any."""
    found: dict[str, Place] = {}
    for index in range(len(node_class.sequence("spec", "amiSelectorTerms"))):
        references = list(image_references(node_class, index))
        if not references:
            return {}
        for field, reference in references:
            found.setdefault(reference.architecture, node_class.at("spec", "amiSelectorTerms", index, field))
    return found

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule
from ekslint_rules.upgrades._images import family_of, image_field

_OF_IMAGES = frozenset({"amd64", "arm64"})


@rule(Severity.ERROR, since="0.1.0", dialects=("eksctl", "cloudformation"))
def ami_arch_mismatch(group: NodeGroup) -> Iterator[Finding]:
    """The image of a node group is of another CPU architecture than its instance type.

    ## Why is this bad?
    An arm64 image does not boot on an x86 instance, nor the other way round: EKS or EC2 refuses to launch it. A group
    has one image, so that its instance types must all be of one architecture.

    ## When it stays silent
    Types that the table of this release of ekslint does not know. Where eksctl or EKS picks the image, or the image
    does not tell its architecture, types that are all alike.

    ## References
    - Amazon EKS user guide, managed node groups
    - eksctl, pkg/apis/eksctl.io/v1alpha5/instance_types.go
    """
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
        yield Finding(
            group.at("instance_types", index),
            f"{group} has images for {mine}, but {name} is {theirs}: no such node can start",
            label=f"{theirs}",
            help=f"use an image for {theirs}, or an instance type with {mine}",
            related=[(group.at(image_field(group)), f"an image for {mine}")],
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

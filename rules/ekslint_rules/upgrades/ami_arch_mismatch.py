from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule
from ekslint_rules.upgrades._images import family_of, image_field

_OF_IMAGES = frozenset({"amd64", "arm64"})


@rule(Severity.ERROR, since="0.1.0", dialects=("cloudformation",))
def ami_arch_mismatch(group: NodeGroup) -> Iterator[Finding]:
    """The image of a node group is of another CPU architecture than its instance type.

    ## Why is this bad?
    An arm64 image does not boot on an x86 instance, nor the other way round: EKS or EC2 refuses to launch it.

    ## When it stays silent
    Images that do not tell their architecture, types that the table of this release of ekslint does not know, and
    groups without an AMI type, for which EKS picks the image. eksctl picks the image by the instance type.

    ## References
    - Amazon EKS user guide, managed node groups
    """
    if group.dialect != "cloudformation":
        return
    family = family_of(group)
    if family is None or not family.architectures:
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

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule
from ekslint_rules.upgrades._images import family_of, image_field

_NEURON = "neuron"


@rule(Severity.WARNING, since="0.1.0", tags=("gpu",), dialects=("cloudformation",))
def neuron_ami(group: NodeGroup) -> Iterator[Finding]:
    """Inferentia or Trainium instances run an image without the Neuron driver.

    ## Why is this bad?
    Without the driver the nodes offer no `aws.amazon.com/neuron`, and pods that ask for it stay Pending.

    ## When it stays silent
    Bottlerocket and the accelerated image of Amazon Linux 2, which have it; images of your own; groups without an AMI
    type. For ClusterConfigs eksctl picks the image, and `eksctl-ami-family` speaks.

    ## References
    - Amazon EKS user guide, use AWS Inferentia instances with Amazon EKS for Machine Learning
    """
    if group.dialect != "cloudformation":
        return
    family = family_of(group)
    if family is None or _NEURON in family.accelerators:
        return
    for index, name in enumerate(group.instance_types):
        facts = instance_types.instance_type(name)
        if facts is None or not facts.neuron or not facts.architectures & family.architectures:
            continue
        image = "this image"
        if image_field(group) == "ami_type":
            image = f"{group.ami_type}"
        yield Finding(
            group.at("instance_types", index),
            f"{group} runs {name}, which has Neuron devices, but {image} has no driver for them",
            label="has Neuron devices",
            help="use AL2023_x86_64_NEURON, or Bottlerocket",
            related=[(group.at(image_field(group)), "no Neuron driver")],
            discriminator=name,
        )
        return

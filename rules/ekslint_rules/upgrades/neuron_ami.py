from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._images import family_of, image_field, without_driver

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
    found = without_driver(group, family, lambda facts: bool(facts.neuron))
    if found is not None:
        index, name, image = found
        yield Finding(
            group.at("instance_types", index),
            f"{group} runs {name}, which has Neuron devices, but {image} has no driver for them",
            label="has Neuron devices",
            help="use AL2023_x86_64_NEURON, or Bottlerocket",
            related=[(group.at(image_field(group)), "no Neuron driver")],
            discriminator=name,
        )

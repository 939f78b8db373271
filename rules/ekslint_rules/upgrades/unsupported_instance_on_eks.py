from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, nearest, rule

_GRAVITON_1, _AMAZON_LINUX_2023 = "a1", "AmazonLinux2023"


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl", "cloudformation"))
def unsupported_instance_on_eks(group: NodeGroup) -> Iterator[Finding]:
    """An instance type does not exist, or cannot be a node.

    ## Why is this bad?
    EKS and EC2 refuse types that do not exist. Mac hosts run no Kubernetes, and Amazon Linux 2023 does not boot on the
    first Graviton (a1).

    ## When it stays silent
    Names that a template fills in. Names that are like none of the table may be newer than this release of ekslint:
    those are advice.

    ## References
    - Amazon EKS user guide, choose an optimal Amazon EC2 node instance type
    - Amazon Linux 2023 user guide, system requirements
    """
    for index, name in enumerate(group.instance_types):
        for message, label, severity in _problems(group, name):
            yield Finding(
                group.at("instance_types", index), message, label=label, severity=severity, discriminator=name
            )


def _problems(group: NodeGroup, name: str) -> Iterator[tuple[str, str, Severity | None]]:
    """(message, label, severity) of what is wrong with a type in a group, if anything is."""
    facts, family = instance_types.instance_type(name), name.partition(".")[0]
    if facts is None and not instance_types.known_name(name):
        meant = nearest(name, instance_types.instance_type_names())
        if meant is not None and family in instance_types.families():
            yield f"{group} asks for {name}, which does not exist", f"did you mean {meant}?", None
        else:
            # A family that is not known either is more likely new than misspelt.
            yield f"{group} asks for {name}, which ekslint does not know", "unknown type", Severity.INFO
    elif facts is not None and any(each.endswith("_mac") for each in facts.architectures):
        yield f"{group} asks for {name}, a Mac host, which cannot be a node", "a Mac host", None
    elif family == _GRAVITON_1 and not group.unknown("ami_family") and group.ami_family == _AMAZON_LINUX_2023:
        yield f"{group} asks for {name}, on which Amazon Linux 2023 does not boot", "first Graviton", None

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
        facts = instance_types.instance_type(name)
        message = label = help_ = None
        severity = None
        if facts is None and not instance_types.known_name(name):
            meant = nearest(name, instance_types.instance_type_names())
            family = name.partition(".")[0]
            # A family that is not known either is more likely new than misspelt.
            is_new = meant is None or (family not in instance_types.families() and name.count(".") == 1)
            message = f"{group} asks for {name}, which {'the table of this release does not know' if is_new else 'does not exist'}"
            label = "unknown type" if is_new else f"did you mean {meant}?"
            severity = Severity.INFO if is_new else None
        elif facts is not None and any(each.endswith("_mac") for each in facts.architectures):
            message, label = f"{group} asks for {name}, a Mac host, which cannot be a node", "a Mac host"
        elif name.partition(".")[0] == _GRAVITON_1 and not group.unknown("ami_family"):
            if group.ami_family == _AMAZON_LINUX_2023:
                message = f"{group} asks for {name}, on which Amazon Linux 2023 does not boot"
                label, help_ = "first Graviton", "use a newer Graviton, such as t4g or m7g"
        if message is not None:
            yield Finding(
                group.at("instance_types", index),
                message,
                label=label,
                help=help_,
                severity=severity,
                discriminator=name,
            )

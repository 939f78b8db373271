from collections.abc import Iterator
from datetime import date

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, ami_families, rule

_OWN_RULE = "AmazonLinux2"
"""`al2-ami` knows more of it."""
_DROPPED_BY_KARPENTER = "Ubuntu"


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "security"), dialects=("eksctl", "karpenter"))
def eol_ami_family(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes run an operating system that has no support any more.

    ## Why is this bad?
    Nobody mends holes in the kernel, in containerd or in the kubelet of such nodes. Karpenter has dropped the family
    Ubuntu with version 1.0 and refuses it.

    ## When it stays silent
    Families with support on the day of the check, and images that do not tell what is in them. Amazon Linux 2 is what
    `al2-ami` reports.

    ## References
    - eksctl, custom AMI support
    - Ubuntu release cycle
    - Karpenter, upgrade guide, 1.0
    """
    if isinstance(subject, EC2NodeClass):
        if subject.version == "v1" and subject.text("spec", "amiFamily") == _DROPPED_BY_KARPENTER:
            yield Finding(
                subject.at("spec", "amiFamily"),
                f"{subject} asks for the family Ubuntu, which Karpenter has not known since 1.0",
                label="dropped in 1.0",
                help="use AL2023 or Bottlerocket, or amiFamily Custom with amiSelectorTerms of your own",
                severity=Severity.ERROR,
            )
        return
    if subject.dialect != "eksctl":
        return
    name = subject.ami_family
    family = ami_families.from_eksctl(name) if name is not None else None
    if family is None or family.end_of_support is None or family.name == _OWN_RULE:
        return
    today = subject.cluster.estate.as_of if subject.cluster is not None else date.min
    if today > family.end_of_support and name in ami_families.eksctl_names():
        yield Finding(
            subject.at("ami_family"),
            f"{subject} runs {name}, whose support ended on {family.end_of_support}",
            label="no more updates",
            help="move to AmazonLinux2023, Bottlerocket or a newer Ubuntu",
        )

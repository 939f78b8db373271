from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._images import family_name, node_class_family

_SCRIPT = "/etc/eks/bootstrap.sh"
_FAMILY = "AmazonLinux2023"
_HELP = "write a NodeConfig (apiVersion: node.eks.aws/v1alpha1) in place of the call"


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "karpenter"))
def bootstrap_sh_on_al2023(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes of Amazon Linux 2023 are to be started with bootstrap.sh.

    ## Why is this bad?
    Amazon Linux 2023 starts nodes with nodeadm, from a NodeConfig. The script `/etc/eks/bootstrap.sh` of Amazon Linux 2
    only prints an error there, and the node never joins.

    ## When it stays silent
    Images that do not tell what is in them, and scripts that only mention the file in a comment.

    ## References
    - Amazon EKS user guide, upgrade from Amazon Linux 2 to Amazon Linux 2023
    - amazon-eks-ami, nodeadm
    """
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject)
        return
    if family_name(subject) != _FAMILY:
        return
    if subject.dialect == "eksctl":
        for index, script in enumerate(subject.startup_scripts):
            if _calls_script(script):
                yield Finding(
                    subject.at("startup_scripts", index),
                    f"{subject} runs Amazon Linux 2023, which has no {_SCRIPT}: its nodes never join",
                    label="for Amazon Linux 2",
                    help=_HELP,
                    related=[(subject.at("ami_family"), "Amazon Linux 2023")],
                )
                return
        return
    user_data = subject.user_data
    if user_data is not None and user_data.bootstrapper == "bootstrap.sh":
        yield Finding(
            user_data.at("bootstrapper"),
            f"{subject} runs Amazon Linux 2023, which has no {_SCRIPT}: its nodes never join",
            label="for Amazon Linux 2",
            help=_HELP,
            related=[(subject.at("ami_family"), "Amazon Linux 2023")],
        )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[Finding]:
    script = node_class.text("spec", "userData")
    if script is None or not _calls_script(script):
        return
    family = node_class_family(node_class)
    if family is not None and family.name == _FAMILY:
        yield Finding(
            node_class.at("spec", "userData"),
            f"{node_class} has images of Amazon Linux 2023, which has no {_SCRIPT}: its nodes fail to start with it",
            label="for Amazon Linux 2",
            help="remove the call: Karpenter writes the NodeConfig itself",
        )


def _calls_script(script: str) -> bool:
    return any(_SCRIPT in line and not line.lstrip().startswith("#") for line in script.split("\n"))

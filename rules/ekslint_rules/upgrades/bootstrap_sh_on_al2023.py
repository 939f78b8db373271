from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, rule
from ekslint_rules.upgrades._images import family_name, node_class_family

_SCRIPT = "/etc/eks/bootstrap.sh"
_FAMILY = "AmazonLinux2023"
_BEFORE = "preBootstrapCommands"
_HELP = "write a NodeConfig (apiVersion: node.eks.aws/v1alpha1) in place of the call"


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "karpenter"))
def bootstrap_sh_on_al2023(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes of Amazon Linux 2023 are to be started with bootstrap.sh.

    ## Why is this bad?
    Amazon Linux 2023 starts nodes with nodeadm, from a NodeConfig. The script `/etc/eks/bootstrap.sh` of Amazon Linux 2
    only prints an error there, and the node never joins. A warning for eksctl's `preBootstrapCommands`, after which
    nodeadm starts the node all the same, but without the labels, taints and flags that they were to set.

    ## When it stays silent
    Images that do not tell what is in them, and scripts that only mention the file in a comment.

    ## References
    - Amazon EKS user guide, upgrade from Amazon Linux 2 to Amazon Linux 2023
    - amazon-eks-ami, nodeadm
    - eksctl, pkg/nodebootstrap/al2023.go
    """
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject)
        return
    if family_name(subject) != _FAMILY:
        return
    if subject.dialect == "eksctl":
        for index, script in enumerate(subject.startup_scripts):
            call = _call_of_script(script)
            if call is not None:
                place = subject.at("startup_scripts", index)
                # What runs before nodeadm fails by itself: nodeadm starts the node all the same.
                is_before = _BEFORE in place.source.path
                effect = "what is set there is lost" if is_before else "its nodes never join"
                yield Finding(
                    place.within(call),
                    f"{subject} runs Amazon Linux 2023, which has no {_SCRIPT}: {effect}",
                    label="for Amazon Linux 2",
                    help=_HELP,
                    related=[(subject.at("ami_family"), "Amazon Linux 2023")],
                    lower=int(is_before),
                )
                return
        return
    user_data = subject.user_data
    if user_data is not None and user_data.bootstrapper == "bootstrap.sh":
        place, image = user_data.at("bootstrapper"), subject.at("ami_family")
        yield Finding(
            place,
            f"{subject} runs Amazon Linux 2023, which has no {_SCRIPT}: its nodes never join",
            label="for Amazon Linux 2",
            help=_HELP,
            related=[(image, "Amazon Linux 2023")],
            rests_on=[image],
        )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[Finding]:
    script = node_class.text("spec", "userData")
    call = _call_of_script(script) if script is not None else None
    if call is None:
        return
    family = node_class_family(node_class)
    if family is not None and family.name == _FAMILY:
        yield Finding(
            node_class.at("spec", "userData").within(call),
            f"{node_class} has images of Amazon Linux 2023, which has no {_SCRIPT}: its nodes fail to start with it",
            label="for Amazon Linux 2",
            help="remove the call: Karpenter writes the NodeConfig itself",
        )


def _call_of_script(script: str) -> str | None:
    """The line that calls bootstrap.sh, and does not merely speak of it."""
    lines = map(str.strip, script.split("\n"))
    return next((line for line in lines if _SCRIPT in line and not line.startswith("#")), None)

from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, UserData, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.upgrades._images import family_name, node_class_family

_FAMILY = "AmazonLinux2"
_NODE_CONFIG = "node.eks.aws"
_REQUIRED = ("name", "apiServerEndpoint", "certificateAuthority", "cidr")
"""What nodeadm refuses to start without (amazon-eks-ami, nodeadm/internal/api, ValidateNodeConfig)."""


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("cloudformation", "karpenter"))
def nodeadm_on_al2(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """A NodeConfig is given to nodes without nodeadm, or lacks what nodeadm needs to know.

    ## Why is this bad?
    Amazon Linux 2 starts nodes with bootstrap.sh and knows nothing of a NodeConfig. On Amazon Linux 2023 nodeadm needs
    the cluster's name, endpoint, certificate authority and service CIDR, or stops: only where EKS picks the image of a
    managed node group it puts them in by itself.

    ## When it stays silent
    Images that do not tell what is in them, and user data that fills in the cluster in a way that cannot be followed.

    ## References
    - Amazon EKS user guide, upgrade from Amazon Linux 2 to Amazon Linux 2023
    - amazon-eks-ami, nodeadm, API reference
    """
    if isinstance(subject, EC2NodeClass):
        yield from _of_node_class(subject)
        return
    if subject.dialect != "cloudformation":
        return
    user_data = subject.user_data
    if user_data is None or user_data.bootstrapper != "nodeadm":
        return
    if family_name(subject) == _FAMILY:
        place, image = user_data.at("bootstrapper"), subject.at("ami_family")
        yield Finding(
            place,
            f"{subject} runs Amazon Linux 2, which has no nodeadm to read this NodeConfig",
            label="for Amazon Linux 2023",
            help="move to Amazon Linux 2023, or call /etc/eks/bootstrap.sh",
            related=[(image, "Amazon Linux 2")],
            rests_on=[image],
        )
    elif subject.kind == "self-managed" or (not subject.unknown("ami_type") and subject.ami_type == "CUSTOM"):
        yield from _incomplete(subject, user_data)


def _incomplete(group: NodeGroup, user_data: UserData) -> Iterator[Finding]:
    missing = [field for field in _REQUIRED if field not in user_data.cluster_fields]
    # Labels that cannot be read mean a NodeConfig that cannot: the cluster may stand in that part of it.
    if not missing or user_data.unknown("kubelet_flags"):
        return
    listed = enumerated(missing)
    yield Finding(
        user_data.at("bootstrapper"),
        f"the NodeConfig of {group} says nothing of the cluster's {listed}: nodeadm does not start without",
        label=f"lacks {listed}",
        help="add spec.cluster with name, apiServerEndpoint, certificateAuthority and cidr",
    )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[Finding]:
    text = node_class.text("spec", "userData")
    if text is None or _NODE_CONFIG not in text:
        return
    family = node_class_family(node_class)
    if family is not None and family.name == _FAMILY:
        yield Finding(
            node_class.at("spec", "userData").within(_NODE_CONFIG),
            f"{node_class} has images of Amazon Linux 2, which has no nodeadm to read this NodeConfig",
            label="for Amazon Linux 2023",
            help="move to Amazon Linux 2023",
        )

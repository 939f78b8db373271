from collections.abc import Iterator
from datetime import date

from ekslint import (
    Cluster,
    EC2NodeClass,
    Finding,
    NodeGroup,
    Place,
    Severity,
    ami_families,
    eksctl_defaults,
    kubernetes_versions,
    rule,
)
from ekslint_rules.upgrades._images import image_references

_NAME = "AmazonLinux2"


@rule(
    Severity.WARNING, since="0.1.0", tags=("upgrades", "security"), dialects=("eksctl", "cloudformation", "karpenter")
)
def al2_ami(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Nodes run Amazon Linux 2, for which EKS publishes no images any more.

    ## Why is this bad?
    The last EKS image of Amazon Linux 2 came out on 2025-11-26: no fix for the kernel, containerd or the kubelet
    follows. From Kubernetes 1.33 on there is no such image at all: no node can start without an image of one's own, and
    eksctl refuses the family.

    ## When it stays silent
    Image IDs that do not tell what is in them.

    ## References
    - Amazon EKS user guide, EKS AL2 AMI deprecation FAQs
    - amazon-eks-ami, CHANGELOG.md
    """
    place = _of_group(subject) if isinstance(subject, NodeGroup) else _of_node_class(subject)
    family = ami_families.family(_NAME)
    if place is None or family is None or family.end_of_support is None:
        return
    cluster = None if _has_unknown_cluster(subject) else subject.cluster
    found = _version(subject, cluster)
    is_gone = False
    if found is not None and _is_after(found[0], family.last_kubernetes) and not _brings_its_own_image(subject):
        is_gone = True
        ending = "eksctl refuses it" if subject.dialect == "eksctl" else "no node can start"
        consequence = f"there is no such image for Kubernetes {found[0]}, and {ending}"
    elif _today(cluster) > family.end_of_support:
        consequence = f"EKS has published no image of it since {family.end_of_support}"
    else:
        consequence = f"EKS publishes no image of it after {family.end_of_support}"
    yield Finding(
        place,
        f"{subject} uses Amazon Linux 2: {consequence}",
        label="does not exist" if is_gone else "no more updates",
        help="move to Amazon Linux 2023 or Bottlerocket; user data with bootstrap.sh becomes a NodeConfig",
        severity=Severity.ERROR if is_gone else None,
        rests_on=found[1:] if is_gone and found is not None else (),
    )


def _of_group(group: NodeGroup) -> Place | None:
    """Where a group says Amazon Linux 2."""
    if group.ami_family != _NAME:
        return None
    if group.dialect == "eksctl":
        return group.at("ami_family")
    # A template says it as the API does, or by the path or name of an image.
    return group.at("ami_type" if not group.unknown("ami_type") and group.ami_type is not None else "ami_id")


def _of_node_class(node_class: EC2NodeClass) -> Place | None:
    """Where a node class says Amazon Linux 2: in an alias, its family, or the name of an image."""
    name = node_class.text("spec", "amiFamily")
    if name is not None and _is_al2(ami_families.from_karpenter(name)):
        return node_class.at("spec", "amiFamily")
    for index in range(len(node_class.sequence("spec", "amiSelectorTerms"))):
        term = ("spec", "amiSelectorTerms", index)
        alias = node_class.text(*term, "alias")
        if alias is not None and _is_al2(ami_families.from_karpenter_alias(alias)):
            return node_class.at(*term, "alias")
        for field, image in image_references(node_class, index):
            if _is_al2(image.family):
                return node_class.at(*term, field)
    return None


def _is_al2(family: ami_families.AmiFamily | None) -> bool:
    return family is not None and family.name == _NAME


def _brings_its_own_image(subject: NodeGroup | EC2NodeClass) -> bool:
    """Whether nodes start from an image that somebody chose, so that there is one whatever EKS publishes.

    For self-managed groups eksctl refuses the family all the same (`pkg/apis/eksctl.io/v1alpha5/defaults.go`).
    """
    if isinstance(subject, NodeGroup):
        return (
            subject.dialect == "eksctl"
            and subject.kind == "managed"
            and (subject.unknown("ami_id") or subject.ami_id is not None)
        )
    terms = range(len(subject.sequence("spec", "amiSelectorTerms")))
    return bool(terms) and all(subject.text("spec", "amiSelectorTerms", index, "alias") is None for index in terms)


def _has_unknown_cluster(subject: NodeGroup | EC2NodeClass) -> bool:
    return isinstance(subject, NodeGroup) and subject.unknown("cluster")


def _today(cluster: Cluster | None) -> date:
    return cluster.estate.as_of if cluster is not None else date.max


def _version(subject: NodeGroup | EC2NodeClass, cluster: Cluster | None) -> tuple[str, Place] | None:
    """The nodes' version, else the cluster's, as far as either is known, and where it is said."""
    for owner in (subject if isinstance(subject, NodeGroup) else None, cluster):
        if owner is not None and not owner.unknown("version") and owner.version is not None:
            return owner.version, owner.at("version")
    if cluster is not None and cluster.dialect == "eksctl" and not cluster.unknown("version"):
        # What eksctl creates unless it is told otherwise, and so does every newer release of it.
        return eksctl_defaults.KUBERNETES_VERSION, cluster.at("version")
    return None


def _is_after(version: str, last: str | None) -> bool:
    mine, newest = kubernetes_versions.minor(version), kubernetes_versions.minor(last or "")
    return mine is not None and newest is not None and mine > newest

from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Place, Severity, ami_names, rule
from ekslint_rules.upgrades._images import image_references
from ekslint_rules.upgrades._skew import control_plane, may_lag, versions_ahead


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("cloudformation", "karpenter"))
def ami_ssm_version_mismatch(subject: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The path or name of an image tells another Kubernetes version than the cluster's.

    ## Why is this bad?
    The version in the path is that of the kubelet in the image. A kubelet that is newer than the control plane, or too
    much older, is not supported and need not work; one that is merely older was forgotten at the last upgrade.

    ## When it stays silent
    Images that do not tell their version, clusters that are declared elsewhere or leave the version to the tool.

    ## References
    - Kubernetes, version skew policy
    - Amazon EKS user guide, retrieve recommended Amazon Linux AMI IDs
    """
    if isinstance(subject, EC2NodeClass):
        cluster = subject.cluster
        found = list(_of_node_class(subject))
    else:
        if subject.dialect != "cloudformation" or subject.ami_id is None:
            return
        cluster = subject.cluster
        reference = ami_names.from_ssm_path(subject.ami_id)
        found = [(subject.at("ami_id"), reference.kubernetes_version)] if reference is not None else []
    version = control_plane(cluster)
    if version is None or cluster is None:
        return
    for place, image in found:
        ahead = versions_ahead(image, version)
        if not ahead:
            continue
        if ahead > 0:
            what, is_error = "newer than the control plane, which is not supported", True
        elif -ahead > may_lag(version):
            what, is_error = "older than the control plane supports", True
        else:
            what, is_error = "left behind by the control plane", False
        yield Finding(
            place,
            f"{subject} has an image for Kubernetes {image}, but {cluster} is {version}: its kubelet is {what}",
            label=f"Kubernetes {image}",
            help=f"use the image for {version}",
            related=[(cluster.at("version"), f"Kubernetes {version}")],
            rests_on=[cluster.at("version")],
            severity=Severity.ERROR if is_error else None,
        )


def _of_node_class(node_class: EC2NodeClass) -> Iterator[tuple[Place, str]]:
    for index in range(len(node_class.sequence("spec", "amiSelectorTerms"))):
        for field, reference in image_references(node_class, index):
            yield node_class.at("spec", "amiSelectorTerms", index, field), reference.kubernetes_version

from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, NodeGroup, Place, Severity, ami_families, kubernetes_versions, rule

_FAMILY = "AmazonLinux2"


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "security"))
def al2_ami(pool: NodeGroup | KarpenterPool) -> Iterator[Finding]:
    """Nodes run Amazon Linux 2, for which EKS publishes no images any more.

    ## Why is this bad?
    The last EKS image of Amazon Linux 2 came out on 2025-11-26: no fix for the kernel, containerd or the kubelet follows.
    From Kubernetes 1.33 on there is no such image at all, so that no node can start.

    ## When it stays silent
    Image IDs that do not tell what is in them.

    ## References
    - Amazon EKS user guide, EKS AL2 AMI deprecation FAQs
    - amazon-eks-ami, CHANGELOG.md
    """
    found = _place(pool)
    family = ami_families.from_eksctl(_FAMILY)
    if found is None or family is None or family.end_of_support is None:
        return
    version = _version(pool)
    gone = version is not None and _is_after(version, family.last_kubernetes)
    if gone:
        message = f"{pool} uses Amazon Linux 2, and there is no such image for Kubernetes {version}"
    elif _today_is_after(pool, family):
        message = f"{pool} uses Amazon Linux 2: EKS has published no image of it since {family.end_of_support}"
    else:
        message = f"{pool} uses Amazon Linux 2: EKS publishes no image of it after {family.end_of_support}"
    yield Finding(
        found,
        message,
        label="no more updates" if not gone else "does not exist",
        help="move to AmazonLinux2023 or Bottlerocket; user data with bootstrap.sh becomes a NodeConfig",
        severity=Severity.ERROR if gone else None,
    )


def _today_is_after(pool: NodeGroup | KarpenterPool, family: ami_families.AmiFamily) -> bool:
    cluster = None if pool.unknown("cluster") else pool.cluster
    return cluster is None or family.end_of_support is None or cluster.estate.as_of >= family.end_of_support


def _place(pool: NodeGroup | KarpenterPool) -> Place | None:
    """Where the pool says Amazon Linux 2."""
    if isinstance(pool, NodeGroup):
        if pool.ami_family == _FAMILY:
            return pool.at("ami_type" if pool.ami_type is not None else "ami_family")
        return None
    node_class = pool.node_class
    if node_class is None:
        return None
    for index in node_class.indexes("spec", "amiSelectorTerms"):
        alias = node_class.text("spec", "amiSelectorTerms", index, "alias")
        if alias is not None and _is_al2(ami_families.from_karpenter_alias(alias)):
            return node_class.at("spec", "amiSelectorTerms", index, "alias")
    name = node_class.text("spec", "amiFamily")
    if name is not None and _is_al2(ami_families.from_karpenter(name)):
        return node_class.at("spec", "amiFamily")
    return None


def _is_al2(family: ami_families.AmiFamily | None) -> bool:
    return family is not None and family.name == _FAMILY


def _version(pool: NodeGroup | KarpenterPool) -> str | None:
    """The nodes' version, else the cluster's, as far as either is known."""
    if isinstance(pool, NodeGroup) and not pool.unknown("version") and pool.version is not None:
        return pool.version
    cluster = None if pool.unknown("cluster") else pool.cluster
    return None if cluster is None or cluster.unknown("version") else cluster.version


def _is_after(version: str, last: str | None) -> bool:
    mine, newest = kubernetes_versions.minor(version), kubernetes_versions.minor(last or "")
    return mine is not None and newest is not None and mine > newest

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, kubernetes_versions, rule


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "cost"))
def kubernetes_version_extended(cluster: Cluster) -> Iterator[Finding]:
    """The Kubernetes version of a cluster is in extended support.

    ## Why is this bad?
    The control plane costs six times as much, and at the end of extended support EKS upgrades it without asking.

    ## When it stays silent
    Versions in standard support, versions that are newer than the table of this release of ekslint, and clusters that
    leave the version to the tool. Versions past extended support are `kubernetes-version-unsupported`.

    ## References
    - Amazon EKS user guide, understand the Kubernetes version lifecycle on EKS
    - Amazon EKS pricing
    """
    version = cluster.version
    if version is None:
        return
    today = cluster.estate.as_of
    if kubernetes_versions.support_phase(version, today) is not kubernetes_versions.SupportPhase.EXTENDED:
        return
    support = kubernetes_versions.support(version)
    assert support is not None, "a version in extended support is in the table"
    yield Finding(
        cluster.at("version"),
        f"Kubernetes {version} of {cluster} has been in extended support since {support.standard_support_ends}: "
        f"the control plane costs six times as much, until EKS upgrades it on {support.extended_support_ends}",
        label="extended support",
        help="upgrade, one minor version at a time, to a version in standard support",
    )

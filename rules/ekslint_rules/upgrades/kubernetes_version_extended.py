from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, kubernetes_versions, rule

_FEW_DAYS = 90
"""As many as `kubernetes-version-ending-soon` counts by default before the end of standard support."""


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "cost"))
def kubernetes_version_extended(cluster: Cluster) -> Iterator[Finding]:
    """The Kubernetes version of a cluster is in extended support.

    ## Why is this bad?
    The control plane costs six times as much, and at the end of extended support EKS upgrades it without asking. With
    the upgrade policy STANDARD it does so right at the end of standard support.

    ## When it stays silent
    Versions in standard support, versions that are newer than the table of this release of ekslint, and clusters that
    leave the version to the tool. Versions past extended support are `kubernetes-version-unsupported`.

    ## References
    - Amazon EKS user guide, understand the Kubernetes version lifecycle on EKS
    - Amazon EKS user guide, view current cluster upgrade policy
    - Amazon EKS pricing
    """
    version = cluster.version
    support = None if version is None else kubernetes_versions.support(version)
    if support is None or support.phase(cluster.estate.as_of) is not kubernetes_versions.SupportPhase.EXTENDED:
        return
    if not cluster.unknown("support_type") and cluster.support_type == "STANDARD":
        message = (
            f"standard support of Kubernetes {version} ended on {support.standard_support_ends}, "
            f"and by the upgrade policy STANDARD EKS upgrades {cluster} without asking"
        )
    else:
        message = (
            f"Kubernetes {version} of {cluster} has been in extended support since {support.standard_support_ends}: "
            f"the control plane costs six times as much, until EKS upgrades it after {support.extended_support_ends}"
            f"{_soon((support.extended_support_ends - cluster.estate.as_of).days)}"
        )
    yield Finding(
        cluster.at("version"),
        message,
        label="extended support",
        help=f"upgrade, one minor version at a time, to {_standard(cluster)}",
    )


def _soon(days: int) -> str:
    if days > _FEW_DAYS:
        return ""
    return ", tomorrow" if days == 1 else f", in {days} days"


def _standard(cluster: Cluster) -> str:
    offered = kubernetes_versions.supported_versions(
        cluster.estate.as_of, phase=kubernetes_versions.SupportPhase.STANDARD
    )
    return f"a version in standard support ({', '.join(offered)})" if offered else "a version in standard support"

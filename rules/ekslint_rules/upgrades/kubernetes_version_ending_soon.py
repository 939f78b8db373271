from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, kubernetes_versions, rule


@rule(Severity.INFO, since="0.1.0", tags=("upgrades", "cost"))
def kubernetes_version_ending_soon(cluster: Cluster, *, days: int = 90) -> Iterator[Finding]:
    """The Kubernetes version of a cluster leaves standard support in a few weeks.

    ## Why is this bad?
    An upgrade goes one minor version at a time, and takes its preparation: removed APIs, add-ons, nodes. Once standard
    support is over the control plane costs six times as much or, by the upgrade policy STANDARD, is upgraded without
    asking.

    ## When it stays silent
    Versions with more than `days` of standard support left, versions that are newer than the table of this release of
    ekslint, and clusters that leave the version to the tool. Extended support is `kubernetes-version-extended`.

    ## References
    - Amazon EKS user guide, understand the Kubernetes version lifecycle on EKS
    - Amazon EKS best practices guide, cluster upgrades
    """
    version = cluster.version
    support = None if version is None else kubernetes_versions.support(version)
    today = cluster.estate.as_of
    if support is None or support.phase(today) is not kubernetes_versions.SupportPhase.STANDARD:
        return
    left = (support.standard_support_ends - today).days
    if left > days:
        return
    when = "tomorrow" if left == 1 else f"in {left} days"
    yield Finding(
        cluster.at("version"),
        f"standard support of Kubernetes {version} ends {when}, on {support.standard_support_ends}: {cluster} is to be "
        "upgraded before",
        label="ends soon",
        help="upgrade, one minor version at a time",
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, auto_mode, kubernetes_versions, rule


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",))
def kubernetes_version_unsupported(cluster: Cluster) -> Iterator[Finding]:
    """The Kubernetes version of a cluster is past the end of its extended support.

    ## Why is this bad?
    EKS creates no cluster of that version any more, and upgrades one that still runs it without asking.

    ## When it stays silent
    Versions that are newer than the table of this release of ekslint, and clusters that leave the version to the tool.
    Versions that are too old for the Auto Mode of their cluster, which `auto-version-too-old` tells.

    ## References
    - Amazon EKS user guide, understand the Kubernetes version lifecycle on EKS
    """
    version = cluster.version
    if version is None:
        return
    today = cluster.estate.as_of
    if kubernetes_versions.support_phase(version, today) is not kubernetes_versions.SupportPhase.ENDED:
        return
    is_for_auto_mode = not cluster.unknown("auto_mode") and cluster.auto_mode is not None
    if is_for_auto_mode and auto_mode.supports_version(version) is False:
        return
    support = kubernetes_versions.support(version)
    ended = f"on {support.extended_support_ends}" if support is not None else "years ago"
    offered = kubernetes_versions.supported_versions(today)
    yield Finding(
        cluster.at("version"),
        f"Kubernetes {version} of {cluster} has no support any more: EKS ended it {ended}, and creates no such cluster",
        label="no longer offered",
        help=f"EKS offers {', '.join(offered)}; an upgrade goes one minor version at a time" if offered else None,
    )

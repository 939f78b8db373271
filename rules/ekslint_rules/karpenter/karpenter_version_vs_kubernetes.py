from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, kubernetes_versions, rule
from ekslint_rules.karpenter._versions import declared_version, parsed, shown


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "versions"), dialects=("eksctl",))
def karpenter_version_vs_kubernetes(cluster: Cluster) -> Iterator[Finding]:
    """The Karpenter that eksctl installs is too old for the cluster's Kubernetes version.

    ## Why is this bad?
    Karpenter checks the version of the API server and refuses to work with one that it does not know: no node is ever
    made.

    ## When it stays silent
    Clusters without a version, Kubernetes versions that are newer than the table, and a Karpenter that is installed
    otherwise.

    ## References
    - Karpenter documentation, upgrading, compatibility matrix
    """
    version = declared_version(cluster)
    if version is None or cluster.version is None:
        return
    support = kubernetes_versions.support(cluster.version)
    least = parsed(support.karpenter) if support is not None and support.karpenter is not None else None
    if least is not None and version < least:
        yield Finding(
            cluster.at("karpenter_version"),
            f"Karpenter {cluster.karpenter_version} does not support Kubernetes {cluster.version}, which needs "
            f"{shown(least)} or later",
            label=f"needs {shown(least)}",
            related=[(cluster.at("version"), f"Kubernetes {cluster.version}")],
        )

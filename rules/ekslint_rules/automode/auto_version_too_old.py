from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, auto_mode, kubernetes_versions, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "versions"))
def auto_version_too_old(cluster: Cluster) -> Iterator[Finding]:
    """Auto Mode is turned on for a Kubernetes version that it does not support.

    ## Why is this bad?
    EKS Auto Mode needs Kubernetes 1.29 or later: the request to turn it on fails.

    ## When it stays silent
    Clusters without a version, which get a current one.

    ## References
    - Amazon EKS user guide, automate cluster infrastructure with EKS Auto Mode
    """
    version, first = cluster.version, auto_mode.FIRST_KUBERNETES_VERSION
    if cluster.auto_mode is None or version is None:
        return
    if auto_mode.supports_version(version) is False:
        offered = kubernetes_versions.supported_versions(cluster.estate.as_of)
        yield Finding(
            cluster.at("version"),
            f"{cluster} has Kubernetes {version}, but Auto Mode needs {first} or later",
            label=f"older than {first}",
            help=f"EKS offers {', '.join(offered)}" if offered else None,
            related=[(cluster.at("auto_mode"), "Auto Mode is on")],
        )

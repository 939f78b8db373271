from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "access"))
def auto_auth_mode(cluster: Cluster) -> Iterator[Finding]:
    """A cluster with Auto Mode lets nobody in by access entries.

    ## Why is this bad?
    The nodes of Auto Mode join through access entries. With the authentication mode CONFIG_MAP there are none, and EKS
    refuses to turn Auto Mode on.

    ## When it stays silent
    API and API_AND_CONFIG_MAP, and clusters that do not say.

    ## References
    - Amazon EKS user guide, enable EKS Auto Mode on an existing cluster
    - Amazon EKS user guide, change authentication mode to use access entries
    """
    if cluster.auto_mode is not None and cluster.authentication_mode == "CONFIG_MAP":
        yield Finding(
            cluster.at("authentication_mode"),
            f"{cluster} authenticates by ConfigMap alone, but the nodes of Auto Mode need access entries",
            label="no access entries",
            help="use API or API_AND_CONFIG_MAP",
            related=[(cluster.at("auto_mode"), "Auto Mode is on")],
        )

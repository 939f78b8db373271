from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule
from ekslint_rules._installations import installed_on
from ekslint_rules.automode._auto import is_auto_only


@rule(Severity.WARNING, since="0.1.0", tags=("automode", "autoscaling"), dialects=("kubernetes",))
def auto_with_cluster_autoscaler(cluster: Cluster) -> Iterator[Finding]:
    """Cluster Autoscaler runs on a cluster whose nodes are all Auto Mode's.

    ## Why is this bad?
    Auto Mode makes and removes nodes itself, without Auto Scaling groups: Cluster Autoscaler has nothing to scale, but
    acts on any group that is tagged for it, for the same pending pods.

    ## When it stays silent
    Clusters that also have node groups, which Auto Mode does not scale.

    ## References
    - EKS best practices guide, EKS Auto Mode
    - Amazon EKS user guide, automate cluster infrastructure with EKS Auto Mode
    """
    if not is_auto_only(cluster):
        return
    found = next(installed_on("cluster-autoscaler", cluster), None)
    if found is not None:
        yield Finding(
            found.at("metadata", "name") if found.dialect == "kubernetes" else found.at("name"),
            f"{found} scales {cluster}, whose nodes Auto Mode makes and removes itself",
            label="nothing to scale",
            help="remove it",
            related=[(cluster.at("auto_mode"), "Auto Mode is on")],
        )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, csi_drivers, rule
from ekslint_rules.storage._missing import missing


@rule(Severity.ERROR, since="0.1.0", tags=("storage",), dialects=("eksctl", "cloudformation", "kubernetes"))
def fsx_csi_missing(cluster: Cluster) -> Iterator[Finding]:
    """Storage classes or volumes ask for FSx, but nothing installs its CSI driver.

    ## Why is this bad?
    EKS does not bring the driver along. Claims stay Pending, volumes are never mounted, and the pods wait for them.

    ## When it stays silent
    The add-on, a chart, an application or manifests of the driver; a role for its service account; clusters
    of which the files list no add-on. A warning where they may merely add to a cluster.

    ## References
    - Amazon EKS user guide, use high-performance app storage with FSx for Lustre
    """
    yield from missing(cluster, csi_drivers.FSX)

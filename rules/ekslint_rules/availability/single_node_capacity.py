from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule
from ekslint_rules._installations import holds_pools_only
from ekslint_rules._node_groups import only_node, size_place


@rule(Severity.WARNING, since="0.1.0", tags=("reliability", "autoscaling"), dialects=("eksctl", "cloudformation"))
def single_node_capacity(cluster: Cluster) -> Iterator[Finding]:
    """A cluster can never have more than one node for its workloads.

    ## Why is this bad?
    When that node fails, or is replaced with its next image, everything is down; replicas share one machine and one
    zone, and nothing can be scaled beyond it.

    ## When it stays silent
    Another pool that takes pods without tolerations, be it Karpenter's, Auto Mode's or hybrid nodes, and any Fargate
    profile; pools that may exist elsewhere; capacity reservations, and groups that host controllers (labelled
    `karpenter.sh/controller`). Tainted groups do not count. Advice only where the file may merely add to an existing
    cluster, as one of nothing but pools may, and outside production.

    ## References
    - EKS best practices guide, reliability, data plane
    """
    group = only_node(cluster)
    if group is None:
        return
    yield Finding(
        size_place(group),
        f"{cluster} never has more than one node for its workloads: {group} ends at 1, and no other pool takes them",
        label="one node for everything",
        help="set a maximum of three or more, and nodes in several zones",
        related=[(pool.at("taints"), f"{pool} is tainted") for pool in cluster.pools if pool is not group],
        lower=cluster.tolerance + max(cluster.may_be_partial, int(holds_pools_only(cluster))),
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, ami_families, every, rule


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation"))
def windows_without_linux(cluster: Cluster) -> Iterator[Finding]:
    """All nodes of a cluster run Windows, and CoreDNS finds none to run on.

    ## Why is this bad?
    CoreDNS and the other parts of EKS itself are Linux pods. Without a Linux node they stay
    Pending, and no name is resolved in the cluster.

    ## When it stays silent
    Clusters with Fargate profiles, Auto Mode, Karpenter or hybrid nodes, node groups with images of their own, and
    clusters that other files declare too. Advice, where the file may merely add to an existing cluster.

    ## References
    - Amazon EKS user guide, deploy Windows nodes on EKS clusters
    - eksctl, pkg/eks/nodegroup.go: LogWindowsCompatibility
    """
    pools = cluster.pools
    if not pools or cluster.auto_mode is not None or cluster.has_unseen_pools or _is_elsewhere_too(cluster):
        return
    if every(pools, lambda pool: isinstance(pool, NodeGroup) and _runs_windows(pool)):
        yield Finding(
            pools[0].at("ami_family"),
            f"every node of {cluster} runs Windows, and CoreDNS needs a Linux node",
            label="Windows" if len(pools) == 1 else f"Windows, as all {len(pools)} groups",
            help="add a node group with Linux, or a Fargate profile for kube-system",
            related=[(pool.at("ami_family"), f"{pool}") for pool in pools[1:]],
            lower=2 * cluster.may_be_partial,
        )


def _runs_windows(group: NodeGroup) -> bool:
    family = ami_families.from_eksctl(group.ami_family or "")
    return family is not None and family.is_windows


def _is_elsewhere_too(cluster: Cluster) -> bool:
    """Whether another declaration of the same cluster could not be merged with this one."""
    others = (other for other in cluster.estate.clusters if other is not cluster and not other.unknown("name"))
    return any(other.name == cluster.name for other in others)

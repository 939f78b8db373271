from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, rule
from ekslint_rules._node_groups import hosts_controllers_only, only_node

_FLEXIBLE_TYPES = 3


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def single_node_group(cluster: Cluster) -> Iterator[Finding]:
    """The cluster has a single node group.

    ## Why is this bad?
    An upgrade, a bad image or a Spot shortage then hits every workload at once, and system pods compete with
    applications for the same nodes.

    ## When it stays silent
    Auto Mode, Karpenter (its pools, eksctl's `karpenter` section, or a release that installs it), Fargate profiles and
    hybrid nodes count as further capacity, and so do node groups in other files of the same cluster. A group that only
    hosts controllers (labelled `karpenter.sh/controller`, or tainted `CriticalAddonsOnly`) is meant to be alone. Of a
    group of one node at most `single-node-capacity` speaks. Advice only, where the file may merely add to an existing
    cluster (`vpc.id`), outside production, and where the group mixes three or more instance types. One group beside it
    is enough: nobody needs a group for every workload.

    ## References
    - EKS best practices guide, reliability, data plane
    """
    if cluster.auto_mode is not None or cluster.has_unseen_pools:
        return
    pools = cluster.pools
    if len(pools) != 1 or not isinstance(pools[0], NodeGroup):
        return
    group = pools[0]
    if _is_elsewhere_too(cluster) or hosts_controllers_only(group) or only_node(cluster) is group:
        return
    lower = cluster.tolerance + cluster.may_be_partial
    if not group.unknown("instance_types") and len(set(group.instance_types)) >= _FLEXIBLE_TYPES:
        lower += 1
    yield Finding(
        group.at("name"),
        f"{cluster} runs everything on {group}",
        label="the only node group",
        help="add a second node group for system or batch workloads, or enable Auto Mode",
        lower=lower,
    )


def _is_elsewhere_too(cluster: Cluster) -> bool:
    """Whether another declaration of the same cluster could not be merged with this one."""
    others = (other for other in cluster.estate.clusters if other is not cluster and not other.unknown("name"))
    return any(other.name == cluster.name for other in others)

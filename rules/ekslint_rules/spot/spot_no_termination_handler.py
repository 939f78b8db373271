from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, rule
from ekslint_rules._capacity import spot_place
from ekslint_rules._installations import doubt_about

_HANDLER = "aws-node-termination-handler"
_SIGNS = ("termination-handler", "termination-notice", "node-drainer")


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",), dialects=("eksctl", "cloudformation"))
def spot_no_termination_handler(cluster: Cluster) -> Iterator[Finding]:
    """Self-managed Spot nodes are taken back without anybody draining them.

    ## Why is this bad?
    AWS gives two minutes of notice before it takes a Spot instance back. EKS drains the nodes of managed node groups in
    that time, and Karpenter its own. Of an Auto Scaling group nobody but the instance hears it: pods are killed in the
    middle of requests, and new ones start only when the node is found dead.

    ## When it stays silent
    The AWS Node Termination Handler or another handler, by whatever means it is installed; a role for its service
    account; lifecycle hooks on the Auto Scaling group. Advice only where the files install no controller on the cluster
    at all, or may merely add to it, and outside production.

    ## References
    - EKS best practices guide, cost optimization, compute and autoscaling: Spot
    - AWS Node Termination Handler
    """
    groups = [group for group in cluster.node_groups if _is_spot_of_ones_own(group)]
    if not groups or _is_handled(cluster):
        return
    first, *others = groups
    more = f" and {len(others)} more" if others else ""
    yield Finding(
        spot_place(first),
        f"{first}{more} of {cluster} may lose Spot instances at any time, and nothing in the files drains them before",
        label="not drained",
        help="install the AWS Node Termination Handler, or use a managed node group or Karpenter",
        related=[(spot_place(group), f"{group}: Spot too") for group in others],
        lower=doubt_about(cluster, may_be_addon=False) + cluster.tolerance,
    )


def _is_spot_of_ones_own(group: NodeGroup) -> bool:
    if group.kind != "self-managed" or group.unknown("capacity_type") or group.capacity_type not in {"SPOT", "MIXED"}:
        return False
    return not list(group.termination_hooks)


def _is_handled(cluster: Cluster) -> bool:
    if cluster.estate.has_evidence_of(_HANDLER, cluster):
        return True
    names = [workload.known_name for workload in cluster.workloads]
    names += [account.name for account in cluster.service_accounts]
    names += [association.service_account for association in cluster.pod_identity_associations]
    return any(name is not None and any(sign in name for sign in _SIGNS) for name in names)

from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import Rejected, rejected

CAUSES = (
    Cause.KEY_ABSENT,
    Cause.VALUE_DIFFERS,
    Cause.NO_INSTANCE_TYPE,
    Cause.LABELS_ON_DIFFERENT_POOLS,
    Cause.CONTRADICTION,
)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def workload_matches_no_node_pool(placement: Placement) -> Iterator[Finding]:
    """No node pool carries the labels that a workload requires of its nodes.

    ## Why is this bad?
    The pods stay Pending for ever. No autoscaler helps: it would add nodes that do not match either.

    ## When it stays silent
    No pool is known, the labels of a pool are known only at deploy time, Karpenter is installed but its NodePools are
    elsewhere, another scheduler or a scheduling gate decides, or the key is one that operators and people set on
    nodes by hand (`known-node-labels` in the configuration adds to these). With several clusters a finding must hold
    for each.

    A warning where only the built-in pools of Auto Mode are known, or where the cluster may have further pools.
    Advice where the files only add pools to a cluster that is declared elsewhere, and for a DaemonSet, which then
    merely has no pods, unless a label looks like a slip; and where the workload asks for a NodePool of which no
    instance type can be a node: `karpenter-requirement-matches-no-type` tells that.

    ## References
    - Kubernetes documentation, assigning Pods to Nodes
    - Karpenter documentation, scheduling
    """
    for rejection in rejected(placement, CAUSES):
        yield rejection.finding(_message(rejection))


def _message(rejection: Rejected) -> str:
    placement = rejection.placement
    match rejection.cause:
        case Cause.CONTRADICTION:
            return f"no node can ever take {placement.workload}: {rejection.nearest.reason}"
        case Cause.NO_INSTANCE_TYPE:
            return (
                f"no node pool of {placement.cluster} has an instance type with all that {placement.workload} "
                f"requires: {rejection.nearest.reason}"
            )
        case Cause.LABELS_ON_DIFFERENT_POOLS if rejection.is_about_volume:
            return (
                f"no node pool of {placement.cluster} has the labels that {placement.workload} requires as well as "
                f"nodes in the zone of its volume: {rejection.nearest.reason} ({rejection.nearest.pool})"
            )
        case Cause.LABELS_ON_DIFFERENT_POOLS:
            return f"no node pool of {placement.cluster} carries all labels that {placement.workload} requires together"
    return f"no node pool of {placement.cluster} {rejection.demand}"

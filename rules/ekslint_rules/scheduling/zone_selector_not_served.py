from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.ZONE,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def zone_selector_not_served(placement: Placement) -> Iterator[Finding]:
    """A workload asks for a zone or region in which no node pool has nodes.

    ## Why is this bad?
    No node will ever be there: the pods stay Pending. Often the zone is that of another region, or the node groups have
    subnets in two zones of three.

    ## When it stays silent
    The zones of some pool are known only at deploy time: subnets that are not in the files, or zones that eksctl picks.
    See `workload-matches-no-node-pool` for what else is not decided.

    ## References
    - Kubernetes documentation, well-known labels: topology.kubernetes.io/zone
    """
    for rejection in rejected(placement, CAUSES):
        yield rejection.finding(f"no node pool of {placement.cluster} {rejection.demand}")

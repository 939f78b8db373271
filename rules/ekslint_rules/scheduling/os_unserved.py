from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.OPERATING_SYSTEM,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def os_unserved(placement: Placement) -> Iterator[Finding]:
    """A workload asks for an operating system, Windows as a rule, that no node pool has.

    ## Why is this bad?
    The image of the nodes decides the label `kubernetes.io/os`. Without a pool of such nodes the pods stay Pending.
    Auto Mode and Fargate have Linux only.

    ## When it stays silent
    Nobody knows the image of some pool. See `workload-matches-no-node-pool` for what else is not decided.

    ## References
    - Amazon EKS user guide, Windows support
    - Kubernetes documentation, well-known labels: kubernetes.io/os
    """
    for rejection in rejected(placement, CAUSES):
        yield rejection.finding(f"no node pool of {placement.cluster} {rejection.demand}")

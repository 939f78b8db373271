from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.ARCHITECTURE,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def arch_selector_unserved(placement: Placement) -> Iterator[Finding]:
    """A workload asks for a processor architecture that no node pool has.

    ## Why is this bad?
    The instance types decide the label `kubernetes.io/arch`: Graviton types are `arm64`, all others `amd64`. Without a
    pool of such types the pods stay Pending.

    ## When it stays silent
    The instance types of some pool are not known, or a NodePool leaves the architecture open. Fargate, which has amd64
    only, is `fargate-pod-placement-ignored`, and a name that no architecture has is `reserved-label-value-spelling`.
    See `workload-matches-no-node-pool` for what else is not decided.

    ## References
    - Kubernetes documentation, well-known labels: kubernetes.io/arch
    - Amazon EC2 instance types
    """
    for rejection in rejected(placement, CAUSES):
        yield rejection.finding(f"no node pool of {placement.cluster} {rejection.demand}")

from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected, requirement_at

CAUSES = (Cause.UNKNOWN_POOL_NAME,)

_NAMED = {
    "alpha.eksctl.io/nodegroup-name": "node group",
    "eks.amazonaws.com/nodeclass": "node class",
    "eks.amazonaws.com/nodegroup": "node group",
    "karpenter.k8s.aws/ec2nodeclass": "node class",
    "karpenter.sh/nodepool": "node pool",
}


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def selector_nodegroup_name_unknown(placement: Placement) -> Iterator[Finding]:
    """A workload asks for nodes of a node group, NodePool or node class that does not exist.

    ## Why is this bad?
    The label holds the name of the pool. Without a pool of that name no node will ever carry it, and the pods stay
    Pending.

    ## When it stays silent
    AWS generates the name of a pool of that kind, so that nobody can tell. See `workload-matches-no-node-pool` for what
    else is not decided.

    ## References
    - Amazon EKS user guide, managed node groups
    - eksctl, pkg/apis/eksctl.io/v1alpha5/defaults.go
    """
    for rejection in rejected(placement, CAUSES):
        requirement = requirement_at(rejection.place)
        if requirement is None or not requirement.values:
            yield rejection.finding(f"no node pool of {placement.cluster} {rejection.demand}")
            continue
        noun = _NAMED.get(requirement.key, "node pool")
        wanted = " or ".join(requirement.values)
        yield rejection.finding(
            f"{placement.workload} asks for nodes of {noun} {wanted}, which {placement.cluster} does not have"
        )

from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected, requirement_at

CAUSES = (Cause.UNKNOWN_POOL_NAME,)

_GROUP_LABEL = "eks.amazonaws.com/nodegroup"
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
    The name is known only at deploy time. A warning where CloudFormation generates it: then it ends in a suffix that is
    another one whenever the group is replaced. See `workload-matches-no-node-pool` for what else is not decided.

    ## References
    - Amazon EKS user guide, managed node groups
    - eksctl, pkg/apis/eksctl.io/v1alpha5/defaults.go
    """
    yield from _generated(placement)
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


def _generated(placement: Placement) -> Iterator[Finding]:
    """A selector for a name that CloudFormation makes up."""
    pod = placement.workload.pod
    if _GROUP_LABEL not in pod.node_selector or placement.cluster.is_implicit:
        return
    wanted = pod.node_selector[_GROUP_LABEL]
    groups = [group for group in placement.cluster.node_groups if group.kind == "managed"]
    generated = [group for group in groups if group.name is None]
    if not generated or any(group.name == wanted for group in groups):
        return
    yield Finding(
        pod.at("nodeSelector", _GROUP_LABEL),
        f"{placement.workload} asks for nodes of node group {wanted}, but AWS generates the name of {generated[0]}, "
        "with a suffix that changes when the group is replaced",
        label="a generated name does not last",
        help="give the group a NodegroupName, or a label of its own to select",
        related=[(group.at("name"), f"{group}: no name of its own") for group in generated],
        severity=Severity.WARNING,
    )

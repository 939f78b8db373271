from collections.abc import Iterator

from ekslint import Cause, Finding, Place, Placement, PodTemplate, Pool, Requirement, Severity, rule
from ekslint_rules.scheduling._verdicts import listed, rejected, requirement_at

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
        namesake = _namesake(placement, requirement)
        if namesake is not None:
            yield rejection.finding(
                f"{placement.workload} selects {namesake} by {requirement.key}, a label that its nodes do not carry"
            )
            continue
        yield rejection.finding(
            f"{placement.workload} asks for nodes of {noun} {wanted}, which {placement.cluster} does not have"
        )


def _namesake(placement: Placement, requirement: Requirement) -> Pool | None:
    """A pool that is called so, but whose kind has another label for its name."""
    pools = placement.cluster.pools if _NAMED.get(requirement.key) != "node class" else []
    return next((pool for pool in pools if not pool.unknown("name") and pool.name in requirement.values), None)


def _generated(placement: Placement) -> Iterator[Finding]:
    """A selector for a name that CloudFormation makes up."""
    if placement.cluster.is_implicit:
        return
    groups = [group for group in placement.cluster.node_groups if group.kind == "managed"]
    generated = [group for group in groups if group.name is None]
    if not generated:
        return
    for requirement, place in _required_groups(placement.workload.pod):
        if not any(group.name in requirement.values for group in groups):
            yield Finding(
                place,
                f"{placement.workload} asks for nodes of node group {listed(requirement.values, 'or')}, but AWS "
                f"generates the name of {generated[0]}, with a suffix that changes when the group is replaced",
                label="a generated name does not last",
                help="give the group a NodegroupName, or a label of its own to select",
                related=[(group.at("name"), f"{group}: no name of its own") for group in generated],
                severity=Severity.WARNING,
            )


def _required_groups(pod: PodTemplate) -> Iterator[tuple[Requirement, Place]]:
    """Where a pod requires node groups by name; not where another term of its affinity leaves it a choice."""
    selector = pod.node_selector
    if _GROUP_LABEL in selector:
        yield Requirement(_GROUP_LABEL, "In", (selector[_GROUP_LABEL],)), pod.at("nodeSelector", _GROUP_LABEL)
    terms = pod.required_node_affinity or ()
    if len(terms) == 1:
        for index, requirement in enumerate(terms[0].match_expressions):
            if requirement.key == _GROUP_LABEL and requirement.operator == "In" and requirement.values:
                yield requirement, terms[0].at("matchExpressions", index, "values", 0)

from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, node_labels, rule
from ekslint_rules.scheduling._verdicts import listed, rejected, requirement_at

CAUSES = (Cause.LABEL_OF_OTHER_KIND,)

_CARRIERS = {
    "managed": "managed node groups",
    "eksctl-managed": "managed node groups of eksctl",
    "eksctl-self-managed": "node groups of eksctl",
    "self-managed": "self-managed node groups",
    "karpenter": "nodes of Karpenter",
    "auto": "nodes of Auto Mode",
    "auto-builtin": "nodes of Auto Mode",
    "fargate": "Fargate nodes",
    "hybrid": "hybrid nodes",
}


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def selector_key_not_on_pool_kind(placement: Placement) -> Iterator[Finding]:
    """A workload asks for a label of another kind of node pool than the cluster has.

    ## Why is this bad?
    `eks.amazonaws.com/nodegroup` and `eks.amazonaws.com/capacityType` are set on managed node groups only,
    `karpenter.sh/…` on nodes of Karpenter and Auto Mode, `alpha.eksctl.io/…` on what eksctl made,
    `karpenter.k8s.aws/…` by Karpenter and `eks.amazonaws.com/instance-…` by Auto Mode. The pods stay Pending.

    ## When it stays silent
    One pool of the right kind is enough: then it is a matter of values. See `workload-matches-no-node-pool` for what
    else is not decided.

    ## References
    - Amazon EKS user guide, managed node groups; create a node pool for EKS Auto Mode
    - Karpenter documentation, well-known labels
    """
    for rejection in rejected(placement, CAUSES):
        requirement = requirement_at(rejection.place)
        key = requirement.key if requirement is not None else (placement.blamed_label or "")
        kinds = {_CARRIERS[kind.value] for kind in _carrying(key, requirement.values if requirement else ())}
        yield rejection.finding(
            f"{placement.workload} asks for {key}, which only {listed(sorted(kinds), 'and')} carry, "
            f"and {placement.cluster} has none",
            help=_help(key),
        )


def _carrying(key: str, values: tuple[str, ...]) -> list[node_labels.PoolKind]:
    """The kinds that carry the label, with one of the values where the kind decides the value."""
    found = []
    for kind in sorted(node_labels.kinds_with(key), key=lambda each: each.value):
        label = node_labels.label_of(kind, key)
        if label is None or not values or not label.values or label.values & set(values):
            found.append(kind)
    return found or list(node_labels.kinds_with(key))


_SAME_ELSEWHERE = {
    "eks.amazonaws.com/capacityType": "karpenter.sh/capacity-type (spot, on-demand) on Karpenter and Auto Mode",
    "eks.amazonaws.com/nodeclass": "karpenter.k8s.aws/ec2nodeclass on Karpenter",
    "eks.amazonaws.com/nodegroup": "alpha.eksctl.io/nodegroup-name on node groups of eksctl, "
    "karpenter.sh/nodepool on Karpenter and Auto Mode",
    "karpenter.k8s.aws/ec2nodeclass": "eks.amazonaws.com/nodeclass on Auto Mode",
    "karpenter.sh/capacity-type": "eks.amazonaws.com/capacityType (SPOT, ON_DEMAND) on managed node groups",
    "karpenter.sh/nodepool": "eks.amazonaws.com/nodegroup on managed node groups",
}


def _help(key: str) -> str | None:
    domain, _, name = key.partition("/")
    if domain == "karpenter.k8s.aws" and name.startswith("instance-"):
        return f"the same label is eks.amazonaws.com/{name} on Auto Mode"
    if domain == "eks.amazonaws.com" and name.startswith("instance-"):
        return f"the same label is karpenter.k8s.aws/{name} on Karpenter"
    return f"the same is {_SAME_ELSEWHERE[key]}" if key in _SAME_ELSEWHERE else None

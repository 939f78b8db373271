from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Requirement, Severity, node_labels, rule
from ekslint_rules.scheduling._verdicts import listed, rejected, requirement_at

CAUSES = (Cause.LABEL_OF_OTHER_KIND,)

_CARRIERS = {
    "auto": "nodes of Auto Mode",
    "auto-builtin": "nodes of Auto Mode",
    "eksctl-managed": "node groups of eksctl",
    "eksctl-self-managed": "node groups of eksctl",
    "fargate": "Fargate nodes",
    "hybrid": "hybrid nodes",
    "karpenter": "nodes of Karpenter",
    "managed": "managed node groups",
    "self-managed": "self-managed node groups",
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
        wanted = f"{key}={requirement.values[0]}" if requirement and _decides_value(key) and requirement.values else key
        carriers = _carriers(key, requirement)
        yield rejection.finding(
            f"{placement.workload} asks for {wanted}, which only {listed(carriers, 'and')} carry, "
            f"and {_why_not(placement, carriers)}",
            help=_help(key),
        )


def _why_not(placement: Placement, carriers: list[str]) -> str:
    is_for_fargate = carriers == [_CARRIERS["fargate"]] and len(placement.cluster.fargate_profiles) > 0
    if is_for_fargate and placement.workload.kind == "DaemonSet":
        return "Fargate runs no DaemonSets"
    return f"{placement.cluster} has none"


def _carriers(key: str, requirement: Requirement | None) -> list[str]:
    """The kinds of nodes that carry the label, in words; those with the wanted value, where the kind decides it."""
    values = set(requirement.values) if requirement is not None else set()
    kinds = {kind.value: node_labels.label_of(kind, key) for kind in node_labels.kinds_with(key)}
    if "managed" in kinds:
        kinds.pop("eksctl-managed", None)
    fitting = [kind for kind, label in kinds.items() if label is None or not label.values or label.values & values]
    return sorted({_CARRIERS[kind] for kind in fitting or kinds})


def _decides_value(key: str) -> bool:
    """Whether each kind has a value of its own."""
    found = {label.values for kind in node_labels.kinds_with(key) if (label := node_labels.label_of(kind, key))}
    return len(found) > 1


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

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.scaling._cluster_autoscaler import scales


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("cloudformation",))
def asg_scaling_policy_conflict(group: NodeGroup) -> Iterator[Finding]:
    """An EC2 scaling policy changes the size of an Auto Scaling group of nodes.

    ## Why is this bad?
    The Cluster Autoscaler sets the same size by the pods that find no room. A policy goes by metrics: it adds nodes
    that the autoscaler removes again, and removes nodes without moving their pods, which then wait for a new one.

    ## When it stays silent
    Groups without a policy. Advice only where nothing tells that the Cluster Autoscaler scales the group: then nobody
    contradicts the policy, but pods still wait for a metric, and lose their node by one.

    ## References
    - Cluster Autoscaler, FAQ: what are the key best practices for running Cluster Autoscaler
    - EKS best practices guide, Cluster Autoscaler
    """
    policies = list(group.scaling_policies)
    if not policies:
        return
    is_contested = scales(group)
    several = len(policies) > 1
    subject = (
        f"scaling policies {' and '.join(policies)} change" if several else f"scaling policy {policies[0]} changes"
    )
    reason = (
        "which the Cluster Autoscaler sets too: each undoes what the other did"
        if is_contested
        else "by a metric: pods that find no room may wait for ever, and nodes go away under running pods"
    )
    yield Finding(
        group.at("scaling_policies", 0),
        f"{subject} the size of {group}, {reason}",
        label="a second autoscaler" if is_contested else "knows nothing of pods",
        help="remove the policy" if is_contested else "leave the size to the Cluster Autoscaler, or use Karpenter",
        related=[
            *((group.at("scaling_policies", index), "another one") for index in range(1, len(policies))),
            (group.at("name"), f"{group}"),
        ],
        lower=int(not is_contested),
    )

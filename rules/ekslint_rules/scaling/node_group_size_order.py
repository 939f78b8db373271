from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("autoscaling",))
def node_group_size_order(group: NodeGroup) -> Iterator[Finding]:
    """The sizes of a node group contradict each other: minimum ≤ desired ≤ maximum does not hold.

    ## Why is this bad?
    eksctl and the EKS and Auto Scaling APIs refuse it.

    ## When it stays silent
    Sizes that are known only at deploy time.

    ## References
    - Amazon EKS API reference, NodegroupScalingConfig
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go
    """
    if not group.unknown("min_size") and not group.unknown("max_size") and group.max_size < group.min_size:
        yield Finding(
            group.at("max_size"),
            f"{group} has a maximum of {group.max_size} nodes, but a minimum of {group.min_size}",
            label="below the minimum",
            related=[(group.at("min_size"), f"the minimum is {group.min_size}")],
        )
        return
    desired = group.desired_size
    if desired is None:
        return
    if not group.unknown("min_size") and desired < group.min_size:
        yield Finding(
            group.at("desired_size"),
            f"{group} wants {desired} nodes, but has a minimum of {group.min_size}",
            label="below the minimum",
            related=[(group.at("min_size"), f"the minimum is {group.min_size}")],
        )
    if desired > group.max_size:
        yield Finding(
            group.at("desired_size"),
            f"{group} wants {desired} nodes, but has a maximum of {group.max_size}",
            label="above the maximum",
            related=[(group.at("max_size"), f"the maximum is {group.max_size}")],
        )

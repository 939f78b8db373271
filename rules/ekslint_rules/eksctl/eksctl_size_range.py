from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("autoscaling",), dialects=("eksctl",))
def eksctl_size_range(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A size of a node group is one that EKS or EC2 Auto Scaling refuses, though eksctl lets it pass.

    ## Why is this bad?
    No size is negative, and a managed node group has a maximum of one node at least: its minimum may be 0, its maximum
    may not. The stack fails after the cluster has been made.

    ## When it stays silent
    A maximum that eksctl derives from a minimum of 0, which it makes 1; self-managed groups with a maximum of 0. Sizes
    that contradict each other, negative ones among them, are what `node-group-size-order` reports.

    ## References
    - Amazon EKS API reference, NodegroupScalingConfig
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateManagedNodeGroup
    """
    minimum = written.number(group, "minSize")
    if minimum is not None and minimum < 0:
        yield Finding(
            group.at("minSize"), f"{group} has a minSize of {minimum}, which cannot be negative", label="negative"
        )
    least = eksctl_limits.LEAST_MAXIMUM_OF_MANAGED_GROUP
    if group.is_managed and written.number(group, "maxSize") == 0 and not _is_above_zero(group):
        yield Finding(
            group.at("maxSize"),
            f"{group} has a maximum of 0 nodes, and EKS wants {least} at least of a managed node group",
            label=f"less than {least}",
            help="write maxSize: 1; with minSize: 0 and desiredCapacity: 0 the group is empty all the same",
        )


def _is_above_zero(group: EksctlNodeGroup) -> bool:
    """Whether the minimum or the desired size surely is above 0, be it that neither is there and eksctl takes two."""
    fields = ("minSize", "desiredCapacity")
    return any((written.number(group, name) or 0) > 0 for name in fields) or all(
        written.is_missing(group, name) for name in fields
    )

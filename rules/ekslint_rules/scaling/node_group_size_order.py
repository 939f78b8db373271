from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Severity, rule


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
    minimum = None if group.unknown("min_size") else group.min_size
    maximum = None if group.unknown("max_size") else group.max_size
    if minimum is not None and maximum is not None and maximum < minimum and not _follows_desired(group, maximum):
        by_default = "" if group.at("min_size").is_written else " by default"
        yield Finding(
            _first_written(group, "max_size", "min_size"),
            f"{group} has a maximum size of {maximum}, below its minimum of {minimum}{by_default}",
            label="below the minimum",
            related=[(group.at("min_size"), f"the minimum is {minimum}{by_default}")],
        )
        return
    desired = group.desired_size
    if desired is None:
        return
    if minimum is not None and desired < minimum:
        yield Finding(
            _first_written(group, "desired_size", "min_size"),
            f"{group} has a desired size of {desired}, below its minimum of {minimum}",
            label="below the minimum",
            related=[(group.at("min_size"), f"the minimum is {minimum}")],
            discriminator="minimum",
        )
    if maximum is not None and desired > maximum:
        yield Finding(
            _first_written(group, "desired_size", "max_size"),
            f"{group} has a desired size of {desired}, above its maximum of {maximum}",
            label="above the maximum",
            related=[(group.at("max_size"), f"the maximum is {maximum}")],
            discriminator="maximum",
        )


def _follows_desired(group: NodeGroup, maximum: int) -> bool:
    """Whether the minimum is what eksctl makes of a desired size that is too large itself."""
    if group.at("min_size").is_written or group.unknown("desired_size") or not group.at("desired_size").is_written:
        return False
    return group.desired_size is not None and group.desired_size > maximum


def _first_written(group: NodeGroup, *fields: str) -> Place:
    """One of the two may be a default: then the other is the line to change."""
    places = [group.at(field) for field in fields]
    return next((place for place in places if place.is_written), places[0])

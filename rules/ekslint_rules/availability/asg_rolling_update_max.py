from collections.abc import Iterator, Mapping

from ekslint import Finding, NodeGroup, Severity, rule

_UPDATE = "AutoScalingRollingUpdate"
_IN_SERVICE = "MinInstancesInService"


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("cloudformation",))
def asg_rolling_update_max(group: NodeGroup) -> Iterator[Finding]:
    """A rolling update of an Auto Scaling group is to keep as many nodes in service as the group may have.

    ## Why is this bad?
    There is no room for a new node beside the old ones. CloudFormation fails the update with "MinInstancesInService
    must be less than the autoscaling group's MaxSize".

    ## When it stays silent
    Groups without an update policy, or without MinInstancesInService in it; numbers that only the deployment knows.

    ## References
    - AWS CloudFormation template reference, UpdatePolicy attribute
    """
    if group.kind != "self-managed" or group.dialect != "cloudformation" or group.update_policy is None:
        return
    rolling = group.update_policy.get(_UPDATE)
    kept = rolling.get(_IN_SERVICE) if isinstance(rolling, Mapping) else None
    if type(kept) is not int or kept < group.max_size or kept == 0:
        return
    numbers = [
        (group.at("update_policy", _UPDATE, _IN_SERVICE), "kept in service"),
        (group.at("max_size"), "all that it may have"),
    ]
    # A deployment may replace what is a parameter's default: that number is the one to speak of.
    [(place, label), other] = sorted(numbers, key=lambda number: number[0].by_default is None)
    yield Finding(
        place,
        f"a rolling update of {group} keeps {'1 node' if kept == 1 else f'{kept} nodes'} in service, and it may have "
        f"{group.max_size}: there is no room for a new one",
        label=label,
        help=f"set MaxSize to {kept + 1} or more, or {_IN_SERVICE} below {group.max_size}",
        related=[other],
    )

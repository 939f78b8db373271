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
    yield Finding(
        group.at("update_policy", _UPDATE, _IN_SERVICE),
        f"a rolling update of {group} keeps {kept} nodes in service, and it may have {group.max_size}: "
        "there is no room for a new one",
        label="not below MaxSize",
        help=f"set MaxSize to {kept + 1} or more, or {_IN_SERVICE} below {group.max_size}",
        related=[(group.at("max_size"), "all that it may have")],
    )

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, eksctl_limits, rule

_COUNT, _PERCENTAGE = "maxUnavailable", "maxUnavailablePercentage"
_LIMITS = {_COUNT: eksctl_limits.MAX_UNAVAILABLE, _PERCENTAGE: eksctl_limits.MAX_UNAVAILABLE_PERCENTAGE}


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("cloudformation",))
def mng_update_config(group: NodeGroup) -> Iterator[Finding]:
    """`UpdateConfig` says in two ways, or with an impossible number, how many nodes may be replaced.

    ## Why is this bad?
    EKS takes a number of nodes or a percentage of them, not both, and either between 1 and 100. The stack fails.

    ## When it stays silent
    Numbers that are known only at deploy time. An `UpdateConfig` with neither, as for the strategy alone. In
    ClusterConfigs `eksctl-update-config` speaks.

    ## References
    - Amazon EKS API reference, NodegroupUpdateConfig
    """
    if group.dialect != "cloudformation" or group.update_config is None:
        return
    config = group.update_config
    if config.get(_COUNT) is not None and config.get(_PERCENTAGE) is not None:
        yield Finding(
            group.at("update_config", _PERCENTAGE, key=True),
            f"{group} gives a number and a percentage of nodes that may be unavailable, and EKS takes one of the two",
            label="beside MaxUnavailable",
            related=[(group.at("update_config", _COUNT), "the number")],
            discriminator="both",
        )
    for name, (least, most) in _LIMITS.items():
        number = config.get(name)
        if isinstance(number, int) and not least <= number <= most:
            shown = name[:1].upper() + name[1:]
            yield Finding(
                group.at("update_config", name),
                f"{group} has a {shown} of {number}, which EKS wants between {least} and {most}",
                label=f"not between {least} and {most}",
                discriminator="range",
            )

from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_defaults, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written

_COUNT, _PERCENTAGE = "maxUnavailable", "maxUnavailablePercentage"


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl",))
def eksctl_update_config(group: EksctlNodeGroup) -> Iterator[Finding]:
    """`updateConfig` does not say in one way how many nodes may be replaced at a time.

    ## Why is this bad?
    EKS wants a number of nodes or a percentage of them, not both and not neither; eksctl also refuses a number above
    the maximum size of the group, and EKS numbers and percentages outside of 1 to 100.

    ## When it stays silent
    Self-managed groups, for which eksctl does nothing with it.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateManagedNodeGroup
    - Amazon EKS API reference, NodegroupUpdateConfig
    """
    if not group.is_managed or not written.is_present(group, "updateConfig"):
        return
    if all(written.is_missing(group, "updateConfig", name) for name in (_COUNT, _PERCENTAGE)):
        yield Finding(
            group.at("updateConfig", key=True),
            f"{group} has an updateConfig that does not say how many nodes may be unavailable",
            label=f"needs {_COUNT} or {_PERCENTAGE}",
        )
    if all(written.is_present(group, "updateConfig", name) for name in (_COUNT, _PERCENTAGE)):
        yield Finding(
            group.at("updateConfig", _PERCENTAGE, key=True),
            f"{group} gives a number and a percentage of nodes that may be unavailable, and EKS takes one of the two",
            label=f"beside {_COUNT}",
            related=[(group.at("updateConfig", _COUNT), "the number")],
            discriminator="both",
        )
    maximum = _maximum(group)
    limits = {_COUNT: eksctl_limits.MAX_UNAVAILABLE, _PERCENTAGE: eksctl_limits.MAX_UNAVAILABLE_PERCENTAGE}
    for name, (least, most) in limits.items():
        number = written.number(group, "updateConfig", name)
        if number is not None and not least <= number <= most:
            yield Finding(
                group.at("updateConfig", name),
                f"{group} has a {name} of {number}, which EKS wants between {least} and {most}",
                label=f"not between {least} and {most}",
                discriminator="range",
            )
        elif name == _COUNT and number is not None and maximum is not None and number > maximum:
            yield _above(group, number, maximum)


def _above(group: EksctlNodeGroup, count: int, maximum: int) -> Finding:
    return Finding(
        group.at("updateConfig", _COUNT),
        f"{group} may have {count} nodes unavailable, but has {maximum} at most",
        label="more than maxSize",
        related=[(group.at("maxSize"), "the maximum size")] if written.is_present(group, "maxSize") else (),
        discriminator="size",
    )


def _maximum(group: EksctlNodeGroup) -> int | None:
    """The size that eksctl derives where `maxSize` does not say; None where a template decides, or no number stands."""
    for name in ("maxSize", "desiredCapacity", "minSize"):
        size = written.number(group, name)
        if size is not None:
            return size if name == "maxSize" else max(size, eksctl_defaults.LEAST_MAX_SIZE)
        if not written.is_missing(group, name):
            return None
    return eksctl_defaults.NODE_COUNT

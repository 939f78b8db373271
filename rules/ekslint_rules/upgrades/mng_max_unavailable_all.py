from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule

_ALL = 100


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "reliability"), dialects=("eksctl", "cloudformation"))
def mng_max_unavailable_all(group: NodeGroup) -> Iterator[Finding]:
    """An update may take all nodes of a group away at a time.

    ## Why is this bad?
    EKS drains as many nodes at once as `maxUnavailable` allows. If those are all, every pod of the group moves at the
    same time, and there is room for them only on nodes that have just started.

    ## When it stays silent
    Groups with a single node, numbers that are known only at deploy time. Numbers above the maximum size that eksctl
    refuses are what `eksctl-update-config` reports. One step lower outside production.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    """
    if group.kind != "managed" or group.update_config is None:
        return
    config = group.update_config
    size = (
        group.desired_size if not group.unknown("desired_size") and group.desired_size is not None else group.min_size
    )
    if size < 2:
        return
    lower = group.cluster.tolerance if group.cluster is not None else 0
    if config.get("maxUnavailablePercentage") == _ALL:
        yield Finding(
            group.at("update_config", "maxUnavailablePercentage"),
            f"an update of {group} may take all of its {size} nodes away at a time",
            label="all nodes",
            help="allow a third, or less",
            lower=lower,
        )
    count = config.get("maxUnavailable")
    if isinstance(count, int) and count >= size and not _is_refused(group, count):
        yield Finding(
            group.at("update_config", "maxUnavailable"),
            f"an update of {group} may take {count} nodes away at a time, and it has {size}",
            label="all nodes",
            help="allow a third, or less",
            lower=lower,
        )


def _is_refused(group: NodeGroup, count: int) -> bool:
    if group.dialect != "eksctl" or group.unknown("max_size"):
        return False
    return group.max_size is not None and count > group.max_size

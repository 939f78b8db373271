from collections.abc import Iterator

from ekslint import AutoMode, Finding, Severity, auto_mode, nearest, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("cloudformation",))
def auto_unknown_builtin_pool(mode: AutoMode) -> Iterator[Finding]:
    """Auto Mode is asked for a built-in node pool that there is not.

    ## Why is this bad?
    There are two, `general-purpose` and `system`; EKS refuses any other name. Pools of your own are NodePool objects in
    the cluster.

    ## When it stays silent
    Clusters of eksctl, for which the rule eksctl-automode says it.

    ## References
    - Amazon EKS user guide, enable or disable built-in node pools
    """
    if mode.dialect != "cloudformation":
        return
    for index, name in enumerate(mode.node_pools):
        if name not in auto_mode.BUILTIN_POOLS:
            meant = nearest(name, auto_mode.BUILTIN_POOLS)
            yield Finding(
                mode.at("node_pools", index),
                f"Auto Mode has no built-in node pool {name}: there are {' and '.join(auto_mode.BUILTIN_POOLS)}",
                label=f"did you mean {meant}?" if meant else "no such pool",
                help=None if meant else "declare pools of your own as NodePool objects of karpenter.sh",
            )

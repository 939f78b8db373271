from collections.abc import Iterator

from ekslint import AutoMode, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "iam"), dialects=("cloudformation",))
def auto_nodepools_role(auto_mode: AutoMode) -> Iterator[Finding]:
    """Auto Mode has built-in node pools without a node role, or a node role without built-in node pools.

    ## Why is this bad?
    `NodeRoleArn` is the role of the nodes in the built-in pools: EKS takes the two together or not at all, and refuses
    the cluster otherwise. NodePools of your own get their role from a NodeClass.

    ## When it stays silent
    Clusters of eksctl, which creates the role; what it refuses is the matter of the rule eksctl-automode.

    ## References
    - Amazon EKS API reference, ComputeConfigRequest
    - Amazon EKS user guide, enable or disable built-in node pools
    """
    if auto_mode.dialect != "cloudformation":
        return
    pools, role = auto_mode.node_pools, auto_mode.node_role
    if len(pools) and role is None:
        yield Finding(
            auto_mode.at("node_pools", key=True),
            f"{auto_mode} asks for the built-in node pools {', '.join(map(str, pools))}, but no role for the nodes",
            label="no NodeRoleArn",
            help="set ComputeConfig.NodeRoleArn to a role with AmazonEKSWorkerNodeMinimalPolicy and "
            "AmazonEC2ContainerRegistryPullOnly",
        )
    elif role is not None and not len(pools):
        yield Finding(
            auto_mode.at("node_role", key=True),
            f"{auto_mode} names a node role, but no built-in node pools that it could be for",
            label="no NodePools",
            help="list NodePools, or name the role in a NodeClass of your own",
        )

from collections.abc import Iterator

from ekslint import Finding, NodeClass, NodePool, Severity, auto_mode, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_builtin_pool_modified(object_: NodePool | NodeClass) -> Iterator[Finding]:
    """A manifest stands for a node pool or NodeClass of Auto Mode that EKS itself manages.

    ## Why is this bad?
    EKS puts `general-purpose`, `system` and the NodeClass `default` back as they were: what the manifest says never
    holds, and whoever applies it (Argo CD, Flux) quarrels with EKS for ever.

    ## When it stays silent
    Clusters whose list of built-in pools is empty or lacks the pool, and clusters that are declared elsewhere.

    ## References
    - Amazon EKS user guide, enable or disable built-in node pools
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    name, cluster = object_.name, object_.cluster
    if name is None or cluster is None or cluster.auto_mode is None or object_.is_renamed:
        return
    if isinstance(object_, NodePool):
        is_builtin = name in auto_mode.BUILTIN_POOLS and name in cluster.auto_mode.node_pools
        help_ = "give the pool another name, or switch the built-in one off in the list of node pools"
    else:
        is_builtin = name == auto_mode.DEFAULT_NODE_CLASS and len(cluster.auto_mode.node_pools) > 0
        help_ = "give the NodeClass another name, and refer to it from NodePools of your own"
    if is_builtin:
        yield Finding(
            object_.at("metadata", "name"),
            f"{object_} is one that EKS itself manages on {cluster}: what this manifest says will not last",
            label="managed by EKS",
            help=help_,
            related=[(cluster.auto_mode.at("node_pools"), "the built-in node pools are on")],
        )

from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, auto_mode, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode",))
def auto_no_default_nodeclass(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool refers to the NodeClass `default`, but without built-in node pools there is none.

    ## Why is this bad?
    EKS makes the NodeClass `default` together with the first built-in pool. With an empty list of built-in pools it
    does not exist, and the NodePool never becomes ready.

    ## When it stays silent
    A NodeClass `default` in the files. Clusters that are declared elsewhere, or may exist already.

    ## References
    - Amazon EKS user guide, enable or disable built-in node pools
    - Amazon EKS user guide, create a node class for Amazon EKS
    """
    if pool.kind != "auto" or pool.node_class_name != auto_mode.DEFAULT_NODE_CLASS:
        return
    cluster = pool.cluster
    if cluster is None or cluster.auto_mode is None or len(cluster.auto_mode.node_pools):
        return
    if pool.node_class is None:
        yield Finding(
            pool.at("node_class_name"),
            f"{pool} refers to the NodeClass default, which {cluster} does not have: it comes with the built-in pools",
            label="no such NodeClass",
            help="declare a NodeClass of your own, or turn a built-in node pool on",
            related=[(cluster.auto_mode.at("node_pools"), "no built-in node pools")],
            lower=cluster.may_be_partial,
        )

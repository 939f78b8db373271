from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "cost"))
def karpenter_no_limits(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool of Karpenter has no limits.

    ## Why is this bad?
    Karpenter makes a node for every pod that is pending. A Deployment scaled by mistake, or a pod that crashes its
    node, then costs as much as the account's quotas allow.

    ## When it stays silent
    Static pools, whose size is fixed, and pools of Auto Mode. Outside production it counts one step less.

    ## References
    - EKS best practices guide, Karpenter: set limits
    - Karpenter documentation, NodePools, spec.limits
    """
    if pool.kind != "karpenter" or pool.limits or pool.replicas is not None:
        return
    yield Finding(
        pool.at("name"),
        f"{pool} has no limits: Karpenter goes on making nodes as long as pods are pending",
        label="no limits",
        help="set spec.limits, at least for cpu",
        lower=pool.cluster.tolerance if pool.cluster is not None else 0,
    )

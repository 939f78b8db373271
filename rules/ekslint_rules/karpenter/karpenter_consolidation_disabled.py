from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, rule


@rule(Severity.INFO, since="0.1.0", tags=("karpenter", "cost"))
def karpenter_consolidation_disabled(pool: KarpenterPool) -> Iterator[Finding]:
    """A NodePool never consolidates its nodes.

    ## Why is this bad?
    With `consolidateAfter: Never` nodes that are empty or half empty stay until they expire: after a peak the cluster
    keeps the size of the peak, and its bill.

    ## When it stays silent
    Static pools, whose size is fixed.

    ## References
    - EKS best practices guide, Karpenter
    - Karpenter documentation, disruption, consolidation
    """
    if pool.dialect == "karpenter" and pool.consolidate_after == "Never" and pool.replicas is None:
        yield Finding(
            pool.at("consolidate_after"),
            f"{pool} never consolidates: nodes that are empty stay until they expire",
            label="never",
        )

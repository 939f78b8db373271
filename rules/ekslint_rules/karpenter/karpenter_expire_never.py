from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "upgrades"))
def karpenter_expire_never(pool: KarpenterPool) -> Iterator[Finding]:
    """The nodes of a Karpenter pool never expire.

    ## Why is this bad?
    A node is patched by being replaced. With `expireAfter: Never` nodes live until something else replaces them, with
    the kernel, kubelet and certificates of their first day.

    ## When it stays silent
    Pools without `expireAfter`, whose nodes live 30 days, and pools of Auto Mode. Outside production it counts one step
    less.

    ## References
    - Karpenter documentation, disruption, expiration
    - EKS best practices guide, Karpenter
    """
    if pool.kind == "karpenter" and pool.expire_after == "Never":
        yield Finding(
            pool.at("expire_after"),
            f"the nodes of {pool} never expire: they keep the image of their first day",
            label="never",
            help="set a lifetime, such as 720h",
            lower=pool.cluster.tolerance if pool.cluster is not None else 0,
        )

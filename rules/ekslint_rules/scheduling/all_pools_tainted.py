from collections.abc import Iterator
from fnmatch import fnmatchcase

from ekslint import Cluster, FargateProfile, FargateSelector, Finding, HybridNodes, Place, Pool, Severity, Taint, rule
from ekslint_rules.scheduling._taints import COREDNS_TOLERATIONS, hard_taints, tolerates

_DNS_NAMESPACE = "kube-system"
_DNS_LABELS = {"k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns"}
"""Those of the pods of EKS' CoreDNS, which the selector of a Fargate profile may name."""


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def all_pools_tainted(cluster: Cluster) -> Iterator[Finding]:
    """Every node pool of a cluster is tainted, so that CoreDNS and other add-ons have nowhere to go.

    ## Why is this bad?
    CoreDNS tolerates `CriticalAddonsOnly` and nothing else, metrics-server not even that. Without a node for CoreDNS no
    pod resolves a name, and the add-on stays degraded.

    ## When it stays silent
    An untainted pool, or one whose only taint is `CriticalAddonsOnly`; a Fargate profile for `kube-system`; an add-on
    `coredns` with a configuration of its own, or a CoreDNS of one's own; Karpenter without NodePools in sight; hybrid
    nodes, about which nothing is known. A warning where the files may only add to a cluster, and where all nodes are
    Auto Mode's, which serve DNS themselves.

    ## References
    - Amazon EKS user guide, Amazon EKS add-ons: CoreDNS; node taints on managed node groups
    - Kubernetes documentation, taints and tolerations
    """
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile)]
    tainted: list[tuple[Pool, Place, Taint]] = []
    for pool in pools:
        found = _keeps_dns_away(pool)
        if found is None:
            return
        tainted.append((pool, *found))
    if not tainted or cluster.has_unseen_pools or _has_other_home_for_dns(cluster):
        return
    first, place, taint = tainted[0]
    everywhere = f"{first} has the taint {taint}" if len(tainted) == 1 else f"all {len(tainted)} node pools are tainted"
    is_auto = all(pool.kind in {"auto", "auto-builtin"} for pool, _, _ in tainted)
    yield Finding(
        place,
        f"{everywhere}, and {cluster} has no other nodes: CoreDNS and other add-ons have nowhere to go",
        label="CoreDNS does not tolerate this",
        help="add a node pool without taints, or with CriticalAddonsOnly, for system pods",
        related=[(other, f"{pool}: {its}") for pool, other, its in tainted[1:]],
        lower=max(cluster.may_be_partial, int(is_auto)),
    )


def _keeps_dns_away(pool: Pool) -> tuple[Place, Taint] | None:
    """The first taint of a pool that CoreDNS does not tolerate."""
    if isinstance(pool, HybridNodes):
        return None
    for index, taint in hard_taints(pool):
        if not tolerates(COREDNS_TOLERATIONS, taint):
            return pool.at("taints", index), taint
    return None


def _has_other_home_for_dns(cluster: Cluster) -> bool:
    for profile in cluster.fargate_profiles:
        if any(_selects_dns(selector) for selector in profile.selectors):
            return True
    addon = cluster.addons.get("coredns")
    if addon is not None and addon.configuration_values:
        return True
    return cluster.estate.has_evidence_of("coredns", cluster)


def _selects_dns(selector: FargateSelector) -> bool:
    return fnmatchcase(_DNS_NAMESPACE, selector.namespace) and all(
        key in _DNS_LABELS and fnmatchcase(_DNS_LABELS[key], selector.labels[key]) for key in selector.labels
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule, some
from ekslint_rules._pod_makers import may_make_pods_on
from ekslint_rules.scheduling._selected_labels import leads_to, required
from ekslint_rules.scheduling._taints import hard_taints, is_common, tolerates, tolerations_on_eks

_ENOUGH_WORKLOADS = 5


@rule(Severity.INFO, since="0.1.0", tags=("scheduling", "cost"), dialects=("eksctl", "cloudformation", "karpenter"))
def tainted_pool_unused(cluster: Cluster) -> Iterator[Finding]:
    """No workload tolerates the taint of a node pool.

    ## Why is this bad?
    Nothing but DaemonSets can run there: the nodes cost money and do nothing.

    ## When it stays silent
    With fewer than five workloads in sight, or with Helm releases and custom resources that may make others. Taints
    that Kubernetes, EKS and Karpenter set themselves, and tolerations that are known only at deploy time. Pools that a
    workload asks for by a label: `only-matching-pool-tainted` tells what it lacks.

    ## References
    - Kubernetes documentation, taints and tolerations
    """
    workloads = [workload for workload in cluster.workloads if workload.kind != "DaemonSet"]
    if len(workloads) < _ENOUGH_WORKLOADS or may_make_pods_on(cluster):
        return
    for pool in cluster.pools:
        if some(workloads, lambda workload, pool=pool: any(leads_to(each, pool) for each in required(workload.pod))):  # type: ignore[misc]
            continue
        for index, taint in hard_taints(pool):
            if is_common(taint.key):
                continue
            if some(workloads, lambda workload, taint=taint: tolerates(tolerations_on_eks(workload.pod), taint)):  # type: ignore[misc]
                continue
            yield Finding(
                pool.at("taints", index),
                f"none of the {len(workloads)} workloads of {cluster} tolerates the taint {taint} of {pool}",
                label="nobody tolerates this",
                help="remove the pool, or add tolerations to what is to run there",
                lower=cluster.tolerance,
                discriminator=str(taint),
            )
            break

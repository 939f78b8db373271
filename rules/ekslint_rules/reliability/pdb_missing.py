from collections.abc import Iterator

from ekslint import Deployment, FargateProfile, Finding, Severity, StatefulSet, rule, some

_LEAST = 2


@rule(Severity.WARNING, since="0.1.0", tags=("reliability", "upgrades"))
def pdb_missing(workload: Deployment | StatefulSet) -> Iterator[Finding]:
    """Nothing keeps a drain from evicting all replicas of a workload at once.

    ## Why is this bad?
    Upgrades of managed node groups and Karpenter's consolidation drain nodes through the eviction API, which knows how
    many pods must stay only from a PodDisruptionBudget.

    ## When it stays silent
    Workloads with fewer than two replicas, and those that a budget selects by all of its labels and expressions. Advice
    only where no node group or Karpenter pool is known, and outside production.

    ## References
    - EKS best practices guide, reliability, applications: protect critical workloads with Pod Disruption Budgets
    - Kubernetes documentation, specifying a disruption budget for your application
    """
    if workload.replica_floor < _LEAST or some(workload.disruption_budgets, lambda budget: True):
        return
    clusters = workload.clusters
    drained = clusters and all(any(not isinstance(pool, FargateProfile) for pool in each.pools) for each in clusters)
    yield Finding(
        workload.at("metadata", "name"),
        f"no PodDisruptionBudget selects {workload}: an upgrade of the nodes may evict all {workload.replica_floor} "
        "replicas at once",
        label="no budget",
        help="add a PodDisruptionBudget with maxUnavailable: 1 that selects its pods",
        lower=max(workload.tolerance, 0 if drained else 1),
    )

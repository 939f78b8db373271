from collections.abc import Iterator

from ekslint import Finding, PodDisruptionBudget, Severity, rule
from ekslint_rules._budgets import allowance, allows_nothing_ever, floors, selected


@rule(Severity.ERROR, since="0.1.0", tags=("reliability", "upgrades", "autoscaling"))
def pdb_exceeds_hpa_min(budget: PodDisruptionBudget) -> Iterator[Finding]:
    """A PodDisruptionBudget keeps more pods than the autoscaler leaves at its minimum.

    ## Why is this bad?
    Whenever load is low, which is when people upgrade nodes, there are fewer pods than the budget wants: nothing may be
    evicted, and the upgrade of a managed node group fails with PodEvictionFailure.

    ## When it stays silent
    Budgets in percent, which follow the autoscaler, and workloads that an autoscaler scales to nothing. A budget of as
    many pods as the minimum is `pdb-blocks-eviction`. A warning only, outside production.

    ## References
    - Kubernetes documentation, specifying a disruption budget for your application
    - Amazon EKS user guide, understand each phase of node updates
    """
    if allows_nothing_ever(budget) is not None or budget.min_available is None:
        return
    found = selected(budget)
    allowed = None if found is None else allowance(budget, found.pods)
    if found is None or allowed is None or not found.autoscalers or not 0 < found.pods < allowed.kept:
        return
    names = " and ".join(str(workload) for workload in found.workloads[:3])
    few = "1 pod" if found.pods == 1 else f"{found.pods} pods"
    yield Finding(
        budget.at("spec", "minAvailable"),
        f"{budget} keeps {allowed.kept} pods of {names}, but autoscaling leaves {few} when load is low: "
        "no pod may be evicted then",
        label=f"more than the minimum of {found.pods}",
        help="set maxUnavailable: 1, which holds for any number of replicas",
        related=floors(found.workloads),
        lower=budget.tolerance,
    )

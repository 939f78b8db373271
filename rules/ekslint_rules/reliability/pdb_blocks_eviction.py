from collections.abc import Iterator

from ekslint import Finding, PodDisruptionBudget, Severity, rule
from ekslint_rules._budgets import (
    allowance,
    allows_nothing_ever,
    floors,
    is_scaled,
    selected,
)


@rule(Severity.ERROR, since="0.1.0", tags=("reliability", "upgrades"))
def pdb_blocks_eviction(budget: PodDisruptionBudget) -> Iterator[Finding]:
    """A PodDisruptionBudget never lets a pod be evicted.

    ## Why is this bad?
    Upgrades drain nodes through the eviction API. A managed node group waits 15 minutes for the pod and then gives up
    with PodEvictionFailure; Karpenter and Auto Mode keep the node, and never consolidate or replace it.

    ## When it stays silent
    Budgets that leave room for one eviction: all replicas that they select count together, with the minimum of their
    autoscalers, and percentages are rounded up. `minAvailable` above an autoscaler's minimum is `pdb-exceeds-hpa-min`.
    Workloads of no replicas, and of kinds without replicas. Less severe where a single replica is all there is, as
    such a budget may ask on purpose that somebody looks first; where an autoscaler usually runs more than its minimum;
    and outside production.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    - Karpenter documentation, disruption
    - Kubernetes documentation, specifying a disruption budget for your application
    """
    field = allows_nothing_ever(budget)
    if field is not None:
        yield Finding(
            budget.at("spec", field),
            f"{budget} has {field}: {budget.get('spec', field)}, which forbids every eviction: "
            "drains of nodes wait for its pods until they give up",
            label="no pod may ever go",
            help="set maxUnavailable: 1, and run at least two replicas",
            lower=budget.tolerance,
        )
        return
    if budget.max_unavailable is not None:
        return  # rounded up, it is at least one pod
    found = selected(budget)
    allowed = None if found is None else allowance(budget, found.pods)
    if found is None or allowed is None or not found.pods or allowed.evictions:
        return
    if allowed.kept > found.pods and found.autoscalers:
        return
    single = found.pods == 1
    sometimes = is_scaled(found.autoscalers)
    names = " and ".join(str(workload) for workload in found.workloads[:3])
    when = " while its autoscaler is at the minimum" if sometimes else ""
    pods = "the only pod" if single else f"{allowed.kept} of the {found.pods} pods"
    rounded = f" ({budget.min_available}, rounded up)" if isinstance(budget.min_available, str) and not single else ""
    yield Finding(
        budget.at("spec", "minAvailable"),
        f"{budget} keeps {pods}{rounded} of {names}{when}: none may go, and drains of nodes wait until they give up",
        label="leaves no pod to evict",
        help="run two replicas, and set maxUnavailable: 1" if single else "set maxUnavailable: 1",
        related=floors(found.workloads),
        lower=budget.tolerance + int(single or sometimes),
    )

import math
from collections.abc import Iterator

from ekslint import Capacity, Crowd, Finding, NodeGroup, Place, PodDisruptionBudget, Severity, rule, some
from ekslint_rules._budgets import allowance

_PERCENT = 100


@rule(
    Severity.INFO,
    since="0.1.0",
    tags=("upgrades", "reliability"),
    dialects=("eksctl", "cloudformation", "kubernetes"),
)
def update_max_unavailable_vs_pdb(capacity: Capacity) -> Iterator[Finding]:
    """A node group drains more nodes at a time than budgets let pods go.

    ## Why is this bad?
    The update drains `maxUnavailable` nodes together. Where the budget of a workload lets fewer pods go, the drains
    wait for each other, and after 15 minutes the update fails with PodEvictionFailure.

    ## When it stays silent
    One node at a time (the default); budgets that let as many pods go as nodes are drained; workloads that surely run
    elsewhere, or with fewer replicas than nodes are drained together. Budgets that let no pod go at all are
    `pdb-blocks-eviction`.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    """
    for number, pool in enumerate(capacity.pools):
        group = pool.pool
        if not isinstance(group, NodeGroup) or group.kind != "managed" or group.unknown("update_config"):
            continue
        drained, place = _drained(group)
        if drained < 2 or place is None:
            continue
        tight: list[tuple[PodDisruptionBudget, Crowd, int]] = []
        for crowd in capacity.crowds:
            if crowd.reach >> number & 1 and crowd.pods >= drained:
                tight += [
                    (budget, crowd, evictions) for budget, evictions in _budgets(crowd) if 0 < evictions < drained
                ]
        if not tight:
            continue
        budget, crowd, evictions = tight[0]
        few = "1 pod" if evictions == 1 else f"{evictions} pods"
        more = f" (and {len(tight) - 1} more like it)" if len(tight) > 1 else ""
        yield Finding(
            place,
            f"an update of {group} drains {drained} nodes at a time, but {budget}{more} lets {few} of {crowd.workload} "
            "go: the drains wait for each other",
            label=f"{drained} nodes at a time",
            help="drain fewer nodes at a time, or let the budget allow as many pods",
            related=[(each.at("spec"), f"{each} lets {some_pods} go at a time") for each, _, some_pods in tight],
        )


def _drained(group: NodeGroup) -> tuple[int, Place | None]:
    """How many nodes are drained together when the group is as large as it is to be."""
    config = group.update_config or {}
    if "maxUnavailable" in config and isinstance(config["maxUnavailable"], int):
        return config["maxUnavailable"], group.at("update_config", "maxUnavailable")
    share = config.get("maxUnavailablePercentage")
    if isinstance(share, int) and not group.unknown("desired_size"):
        nodes = group.desired_size if group.desired_size is not None else group.min_size
        return math.floor(nodes * share / _PERCENT), group.at("update_config", "maxUnavailablePercentage")
    return 1, None


def _budgets(crowd: Crowd) -> Iterator[tuple[PodDisruptionBudget, int]]:
    """The budgets of a workload of their own, and how many pods each lets go."""
    for budget in crowd.workload.disruption_budgets:
        if some(budget.workloads, lambda workload: workload is not crowd.workload):
            continue
        allowed = allowance(budget, crowd.pods)
        if allowed is not None:
            yield budget, allowed.evictions

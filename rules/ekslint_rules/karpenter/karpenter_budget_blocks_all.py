from collections.abc import Iterator, Mapping

from ekslint import Finding, NodePool, Severity, rule
from ekslint_rules.karpenter._budgets import BUDGETS, REASONS


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "upgrades"), dialects=("karpenter",))
def karpenter_budget_blocks_all(node_pool: NodePool) -> Iterator[Finding]:
    """A disruption budget of a NodePool allows no disruption at any time.

    ## Why is this bad?
    Of several budgets the strictest counts. One with 0 nodes and no schedule stops consolidation and drift for good:
    nodes keep old images, and an upgrade of the cluster leaves them behind.

    ## When it stays silent
    Budgets with a schedule, which is what a freeze of some hours looks like, and budgets for certain reasons only. A
    duration without a schedule is refused, as `karpenter-budget-schedule-pair` tells.

    ## References
    - Karpenter documentation, disruption, NodePool disruption budgets
    """
    if not node_pool.has(*BUDGETS):
        return
    for index, budget in enumerate(node_pool.sequence(*BUDGETS)):
        if not isinstance(budget, Mapping) or "schedule" in budget or "duration" in budget:
            continue
        nodes = budget.get("nodes")
        reasons = list(node_pool.sequence(*BUDGETS, index, "reasons"))
        if str(nodes) in {"0", "0%", "00%"} and (not reasons or all(reason in reasons for reason in REASONS)):
            yield Finding(
                node_pool.at(*BUDGETS, index, "nodes"),
                f"{node_pool} never lets Karpenter replace a node: drifted and underused nodes stay for good",
                label="at any time",
                help="give the budget a schedule and a duration, or allow at least one node",
            )

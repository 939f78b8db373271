from collections.abc import Iterator

from ekslint import Cluster, Finding, KarpenterPool, Severity, rule

_CAPACITY_TYPE = "karpenter.sh/capacity-type"


@rule(Severity.WARNING, since="0.1.0", tags=("karpenter", "spot"), dialects=("eksctl",))
def karpenter_no_interruption_queue(cluster: Cluster) -> Iterator[Finding]:
    """Karpenter makes Spot nodes, but has no queue to hear of their interruption.

    ## Why is this bad?
    AWS gives two minutes' notice before it takes a Spot instance. Without the queue Karpenter does not hear of it: pods
    are killed with their node, and replacements start afterwards.

    ## When it stays silent
    Clusters whose pools all are on demand, and a Karpenter that is installed otherwise than by eksctl. Outside
    production it counts one step less.

    ## References
    - EKS best practices guide, Karpenter: enable interruption handling when using Spot
    - eksctl documentation, Karpenter support (withSpotInterruptionQueue)
    """
    if cluster.karpenter_version is None or cluster.karpenter_interruption_queue:
        return
    spot = [pool for pool in cluster.karpenter_pools if pool.kind == "karpenter" and _may_be_spot(pool)]
    if spot:
        yield Finding(
            cluster.at("karpenter_interruption_queue"),
            f"Karpenter on {cluster} makes Spot nodes for {spot[0]}, but hears of no interruption",
            label="no interruption queue",
            help="set karpenter.withSpotInterruptionQueue: true",
            related=[(pool.at("requirements"), f"{pool} takes Spot") for pool in spot],
            lower=cluster.tolerance,
        )


def _may_be_spot(pool: KarpenterPool) -> bool:
    """Whether the requirements allow Spot; without one on the capacity type Karpenter stays on demand."""
    needs = [each for each in pool.requirements if each.key == _CAPACITY_TYPE]
    return bool(needs) and all(
        "spot" in each.values if each.operator == "In" else each.operator == "NotIn" and "spot" not in each.values
        for each in needs
        if each.operator in {"In", "NotIn"}
    )

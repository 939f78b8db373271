from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule


_CAUSES = (
    *(Cause.KEY_ABSENT, Cause.VALUE_DIFFERS, Cause.LABELS_ON_DIFFERENT_POOLS, Cause.NO_INSTANCE_TYPE),
    *(Cause.LABEL_OF_OTHER_KIND, Cause.UNKNOWN_POOL_NAME, Cause.ZONE, Cause.ARCHITECTURE, Cause.OPERATING_SYSTEM),
    *(Cause.CONTRADICTION, Cause.UNTOLERATED_TAINT),
)


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",))
def workload_matches_no_node_pool(placement: Placement) -> Iterator[Finding]:
    """No node pool takes the pods of a workload: their selector, affinity or tolerations fit none.

    ## Why is this bad?
    The pods stay Pending for ever. No autoscaler helps: it would add nodes that do not match either.

    ## When it stays silent
    No pool is known, a pool's labels or taints are known only at deploy time, Karpenter is installed but its NodePools
    are elsewhere, the pods have another scheduler, or the key is one that operators and people set on nodes by hand
    (`known-node-labels` in the configuration adds to these). With several clusters a finding must hold for each.

    ## References
    - Kubernetes documentation, assigning Pods to Nodes; taints and tolerations
    - Karpenter documentation, scheduling
    """
    if placement.cause not in _CAUSES:
        return
    nearest, *others = placement.rejections(*_CAUSES)
    place = nearest.at_workload or placement.workload.at("metadata", "name")
    wanted = placement.blamed_label
    yield Finding(
        place,
        f"no node pool of {placement.cluster} takes {placement.workload}: {nearest.pool}: {nearest.reason}",
        label=f"0 of {len(placement.pools)} node pools match",
        help=f"did you mean {nearest.suggestion}?" if nearest.suggestion else None,
        related=[(each.at_pool, f"{each.pool}: {each.reason}") for each in (nearest, *others) if each.at_pool],
        notes=[f"{each.pool}: {each.reason}" for each in (nearest, *others) if each.at_pool is None],
        lower=placement.doubt_steps,
        discriminator=wanted or "",
    )

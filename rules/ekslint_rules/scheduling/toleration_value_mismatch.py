from collections.abc import Iterator, Sequence

from ekslint import Cause, Finding, Place, Placement, Pool, Severity, Taint, Toleration, rule
from ekslint_rules.scheduling._taints import all_taints, hard_taints, is_common, tolerates, wrong_part


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def toleration_value_mismatch(placement: Placement) -> Iterator[Finding]:
    """A toleration names the taint of a node pool, but with another value or effect.

    ## Why is this bad?
    It has no effect: the pods stay off the pool for which the toleration was written.

    ## When it stays silent
    The toleration covers a taint of another pool, or another toleration covers this one. Where the pods can run nowhere
    at all, `only-matching-pool-tainted` says so. Taints and tolerations that are known only at deploy time.

    ## References
    - Kubernetes documentation, taints and tolerations
    """
    if Cause.UNTOLERATED_TAINT in placement.causes or placement.fargate_profile is not None:
        return
    pod, cluster = placement.workload.pod, placement.cluster
    tolerations = list(pod.tolerations)
    if not tolerations:
        return
    pools = cluster.pools
    taints = [taint for pool in pools for taint in all_taints(pool)]
    for index, toleration in enumerate(tolerations):
        if not toleration.key or is_common(toleration.key) or any(toleration.tolerates(taint) for taint in taints):
            continue
        missed = list(_missed(toleration, tolerations, pools))
        if not missed:
            continue
        _, _, taint = missed[0]
        yield Finding(
            wrong_part(pod, index, taint),
            f"{placement.workload} tolerates {toleration}, but no node pool of {cluster} has such a taint",
            label="no taint has this",
            help=f"did you mean {taint}?",
            related=[(at, f"{pool} has {its}") for pool, at, its in missed],
            lower=int(placement.workload.kind == "DaemonSet") + placement.doubt_steps,
            discriminator=str(toleration),
        )


def _missed(
    toleration: Toleration, tolerations: Sequence[Toleration], pools: Sequence[Pool]
) -> Iterator[tuple[Pool, Place, Taint]]:
    """The hard taints of the same key that nothing in the pod tolerates."""
    for pool in pools:
        for index, taint in hard_taints(pool):
            if taint.key == toleration.key and not tolerates(tolerations, taint):
                yield pool, pool.at("taints", index), taint

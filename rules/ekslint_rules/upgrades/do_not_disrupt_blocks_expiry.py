from collections.abc import Iterator

from ekslint import DaemonSet, Finding, Job, KarpenterPool, Placement, Severity, Verdict, rule

_ANNOTATIONS = ("karpenter.sh/do-not-disrupt", "karpenter.sh/do-not-evict")
_NEVER = "Never"


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "autoscaling"))
def do_not_disrupt_blocks_expiry(placement: Placement) -> Iterator[Finding]:
    """A pod that must not be disrupted keeps its node for ever.

    ## Why is this bad?
    When a node expires or drifts from its image, Karpenter drains it. A pod with `karpenter.sh/do-not-disrupt` is not
    evicted, and without a `terminationGracePeriod` of the NodePool nothing ends the wait: the node, and the image that
    should have been replaced, stay as long as the pod does.

    ## When it stays silent
    Jobs, which end by themselves, and DaemonSets; NodePools with a `terminationGracePeriod`, and those whose nodes
    never expire; Auto Mode, which has limits of its own; workloads that certainly run elsewhere.

    ## References
    - Karpenter documentation, disruption: pod-level controls, terminationGracePeriod
    """
    workload = placement.workload
    if isinstance(workload, Job | DaemonSet):
        return
    annotations = workload.pod.annotations
    annotation = next((key for key in _ANNOTATIONS if key in annotations and annotations[key] == "true"), None)
    if annotation is None or placement.verdict is Verdict.REJECTED:
        return
    pools = [pool for pool in placement.possible if isinstance(pool, KarpenterPool) and _waits_for_ever(pool)]
    if not pools:
        return
    yield Finding(
        workload.pod.at("annotations", annotation),
        f"{workload} must not be disrupted, and {pools[0]} has no terminationGracePeriod: "
        "its node is never replaced, however old it gets",
        label="holds its node for ever",
        help="set spec.template.spec.terminationGracePeriod of the NodePool, or leave the annotation to short jobs",
        related=[(pool.at("termination_grace_period"), f"{pool} waits without end") for pool in pools],
    )


def _waits_for_ever(pool: KarpenterPool) -> bool:
    if pool.kind != "karpenter" or pool.unknown("termination_grace_period") or pool.unknown("expire_after"):
        return False
    return pool.termination_grace_period is None and pool.expire_after != _NEVER

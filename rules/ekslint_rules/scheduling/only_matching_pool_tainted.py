from collections.abc import Iterator

from ekslint import Cause, Finding, Place, Placement, PoolVerdict, Severity, Taint, nearest, rule
from ekslint_rules.accelerators._devices import devices_out_of_reach
from ekslint_rules.scheduling._taints import (
    known_hard_taints,
    tolerates,
    tolerations_on_eks,
    tolerations_place,
    wrong_part,
)
from ekslint_rules.scheduling._verdicts import Rejected, leading_place, listed, rejected

CAUSES = (Cause.UNTOLERATED_TAINT,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def only_matching_pool_tainted(placement: Placement) -> Iterator[Finding]:
    """Every node pool that a workload could go to has a taint that it does not tolerate.

    ## Why is this bad?
    `NoSchedule` and `NoExecute` keep the pods away from those nodes, and the labels, or the lack of other pools, from
    all others: they stay Pending.

    ## When it stays silent
    `PreferNoSchedule`, and startup taints, which go away. Taints that are called like a device that the pod requests:
    EKS lets it tolerate those with `NoSchedule`. Tolerations, or taints of a pool, that are known only at deploy
    time. Device plugins, of which `device-plugin-not-tolerating` speaks. Advice for a DaemonSet, which then merely has
    no pods, and where the files only add pools to a cluster that is declared elsewhere and nothing in the workload
    points to those.

    ## References
    - Kubernetes documentation, taints and tolerations
    - Amazon EKS user guide, node taints on managed node groups
    """
    if devices_out_of_reach(placement):
        return
    for rejection in rejected(placement, CAUSES):
        tainted = [each for each in rejection.verdicts if each.cause is Cause.UNTOLERATED_TAINT]
        if not tainted:
            continue
        taint = _first_untolerated(placement, tainted[0])
        near_miss = _near_miss(placement, taint) if taint is not None else None
        pod = placement.workload.pod
        yield rejection.finding(
            _message(rejection, tainted),
            label=f"the taint is {taint}" if near_miss is not None else _label(tainted),
            place=near_miss or leading_place(pod) or tolerations_place(pod),
            help=_help(taint) if taint is not None and near_miss is None and len(tainted) == 1 else None,
        )


def _message(rejection: Rejected, tainted: list[PoolVerdict]) -> str:
    placement = rejection.placement
    others = [each for each in rejection.verdicts if each.cause is not Cause.UNTOLERATED_TAINT]
    reason = (tainted[0].reason or "").removeprefix("untolerated ")
    if any(each.cause is not None and each.cause.stage.value == "fit" for each in others):
        taint = f"the {reason} of {tainted[0].pool}" if len(tainted) == 1 else "the taints of any other"
        return f"{placement.workload} fits no untainted node pool of {placement.cluster}, and does not tolerate {taint}"
    which = "that it matches" if others else f"of {placement.cluster}"
    if len(tainted) == 1:
        return f"{placement.workload} does not tolerate the {reason} of {tainted[0].pool}, the only node pool {which}"
    return f"{placement.workload} tolerates the taints of none of the {len(tainted)} node pools {which}"


def _label(tainted: list[PoolVerdict]) -> str:
    if len(tainted) == 1:
        return f"leads to {tainted[0].pool} only"
    return f"leads to {listed([str(each.pool) for each in tainted], 'and')}"


def _first_untolerated(placement: Placement, verdict: PoolVerdict) -> Taint | None:
    tolerations = tolerations_on_eks(placement.workload.pod)
    return next((taint for taint in known_hard_taints(verdict.pool) if not tolerates(tolerations, taint)), None)


def _near_miss(placement: Placement, taint: Taint) -> Place | None:
    """The toleration that was meant for a taint, with the part that is wrong."""
    pod = placement.workload.pod
    keys = [toleration.key for toleration in pod.tolerations]
    meant = taint.key if taint.key in keys else nearest(taint.key, filter(None, keys))
    return wrong_part(pod, keys.index(meant), taint) if meant is not None else None


def _help(taint: Taint) -> str:
    equal = f"operator: Equal, value: {taint.value}" if taint.value else "operator: Exists"
    return f"tolerate it: {{key: {taint.key}, {equal}, effect: {taint.effect}}}"

from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, Taint, rule
from ekslint_rules._capacity import is_spot
from ekslint_rules.scheduling._taints import fitting_untainted, hard_taints, is_common, toleration_place
from ekslint_rules.scheduling._verdicts import listed


@rule(
    Severity.INFO,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def toleration_without_selector(placement: Placement) -> Iterator[Finding]:
    """A workload tolerates the taint of a node pool, but may as well run elsewhere.

    ## Why is this bad?
    A taint keeps other pods away from the pool; it does not bring these pods to it. They land wherever there is room,
    as a rule on the untainted nodes.

    ## When it stays silent
    DaemonSets; a selector, an affinity (preferred ones too) or a device that only the pool has; tolerations of Spot
    pools, which only allow Spot; taints that Kubernetes, EKS and Karpenter set themselves.

    ## References
    - Kubernetes documentation, taints and tolerations: dedicated nodes
    - Amazon EKS user guide, node taints on managed node groups
    """
    pod = placement.workload.pod
    tolerations = list(pod.tolerations)
    if placement.workload.kind == "DaemonSet" or not any(each.key for each in tolerations):
        return
    if list(pod.preferred_node_affinity):
        return
    untainted = fitting_untainted(placement)
    if not untainted:
        return
    for position, toleration in enumerate(tolerations):
        if not toleration.key or is_common(toleration.key):
            continue
        meant = [
            (pool, index, taint)
            for pool in placement.fitting
            for index, taint in hard_taints(pool)
            if toleration.tolerates(taint) and not is_spot(pool)
        ]
        if not meant:
            continue
        pool, _, taint = meant[0]
        yield Finding(
            toleration_place(pod, position),
            f"{placement.workload} tolerates {taint} of {pool}, but nothing leads it there: "
            f"it fits {listed([str(each) for each in untainted], 'and')} as well",
            label="allows, and does not lead",
            help=_help(taint),
            related=[(each.at("taints", index), f"{each}: this taint") for each, index, _ in meant],
            discriminator=str(toleration),
        )
        return


def _help(taint: Taint) -> str:
    return f"add a nodeSelector for a label of the pool with the taint {taint}"

from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules._capacity import asks_for_spot, is_spot, spot_place

_NOTICE_SECONDS = 120


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("reliability",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def spot_grace_period(placement: Placement) -> Iterator[Finding]:
    """A pod wants more time to end than the notice that AWS gives before it takes a Spot node back.

    ## Why is this bad?
    The notice is two minutes. A pod with a longer `terminationGracePeriodSeconds` that uses them is cut off in the
    middle.

    ## When it stays silent
    Periods of up to 120 seconds, and pods that can run on on-demand nodes too.

    ## References
    - Amazon EC2 user guide, Spot Instance interruption notices
    - Amazon EKS best practices guide, cost optimization: Spot
    """
    pod = placement.workload.pod
    seconds = pod.termination_grace_period
    pools = placement.possible
    if seconds <= _NOTICE_SECONDS or not pools:
        return
    if not asks_for_spot(pod) and not all(is_spot(pool) for pool in pools):
        return
    yield Finding(
        pod.at("terminationGracePeriodSeconds"),
        f"{placement.workload} wants {seconds} seconds to end, but runs on Spot nodes, which are gone after "
        f"{_NOTICE_SECONDS}",
        label=f"the notice is {_NOTICE_SECONDS} seconds",
        help="end within two minutes, or give it on-demand nodes",
        related=[(spot_place(pool), f"{pool}: Spot") for pool in pools if is_spot(pool)],
        lower=placement.cluster.tolerance,
    )

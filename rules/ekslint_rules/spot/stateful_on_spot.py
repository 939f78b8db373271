from collections.abc import Iterator

from ekslint import Finding, Job, Place, Placement, Severity, StatefulSet, rule
from ekslint_rules._capacity import asks_for_spot, is_spot, spot_place
from ekslint_rules.scheduling._verdicts import leading_place, listed
from ekslint_rules.storage._claims import claims_of

_LONG_JOB_SECONDS = 3600


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("reliability", "storage"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def stateful_on_spot(placement: Placement) -> Iterator[Finding]:
    """A workload that keeps data, or a long Job, can run on Spot nodes only.

    ## Why is this bad?
    AWS takes Spot instances back with a notice of two minutes. A database then fails over or recovers, its volume has
    to detach and attach elsewhere, and a long Job starts again from the beginning.

    ## When it stays silent
    Volumes that several nodes share, other workloads, and those that can run on on-demand nodes too. Advice for Jobs,
    which may write checkpoints, and outside production.

    ## References
    - Amazon EKS best practices guide, cost optimization: Spot
    - Amazon EKS user guide, managed node groups: capacity types
    """
    pools = placement.possible
    if not pools:
        return
    what = _state(placement)
    if what is None:
        return
    pod = placement.workload.pod
    if not asks_for_spot(pod) and not all(is_spot(pool) for pool in pools):
        return
    place: Place = leading_place(pod) or placement.workload.at("name")
    spot = [pool for pool in pools if is_spot(pool)]
    yield Finding(
        place,
        f"{placement.workload} {what}, but can run on Spot nodes only ({listed([str(pool) for pool in pools], 'and')})",
        label="Spot nodes only",
        help="give it on-demand nodes",
        related=[(spot_place(pool), f"{pool}: Spot") for pool in spot],
        lower=placement.cluster.tolerance,
        severity=Severity.INFO if isinstance(placement.workload, Job) else None,
    )


def _state(placement: Placement) -> str | None:
    """What would be lost, to follow the workload's name; None for one that keeps nothing."""
    workload = placement.workload
    if isinstance(workload, Job):
        seconds = workload.integer(*workload.template_path[:-1], "activeDeadlineSeconds")
        return f"may run for {seconds} s" if seconds is not None and seconds > _LONG_JOB_SECONDS else None
    claims = list(claims_of(workload))
    if any(not claimed.is_shared for claimed in claims):
        return "keeps data in a volume"
    return "is stateful" if isinstance(workload, StatefulSet) and not claims else None

from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.TOO_FEW_DEVICES,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling", "gpu"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def gpu_request_too_many(placement: Placement) -> Iterator[Finding]:
    """A pod requests more GPUs, or other devices, than any node that it could go to has.

    ## Why is this bad?
    A pod runs on one node, and takes all of its devices from there. Without an instance type that has so many it
    stays Pending.

    ## When it stays silent
    The instance types of some pool are not known, or the device plugin shares GPUs (time-slicing, MPS, MIG), so that
    nodes offer more than they have.

    ## References
    - Amazon EC2 instance types, accelerated computing
    - NVIDIA device plugin, sharing GPUs
    """
    for rejection in rejected(placement, CAUSES):
        concerned = [each for each in rejection.verdicts if each.cause is Cause.TOO_FEW_DEVICES]
        if not concerned:
            continue
        yield rejection.finding(
            f"{placement.workload} asks for more devices than any node has: {concerned[0].reason}",
            label="no node has so many",
            place=concerned[0].at_workload,
        )

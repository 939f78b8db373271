from collections.abc import Iterator

from ekslint import Cause, FargateProfile, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.NO_SUCH_DEVICE,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling", "gpu"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def gpu_request_no_gpu_pool(placement: Placement) -> Iterator[Finding]:
    """A pod requests a GPU or another device that no node it could go to has.

    ## Why is this bad?
    `nvidia.com/gpu`, `aws.amazon.com/neuron`, `vpc.amazonaws.com/efa` and huge pages are counted like CPU: a node
    without them never takes the pod, and it stays Pending.

    ## When it stays silent
    A node pool whose instance types are not known, or that may launch GPU types; devices that are claimed
    dynamically, and resources about which nothing is known. Fargate is `fargate-pod-unsupported`.

    ## References
    - Amazon EKS user guide, machine learning: GPU instances, Inferentia, EFA
    - Kubernetes documentation, schedule GPUs
    """
    for rejection in rejected(placement, CAUSES):
        concerned = [each for each in rejection.verdicts if each.cause is Cause.NO_SUCH_DEVICE]
        if not concerned or all(isinstance(each.pool, FargateProfile) for each in concerned):
            continue
        place = concerned[0].at_workload
        device = str(place.path[-1]) if place is not None and place.path else "a device"
        yield rejection.finding(
            f"{placement.workload} requests {device}, which no node that it could run on has",
            label="no node has this",
            place=place,
            help="add a node pool with such instance types, or select the one that there is",
        )

from collections.abc import Iterator

from ekslint import Cause, FargateProfile, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.TOO_LARGE, Cause.PROBABLY_TOO_LARGE)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling", "capacity"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def pod_too_large_for_pool(placement: Placement) -> Iterator[Finding]:
    """A pod requests more CPU or memory than any node that it could go to has for pods.

    ## Why is this bad?
    A node never has all of its memory for pods: the kubelet keeps some for itself and for evictions, firmware and
    kernel take their part before. Autoscalers add no node for a pod that would not fit: it stays Pending.

    A warning where the requests exceed only what such nodes usually have, by Karpenter's estimate of 7.5 % for
    firmware and kernel.

    ## When it stays silent
    The instance types of some pool are not known, or a VerticalPodAutoscaler sets the requests. Workloads without
    replicas, and suspended ones. Fargate is `fargate-resources-over-max`.

    ## References
    - Amazon EKS best practices guide, reliability, data plane: reserve resources
    - amazon-eks-ami, nodeadm: kube-reserved
    - Karpenter documentation, settings: vm-memory-overhead-percent
    """
    workload = placement.workload
    if workload.is_suspended or (workload.replicas == 0 and not list(workload.autoscalers)):
        return
    for rejection in rejected(placement, CAUSES):
        concerned = [each for each in rejection.verdicts if each.cause in CAUSES]
        if not concerned or all(isinstance(each.pool, FargateProfile) for each in concerned):
            continue
        probably = rejection.cause is Cause.PROBABLY_TOO_LARGE
        what = "is probably too large" if probably else "is too large"
        where = str(concerned[0].pool) if len(concerned) == 1 else f"all {len(concerned)} node pools that it matches"
        yield rejection.finding(
            f"{workload} {what} for {where}: {concerned[0].reason}",
            label="no node has this much for pods" if not probably else "nodes hardly have this much for pods",
            place=concerned[0].at_workload,
            severity=Severity.WARNING if probably else None,
            help="request less, or add a pool with larger instance types",
        )

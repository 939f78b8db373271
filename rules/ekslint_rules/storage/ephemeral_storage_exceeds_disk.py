from collections.abc import Iterator

from ekslint import Cause, FargateProfile, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.EPHEMERAL_STORAGE,)


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("storage", "capacity"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def ephemeral_storage_exceeds_disk(placement: Placement) -> Iterator[Finding]:
    """A pod requests more ephemeral storage than the disk of any node has.

    ## Why is this bad?
    Images, logs and `emptyDir` live on the volume of the node. A tenth of it is kept free, and a GiB for the kubelet:
    a pod that asks for more than the rest stays Pending.

    ## When it stays silent
    Volumes whose size is known only at deploy time, instance types with disks of their own, and workloads without
    replicas. Fargate is `fargate-resources-over-max`.

    ## References
    - Kubernetes documentation, local ephemeral storage
    - amazon-eks-ami, nodeadm: kube-reserved
    """
    workload = placement.workload
    if workload.is_suspended or (workload.replicas == 0 and not list(workload.autoscalers)):
        return
    for rejection in rejected(placement, CAUSES):
        concerned = [each for each in rejection.verdicts if each.cause is Cause.EPHEMERAL_STORAGE]
        if not concerned or all(isinstance(each.pool, FargateProfile) for each in concerned):
            continue
        volumes = [
            (each.pool.at("volume_size"), f"the disk of {each.pool}")
            for each in concerned
            if each.pool.at("volume_size").is_written
        ]
        yield rejection.finding(
            f"{workload} requests more disk than nodes have: {concerned[0].reason}",
            label="no node has this much",
            place=concerned[0].at_workload,
            help="enlarge the nodes' volumes, or use a volume of its own",
            severity=Severity.WARNING,
            related=volumes,
        )

from collections.abc import Iterator

from ekslint import Cause, FargateProfile, Finding, Placement, Severity, fargate, rule

_OF_SIZE = (Cause.TOO_LARGE, Cause.EPHEMERAL_STORAGE, Cause.PROBABLY_TOO_LARGE)

_LIMITS = (
    f"Fargate has at most {fargate.LARGEST.millicores // 1000} vCPU, {fargate.LARGEST.memory_mib // 1024} GB, of which "
    f"{fargate.MEMORY_OVERHEAD_MIB} MB are its own, and {fargate.MAX_EPHEMERAL_STORAGE_GIB} GiB of ephemeral storage"
)


@rule(Severity.ERROR, since="0.1.0", tags=("fargate", "capacity"), dialects=("eksctl", "cloudformation", "kubernetes"))
def fargate_resources_over_max(placement: Placement) -> Iterator[Finding]:
    """A pod that a Fargate profile takes is larger than anything that Fargate offers.

    ## Why is this bad?
    Fargate gives a pod at most 16 vCPU and 120 GB, of which 256 MB are for its own components, and 175 GiB of ephemeral
    storage. Beyond that the pod stays Pending.

    ## When it stays silent
    Requests that are known only at deploy time, and workloads without replicas.

    ## References
    - Amazon EKS user guide, Fargate pod configuration
    """
    profile = placement.fargate_profile
    workload = placement.workload
    if profile is None or workload.is_suspended or (workload.replicas == 0 and not list(workload.autoscalers)):
        return
    for verdict in placement.rejections(*_OF_SIZE):
        if isinstance(verdict.pool, FargateProfile) and verdict.cause in _OF_SIZE and verdict.at_workload is not None:
            yield Finding(
                verdict.at_workload,
                f"{workload} is too large for Fargate: {verdict.reason}",
                label="more than Fargate offers",
                help=_LIMITS,
                related=[(profile.at("selectors"), f"{profile} selects it")],
            )

from collections.abc import Iterator

from ekslint import Finding, LimitRange, Placement, Severity, rule

_RESOURCES = ("cpu", "memory")


@rule(
    Severity.WARNING, since="0.1.0", tags=("fargate", "capacity"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def fargate_no_requests(placement: Placement) -> Iterator[Finding]:
    """A pod on Fargate requests neither CPU nor memory, and gets the smallest size.

    ## Why is this bad?
    Requests decide the size of the machine that Fargate makes for the pod: without any it is 0.25 vCPU and 0.5 GB,
    and the pod cannot use more than that.

    ## When it stays silent
    One container with a request or a limit, a request of the pod as a whole, or a LimitRange of the namespace.

    ## References
    - Amazon EKS user guide, Fargate pod configuration
    """
    profile = placement.fargate_profile
    if profile is None:
        return
    workload, pod = placement.workload, placement.workload.pod
    containers = list(pod.containers)
    if not containers or any(name in pod.requests or name in pod.limits for name in _RESOURCES):
        return
    if any(name in each.effective_requests for each in (*pod.init_containers, *containers) for name in _RESOURCES):
        return
    if any(workload.shares_namespace(each) and each.default_requests for each in workload.beside(LimitRange)):
        return
    yield Finding(
        containers[0].at("name"),
        f"{workload} requests neither CPU nor memory: Fargate gives it 0.25 vCPU and 0.5 GB",
        label="no requests",
        help="set resources.requests: they decide the size of the pod's machine",
        related=[(profile.at("selectors"), f"{profile} selects it")],
        lower=placement.cluster.tolerance,
    )

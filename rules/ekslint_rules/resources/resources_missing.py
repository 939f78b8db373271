from collections.abc import Iterator

from ekslint import Cluster, Container, Finding, Severity, Workload, rule, some
from ekslint_rules._default_requests import has_default_request
from ekslint_rules.fargate._pods import may_be_on_fargate

_RESOURCES = ("cpu", "memory")
_AUTOSCALERS = ("karpenter", "cluster-autoscaler")
_ENDING = frozenset({"Job", "Pod"})
_SYSTEM_NAMESPACE = "kube-system"


@rule(Severity.WARNING, since="0.1.0", tags=("capacity", "autoscaling"))
def resources_missing(workload: Workload) -> Iterator[Finding]:
    """A container requests neither CPU nor memory.

    ## Why is this bad?
    The scheduler and every node autoscaler count requests, not use. A pod without any always fits: nodes fill up
    until memory runs out, and no new node is started for it. It is also the first to be evicted and killed then.

    ## When it stays silent
    Limits, which are requests too; requests of the pod as a whole; a LimitRange of the namespace with defaults, or a
    VerticalPodAutoscaler; `kube-system`; pods on Fargate, of which `fargate-no-requests` speaks, and workloads that an
    autoscaler scales, of which `hpa-without-requests` does; init containers, Jobs and bare pods, which end; what a
    controller made. One finding a workload. Advice only where nothing in the files starts nodes as they are needed
    (Karpenter, Auto Mode, Cluster Autoscaler), and outside production.

    ## References
    - Kubernetes documentation, resource management for pods and containers
    - EKS best practices guide, scalability, workloads; reliability, data plane
    """
    if workload.is_owned or workload.kind in _ENDING or workload.stands_in(_SYSTEM_NAMESPACE):
        return
    pod = workload.pod
    if any(name in pod.requests or name in pod.limits for name in _RESOURCES):
        return
    found = [each for each in (*pod.init_containers, *pod.containers) if not each.is_init and _requests_nothing(each)]
    if not found or some(workload.autoscalers, lambda autoscaler: True):
        return
    if any(has_default_request(workload, name) for name in _RESOURCES):
        return
    if may_be_on_fargate(workload):
        return
    clusters = workload.clusters
    first, *others = found
    yield Finding(
        first.at("name"),
        f"{first} of {workload} requests neither CPU nor memory: nodes fill up with pods, and no autoscaler sees it",
        label="no requests",
        help="set resources.requests to what it needs",
        related=[(each.at("name"), f"{each} too") for each in others],
        lower=workload.tolerance + int(not clusters or not all(map(_starts_nodes, clusters))),
    )


def _starts_nodes(cluster: Cluster) -> bool:
    """Whether something adds nodes where requests ask for them."""
    if cluster.karpenter_pools or any(cluster.estate.has_evidence_of(name, cluster) for name in _AUTOSCALERS):
        return True
    return not cluster.is_implicit and (cluster.auto_mode is not None or cluster.karpenter_version is not None)


def _requests_nothing(container: Container) -> bool:
    return not any(name in container.effective_requests for name in _RESOURCES)

from collections.abc import Iterator

from ekslint import Autoscaler, Container, Finding, Severity, Workload, rule
from ekslint_rules._default_requests import has_default_request
from ekslint_rules.scaling._metrics import Metric, resource_metrics


@rule(Severity.ERROR, since="0.1.0", tags=("autoscaling",))
def hpa_without_requests(autoscaler: Autoscaler) -> Iterator[Finding]:
    """An autoscaler goes by the utilization of a resource that a container does not request.

    ## Why is this bad?
    Utilization is a share of the request. If one container of the pod requests none, the controller cannot work out the
    metric (FailedGetResourceMetric), and the workload never scales.

    ## When it stays silent
    Limits, which are requests too; requests of the pod as a whole; a LimitRange of the namespace with defaults, or a
    VerticalPodAutoscaler; targets that are an absolute amount. Init containers do not count. KEDA's `cpu` and `memory`
    triggers are judged alike.

    ## References
    - Kubernetes documentation, horizontal pod autoscaling: algorithm details
    - KEDA documentation, CPU scaler: prerequisites
    """
    for metric in resource_metrics(autoscaler):
        if not metric.is_utilization or metric.resource is None:
            continue
        for workload in autoscaler.targets:
            if _is_requested_for_pod(workload, metric.resource) or has_default_request(workload, metric.resource):
                continue
            for container in workload.pod.containers:
                if _counts(container, metric) and metric.resource not in container.effective_requests:
                    yield _finding(autoscaler, metric, workload, container)


def _finding(autoscaler: Autoscaler, metric: Metric, workload: Workload, container: Container) -> Finding:
    section = container.at("resources", "requests")
    return Finding(
        section if section.is_written else container.at("name"),
        f"{container} of {workload} requests no {metric.resource}: {autoscaler} goes by its utilization, "
        "and so it can never scale",
        label=f"no {metric.resource} request",
        help=f"set resources.requests.{metric.resource}",
        related=[(metric.place, f"{autoscaler} needs it")],
        discriminator=str(metric.resource),
    )


def _counts(container: Container, metric: Metric) -> bool:
    return metric.container is None or container.name == metric.container


def _is_requested_for_pod(workload: Workload, resource: str) -> bool:
    return resource in workload.pod.requests or resource in workload.pod.limits

from collections.abc import Iterator

from ekslint import Autoscaler, Cluster, Finding, Place, Severity, VerticalPodAutoscaler, rule
from ekslint_rules._installations import doubt_about, reported_for, serves
from ekslint_rules.scaling._metrics import resource_metrics

_SERVERS = ("metrics-server", "prometheus-adapter", "datadog-cluster-agent")


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation", "kubernetes"))
def hpa_without_metrics_server(cluster: Cluster) -> Iterator[Finding]:
    """Autoscalers go by CPU or memory, but nothing installs the metrics server.

    ## Why is this bad?
    Nobody else serves the metrics API on EKS. Autoscalers report FailedGetResourceMetric, and replicas never change; a
    VerticalPodAutoscaler has nothing to recommend from.

    ## When it stays silent
    The add-on metrics-server, which eksctl installs unless it is told not to; a chart, an application or manifests of
    it; an APIService for `metrics.k8s.io`; autoscalers with other metrics. Advice only where the files install nothing
    on the cluster at all, or may merely add to it: then somebody else decides.

    ## References
    - Amazon EKS user guide, view resource usage with the Kubernetes metrics server
    - Amazon EKS user guide, adjust pod resources with Vertical Pod Autoscaler: prerequisites
    - Kubernetes documentation, horizontal pod autoscaling: support for metrics APIs
    """
    if _has_server(cluster):
        return
    found: list[tuple[Place, Autoscaler | VerticalPodAutoscaler]] = []
    estate = cluster.estate
    autoscalers: list[Autoscaler | VerticalPodAutoscaler] = [*estate.of(Autoscaler), *estate.of(VerticalPodAutoscaler)]
    for autoscaler in autoscalers:
        if not reported_for(autoscaler, cluster) or any(_has_server(other) for other in autoscaler.clusters[1:]):
            continue
        place = _reliance(autoscaler)
        if place is not None:
            found.append((place, autoscaler))
    if not found:
        return
    who = f"{found[0][1]} goes" if len(found) == 1 else f"{found[0][1]} and {len(found) - 1} more go"
    place = cluster.at("addons")
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"{who} by CPU or memory, but nothing installs the metrics server on {cluster}: nothing is ever scaled",
        label="without metrics-server",
        help="add the EKS add-on metrics-server",
        related=[(metric, f"{autoscaler} needs it") for metric, autoscaler in found],
        lower=doubt_about(cluster, may_be_addon=True),
    )


def _reliance(autoscaler: Autoscaler | VerticalPodAutoscaler) -> Place | None:
    """Where an autoscaler asks for CPU or memory; None where it does not."""
    if isinstance(autoscaler, VerticalPodAutoscaler):
        return autoscaler.at("name")
    metric = next(resource_metrics(autoscaler), None)
    return None if metric is None else metric.place


def _has_server(cluster: Cluster) -> bool:
    return (
        cluster.has_addon("metrics-server")
        or any(cluster.estate.has_evidence_of(name, cluster) for name in _SERVERS)
        or serves(cluster, "metrics.k8s.io")
    )

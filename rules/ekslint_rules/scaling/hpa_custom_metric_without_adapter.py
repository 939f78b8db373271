from collections.abc import Iterator

from ekslint import Cluster, Finding, HorizontalPodAutoscaler, Severity, rule
from ekslint_rules._installations import doubt_about, may_go_to, serves
from ekslint_rules.scaling._metrics import CUSTOM_TYPES, Metric, known_metrics

_ADAPTERS = (
    *("prometheus-adapter", "keda", "k8s-cloudwatch-adapter", "kube-metrics-adapter", "datadog-cluster-agent"),
)
_APIS = ("custom.metrics.k8s.io", "external.metrics.k8s.io")


@rule(Severity.WARNING, since="0.1.0", tags=("autoscaling",), dialects=("eksctl", "cloudformation", "kubernetes"))
def hpa_custom_metric_without_adapter(cluster: Cluster) -> Iterator[Finding]:
    """An autoscaler goes by a metric of its own, but nothing serves such metrics.

    ## Why is this bad?
    Metrics of type Pods, Object and External come from an adapter. Without one the autoscaler reports
    FailedGetPodsMetric or FailedGetExternalMetric, and replicas never change.

    ## When it stays silent
    The Prometheus adapter, KEDA, the CloudWatch adapter, kube-metrics-adapter or Datadog's cluster agent, by whatever
    means they are installed, and any APIService for `custom.metrics.k8s.io` or `external.metrics.k8s.io`.
    ScaledObjects, which bring their own. Advice only where the files install no controller on the cluster at all, or
    may merely add to it.

    ## References
    - Kubernetes documentation, horizontal pod autoscaling: support for metrics APIs
    """
    if _has_adapter(cluster):
        return
    found: list[tuple[Metric, HorizontalPodAutoscaler]] = []
    for autoscaler in cluster.estate.of(HorizontalPodAutoscaler):
        if not may_go_to(autoscaler, cluster):
            continue
        metric = next((each for each in known_metrics(autoscaler) if each.type in CUSTOM_TYPES), None)
        if metric is not None:
            found.append((metric, autoscaler))
    if not found:
        return
    metric, autoscaler = found[0]
    who = f"{autoscaler} goes" if len(found) == 1 else f"{autoscaler} and {len(found) - 1} more go"
    yield Finding(
        metric.place,
        f"{who} by a metric of type {metric.type}, but nothing on {cluster} serves those: nothing is ever scaled",
        label="without an adapter",
        help="install the Prometheus adapter or KEDA",
        related=[(each.place, f"{other} needs one too") for each, other in found[1:]],
        lower=doubt_about(cluster, may_be_addon=False),
    )


def _has_adapter(cluster: Cluster) -> bool:
    estate = cluster.estate
    return any(estate.has_evidence_of(name, cluster) for name in _ADAPTERS) or any(
        serves(cluster, api) for api in _APIS
    )

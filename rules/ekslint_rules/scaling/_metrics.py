"""What autoscalers go by: HorizontalPodAutoscalers of every version of the API, and KEDA's ScaledObjects."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ekslint import Autoscaler, HorizontalPodAutoscaler, Place, ScaledObject, known

RESOURCES = frozenset({"cpu", "memory"})
CUSTOM_TYPES = frozenset({"External", "Object", "Pods"})
_RESOURCE_FIELDS = {"ContainerResource": "containerResource", "Resource": "resource"}
_OLD_UTILIZATION = "targetCPUUtilizationPercentage"


class Metric(NamedTuple):
    """Something that an autoscaler goes by."""

    type: str
    """`Resource`, `ContainerResource`, `Pods`, `Object` or `External`, as the HorizontalPodAutoscaler says it."""
    resource: str | None
    """`cpu` or `memory`; None for what is no resource of the pods."""
    container: str | None
    """The one container that counts; None for all of them."""
    is_utilization: bool
    """Whether the target is a percentage of the request."""
    place: Place


def metrics_of(autoscaler: Autoscaler) -> Sequence[Metric]:
    """The metrics of an autoscaler, in order, with a hole for each that is unknown.

    Without any, a HorizontalPodAutoscaler goes by 80 % of the CPU request.
    """
    if isinstance(autoscaler, ScaledObject):
        return autoscaler.each(("spec", "triggers"), lambda index, item: _trigger(autoscaler, index, item))
    if not isinstance(autoscaler, HorizontalPodAutoscaler):
        return ()
    if autoscaler.version == "v1":
        return (Metric("Resource", "cpu", None, True, _or_name(autoscaler, "spec", _OLD_UTILIZATION)),)
    if not autoscaler.has("spec", "metrics"):
        return (Metric("Resource", "cpu", None, True, autoscaler.at("metadata", "name")),)
    return autoscaler.each(("spec", "metrics"), lambda index, item: _metric(autoscaler, index, item))


def resource_metrics(autoscaler: Autoscaler) -> Iterator[Metric]:
    """Those that are known and that the metrics server serves: CPU and memory."""
    return (metric for metric in known_metrics(autoscaler) if metric.resource in RESOURCES)


def known_metrics(autoscaler: Autoscaler) -> Iterator[Metric]:
    """The metrics as far as they are known."""
    unknown = any(autoscaler.unknown("spec", field) for field in ("metrics", "triggers"))
    return iter(()) if unknown else known(metrics_of(autoscaler))


def _metric(autoscaler: Autoscaler, index: int, item: Any) -> Metric:
    at = ("spec", "metrics", index)
    autoscaler.item(at, item)
    kind = autoscaler.text(*at, "type") or ""
    field = _RESOURCE_FIELDS.get(kind)
    if field is None:
        return Metric(kind, None, None, False, autoscaler.at(*at, "type"))
    utilization = autoscaler.get(*at, field, "target", "averageUtilization")
    if autoscaler.version == "v2beta1":
        utilization = autoscaler.get(*at, field, "targetAverageUtilization")
    return Metric(
        kind,
        autoscaler.text(*at, field, "name"),
        autoscaler.text(*at, field, "container") if kind == "ContainerResource" else None,
        utilization is not None,
        autoscaler.at(*at, field, "name"),
    )


def _trigger(autoscaler: ScaledObject, index: int, item: Any) -> Metric:
    at = ("spec", "triggers", index)
    autoscaler.item(at, item)
    kind = autoscaler.text(*at, "type") or ""
    place = autoscaler.at(*at, "type")
    if kind not in RESOURCES:
        return Metric("External", None, None, False, place)
    container = autoscaler.text(*at, "metadata", "containerName")
    how = autoscaler.text(*at, "metricType") or autoscaler.text(*at, "metadata", "type") or "Utilization"
    return Metric("ContainerResource" if container else "Resource", kind, container, how == "Utilization", place)


def _or_name(autoscaler: Autoscaler, *path: str) -> Place:
    place = autoscaler.at(*path)
    return place if place.is_written else autoscaler.at("metadata", "name")

"""What fills in the requests that a container does not state."""

from collections.abc import Mapping
from typing import Any

from ekslint import LimitRange, Workload, some
from ekslint_rules.scaling._vertical import controlled, vertical_autoscalers_of


def has_default_request(workload: Workload, resource: str) -> bool:
    """Whether a LimitRange of the namespace, or a VerticalPodAutoscaler, gives containers a request of a resource."""
    for each in workload.beside(LimitRange):
        if some(each.limits, lambda item: _fills_in(item, resource)) and each.shares_namespace(workload):
            return True
    return some(
        vertical_autoscalers_of(workload), lambda each: each.update_mode != "Off" and resource in controlled(each)
    )


def _fills_in(item: Any, resource: str) -> bool:
    """As the API server itself completes a LimitRange: what is asked for by default is at least the minimum."""
    if not isinstance(item, Mapping) or item.get("type") != "Container":
        return False
    sections = (item.get(name) for name in ("defaultRequest", "default", "max", "min"))
    return any(isinstance(section, Mapping) and resource in section for section in sections)

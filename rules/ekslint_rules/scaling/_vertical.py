"""VerticalPodAutoscalers, and what they set."""

from collections.abc import Iterator, Mapping

from ekslint import VerticalPodAutoscaler, Workload

_ALL = frozenset({"cpu", "memory"})
_ANY_CONTAINER = "*"


def vertical_autoscalers_of(workload: Workload) -> Iterator[VerticalPodAutoscaler]:
    """The VerticalPodAutoscalers that target a workload."""
    for each in workload.beside(VerticalPodAutoscaler):
        target = each.target
        if target is None or target.kind != workload.kind or target.name != workload.name:
            continue
        if target.group in {None, workload.group} and each.shares_namespace(workload):
            yield each


def controlled(autoscaler: VerticalPodAutoscaler) -> frozenset[str]:
    """The resources whose requests it sets for some container: `cpu`, `memory` or both."""
    found: set[str] = set()
    policies = autoscaler.sequence("spec", "resourcePolicy", "containerPolicies")
    named = [policy for policy in policies if isinstance(policy, Mapping)]
    for policy in named:
        if policy.get("mode") != "Off":
            found.update(policy.get("controlledResources") or _ALL)
    if not any(policy.get("containerName") == _ANY_CONTAINER for policy in named):
        # A container without a policy of its own is controlled whole.
        return _ALL
    return frozenset(found) & _ALL

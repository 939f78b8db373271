"""Taints and tolerations, as kube-scheduler's TaintToleration filter has them.

Semantics: `k8s.io/component-helpers/scheduling/corev1` (FindMatchingUntoleratedTaint) and
`k8s.io/api/core/v1/toleration.go`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ekslint.facts.node_taints import (
    DAEMONSET_HOST_NETWORK_TOLERATION,
    DAEMONSET_TOLERATIONS,
    tolerates_by_request,
)
from ekslint.model.pool import Taint

_NO_SCHEDULE = "NoSchedule"
_IF_REQUESTED = "IfRequested"
"""In place of an operator: tolerates whatever the pod may request."""


class Tolerance(NamedTuple):
    """A toleration without what does not matter for scheduling."""

    key: str
    operator: str
    value: str
    effect: str

    def tolerates(self, taint: Taint) -> bool | None:
        """Whether it covers a taint; None where nobody knows."""
        if self.effect and self.effect != taint.effect:
            return False
        if self.key and self.key != taint.key:
            return False
        if self.operator == _IF_REQUESTED:
            return None if tolerates_by_request(taint.key) else False
        match self.operator:
            case "Exists":
                return True
            case "" | "Equal":
                return self.value == taint.value
            case "Gt" | "Lt":
                # Numeric tolerations are behind a feature gate that EKS may or may not have.
                return None
        return False


DAEMONSET = tuple(Tolerance(each.key, "Exists", "", each.effect) for each in DAEMONSET_TOLERATIONS)
"""What the DaemonSet controller adds."""

_HOST_NETWORK = DAEMONSET_HOST_NETWORK_TOLERATION
DAEMONSET_ON_HOST_NETWORK = Tolerance(_HOST_NETWORK.key, "Exists", "", _HOST_NETWORK.effect)


def by_request(resources: Iterable[str], *, may_ask_for_more: bool) -> list[Tolerance]:
    """What EKS adds to a pod that requests extended resources: it tolerates taints that are called like those."""
    asked = [Tolerance(name, "Exists", "", _NO_SCHEDULE) for name in resources if tolerates_by_request(name)]
    return [*asked, Tolerance("", _IF_REQUESTED, "", _NO_SCHEDULE)] if may_ask_for_more else asked


def tolerated(tolerations: Iterable[Tolerance], taint: Taint) -> bool | None:
    """Whether one of the tolerations covers a taint; None where that is not certain."""
    verdict: bool | None = False
    for each in tolerations:
        own = each.tolerates(taint)
        if own:
            return True
        if own is None:
            verdict = None
    return verdict

"""Taints and tolerations, as kube-scheduler's TaintToleration filter has them.

Semantics: `k8s.io/component-helpers/scheduling/corev1` (FindMatchingUntoleratedTaint) and
`k8s.io/api/core/v1/toleration.go`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ekslint.facts.node_taints import DAEMONSET_HOST_NETWORK_TOLERATION, DAEMONSET_TOLERATIONS
from ekslint.model.pool import Taint


class Tolerance(NamedTuple):
    """A toleration without what does not matter for scheduling."""

    key: str
    operator: str
    value: str
    effect: str

    def tolerates(self, taint: Taint) -> bool | None:
        """Whether it covers a taint; None where that depends on a feature of the cluster."""
        if self.effect and self.effect != taint.effect:
            return False
        if self.key and self.key != taint.key:
            return False
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

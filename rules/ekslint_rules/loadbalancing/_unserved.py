"""What waits for the AWS Load Balancer Controller on a cluster that does not have it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from ekslint import Cluster, Finding, KubernetesObject, Place
from ekslint_rules._installations import may_go_to
from ekslint_rules.loadbalancing._controller import has_load_balancer_controller

T = TypeVar("T", bound=KubernetesObject)

Waiting = Sequence[tuple[Place, KubernetesObject]]
"""Objects, each with the place where it asks for the controller."""


def waiting_on(cluster: Cluster, kind: type[T], place_of: Callable[[T], Place | None]) -> Waiting:
    """The objects of a kind that ask in vain on this cluster; those that go nowhere else come first.

    `place_of` says where an object asks for the controller, and None for one that does not.
    """
    if cluster.is_implicit or has_load_balancer_controller(cluster):
        return []
    candidates = [each for each in cluster.estate.of(kind) if may_go_to(each, cluster)]
    asking = [(place, each) for each in candidates if (place := place_of(each)) is not None]
    # The finding stands at the first, and one about an object of several clusters is kept only if all of them agree.
    return sorted(asking, key=lambda found: len(found[1].clusters) > 1)


def unserved(waiting: Waiting, cluster: Cluster, message: str, label: str) -> Finding:
    """One finding for all of them: a single installation helps them all."""
    [place, _], *others = waiting
    return Finding(
        place,
        message,
        label=label,
        help="install the chart aws-load-balancer-controller",
        related=[(cluster.at("name"), "on this cluster"), *((other, f"{each} too") for other, each in others)],
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )

"""What the pods of a workload ask of nodes' labels, requirement by requirement."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ekslint import NodeSelectorTerm, Place, PodTemplate, Workload


class NodeDemand(NamedTuple):
    """A requirement on the labels of a node, and where it stands."""

    key: str
    operator: str
    values: Sequence[str]
    """Empty where they are unknown."""
    is_required: bool
    """Whether the scheduler has to obey it."""
    place: Place
    """Of the key."""
    value_places: Sequence[Place]
    """One for each value."""


def node_demands(workload: Workload) -> Iterator[NodeDemand]:
    """`nodeSelector`, then required and preferred node affinity, in order; what is unknown comes last, and ends it."""
    pod = workload.pod
    yield from _selected(pod)
    for term in pod.required_node_affinity or ():
        yield from _expressions(term, is_required=True)
    for term in pod.preferred_node_affinity:
        yield from _expressions(term, is_required=False)


def _selected(pod: PodTemplate) -> Iterator[NodeDemand]:
    selector = pod.node_selector
    for key in selector:
        place, value_place = pod.at("nodeSelector", key, key=True), pod.at("nodeSelector", key)
        if pod.unknown("nodeSelector", key):
            yield NodeDemand(key, "In", (), True, place, ())
        else:
            yield NodeDemand(key, "In", (selector[key],), True, place, (value_place,))


def _expressions(term: NodeSelectorTerm, *, is_required: bool) -> Iterator[NodeDemand]:
    for index, requirement in enumerate(term.match_expressions):
        path = ("matchExpressions", index)
        places = [term.at(*path, "values", position) for position in range(len(requirement.values))]
        key = term.at(*path, "key")
        yield NodeDemand(requirement.key, requirement.operator, requirement.values, is_required, key, places)

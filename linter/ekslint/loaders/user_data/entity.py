"""User data as an entity of the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ekslint.loaders.user_data.reading import text_of
from ekslint.loaders.user_data.start import FILLED_IN, NodeStart, is_filled_in_later
from ekslint.model.launch import UserData
from ekslint.model.pool import Taint
from ekslint.model.reading import PartialMapping, PartialSequence, Reading, Source, Unknown
from ekslint.source.tree import Step

_MARKERS = {
    "bootstrap.sh": "bootstrap.sh",
    "bottlerocket": "settings.kubernetes",
    "nodeadm": "node.eks.aws",
    "Start-EKSBootstrap": "Start-EKSBootstrap",
}

Find = Callable[[str], Source]
"""Where a piece of the user data stands; the user data itself where the piece cannot be found."""


@dataclass(frozen=True, slots=True)
class StartedNodes:
    """User data, and the labels and taints that it gives, each with its place."""

    entity: UserData
    start: NodeStart
    labels: Mapping[str, Reading]
    taints: Sequence[Reading]


def declare_start(entity: UserData, text: str, start: NodeStart, source: Source, find: Find) -> StartedNodes:
    """Declare the fields of user data that was read from `text`."""
    name = start.cluster_name
    if isinstance(name, str) and is_filled_in_later(name):
        name = FILLED_IN
    services = start.service_cidr
    labels, taints = _labels(start, find), _taints(start, source, find)
    entity.declare(
        text=Reading(text_of(text), source),
        format=Reading(start.format, find(text.lstrip().partition("\n")[0]) if start.format else source),
        bootstrapper=Reading(start.bootstrapper, _bootstrapper_place(start, source, find)),
        cluster_name=Reading(name, find(name) if isinstance(name, str) and name else source),
        cluster_fields=Reading(tuple(start.cluster_fields), source),
        service_cidr=Reading(
            FILLED_IN if services and is_filled_in_later(services) else services, find(services) if services else source
        ),
        labels=_mapping(labels, start.open_labels, source),
        taints=_sequence(taints, start.open_taints, source),
        max_pods=Reading(start.max_pods, _found(find, "max-pods", "maxPods")),
        kubelet_flags=_texts(start.kubelet_flags, start.open_flags, source, find),
        script_arguments=_texts(start.script_arguments, None, source, find),
    )
    return StartedNodes(entity, start, labels, taints)


def _bootstrapper_place(start: NodeStart, source: Source, find: Find) -> Source:
    marker = _MARKERS.get(start.bootstrapper) if isinstance(start.bootstrapper, str) else None
    return find(marker) if marker is not None else source


def _labels(start: NodeStart, find: Find) -> dict[str, Reading]:
    return {
        key: Reading(value, _found(find, f"{key}={value}", f"{key}=", f'"{key}"', key))
        for key, value in start.labels.items()
    }


def _taints(start: NodeStart, source: Source, find: Find) -> list[Reading]:
    return [
        Reading(taint, _found(find, f"{taint.key}={taint.value}:{taint.effect}", f"{taint.key}=", taint.key))
        if isinstance(taint, Taint)
        else Reading(taint, source)
        for taint in start.taints
    ]


def _mapping(items: dict[str, Reading], is_open: Unknown | None, source: Source) -> Reading:
    if is_open is None and not any(isinstance(item.value, Unknown) for item in items.values()):
        parts: dict[Step, Reading] = {key: item for key, item in items.items()}  # noqa: C416 - widens the key
        return Reading({key: item.value for key, item in items.items()}, source, parts)
    return Reading(PartialMapping(items, (is_open, source) if is_open is not None else None), source)


def _sequence(items: list[Reading], is_open: Unknown | None, source: Source) -> Reading:
    if is_open is None and not any(isinstance(item.value, Unknown) for item in items):
        return Reading(tuple(item.value for item in items), source, dict(enumerate(items)))
    return Reading(PartialSequence(items, (is_open, source) if is_open is not None else None), source)


def _texts(texts: Mapping[str, str], is_open: Unknown | None, source: Source, find: Find) -> Reading:
    items = {name: Reading(_text(value), _found(find, f"-{name}")) for name, value in texts.items()}
    return _mapping(items, is_open, source)


def _text(text: str) -> object:
    return FILLED_IN if is_filled_in_later(text) else text


def _found(find: Find, *candidates: str) -> Source:
    place = find(candidates[0])
    for candidate in candidates[1:]:
        if place.find is not None:
            break
        place = find(candidate)
    return place

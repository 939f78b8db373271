"""User data as an entity of the model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

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
    source: Source
    """Where further labels and taints would stand."""


def declare_start(
    entity: UserData, text: str, start: NodeStart, source: Source, find: Find, as_written: NodeStart
) -> StartedNodes:
    """Declare the fields of user data that was read from `text`.

    `as_written` is the same without what defaults of parameters fill in: what both say owes nothing to a default.
    """
    name = start.cluster_name
    if isinstance(name, str) and is_filled_in_later(name):
        name = FILLED_IN
    services = start.service_cidr
    labels = _labels(start, source, find, as_written)
    taints = _taints(start, source, find, as_written)
    is_literal = start.labels.keys() == as_written.labels.keys() and start.taints == as_written.taints
    is_literal = is_literal and as_written.open_labels is None and as_written.open_taints is None
    givings = replace(source, by_default=None) if is_literal else source
    entity.declare(
        text=Reading(text_of(text), source),
        format=Reading(start.format, find(text.lstrip().partition("\n")[0]) if start.format else source),
        bootstrapper=Reading(start.bootstrapper, _bootstrapper_place(start, source, find)),
        cluster_name=Reading(name, find(name) if isinstance(name, str) and name else source),
        cluster_fields=Reading(tuple(start.cluster_fields), source),
        service_cidr=Reading(
            FILLED_IN if services and is_filled_in_later(services) else services, find(services) if services else source
        ),
        labels=_mapping(labels, start.open_labels, givings),
        taints=_sequence(taints, start.open_taints, givings),
        max_pods=Reading(start.max_pods, _found(find, "max-pods", "maxPods")),
        kubelet_flags=_texts(start.kubelet_flags, start.open_flags, source, find),
        script_arguments=_texts(start.script_arguments, None, source, find),
    )
    return StartedNodes(entity, start, labels, taints, givings)


def _bootstrapper_place(start: NodeStart, source: Source, find: Find) -> Source:
    marker = _MARKERS.get(start.bootstrapper) if isinstance(start.bootstrapper, str) else None
    return find(marker) if marker is not None else source


def _labels(start: NodeStart, source: Source, find: Find, as_written: NodeStart) -> dict[str, Reading]:
    labels = {}
    for key, value in start.labels.items():
        place = _found(find, f"{key}={value}", f"{key}=", f'"{key}"', key)
        is_literal = as_written.labels.get(key) == value
        labels[key] = Reading(value, place if is_literal else _by_default(place, source))
    return labels


def _taints(start: NodeStart, source: Source, find: Find, as_written: NodeStart) -> list[Reading]:
    taints = []
    for taint in start.taints:
        place = source
        if isinstance(taint, Taint):
            place = _found(find, f"{taint.key}={taint.value}:{taint.effect}", f"{taint.key}=", taint.key)
        taints.append(Reading(taint, place if taint in as_written.taints else _by_default(place, source)))
    return taints


def _by_default(place: Source, source: Source) -> Source:
    """The place of a piece that the default of a parameter had a part in, as far as one has in the whole."""
    return place if place.by_default is not None else replace(place, by_default=source.by_default)


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

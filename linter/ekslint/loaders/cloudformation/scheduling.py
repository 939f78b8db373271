"""The labels and taints of nodes: those of the group, those of its user data, and those that come by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ekslint.facts.node_labels import LabelOrigin, PoolKind, Presence, labels_of
from ekslint.loaders.cloudformation.fields import listed, mapping_of, name, sequence_of, text
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.values import Listed, combined, mapped, otherwise
from ekslint.loaders.user_data.entity import StartedNodes
from ekslint.model.pool import Taint
from ekslint.model.reading import Reading, Source, Unknown

_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "PREFER_NO_SCHEDULE": "PreferNoSchedule", "NO_EXECUTE": "NoExecute"}


def labels(
    declared: Reading,
    user_data: Reading,
    kind: PoolKind,
    automatic: Mapping[LabelOrigin, Reading],
    source: Source,
) -> Reading:
    """All labels with known keys. `user_data` is `StartedNodes`, absent (no labels from there), or unknown."""

    def build(readings: Sequence[Reading]) -> Reading:
        given, started = readings
        items: dict[str, Reading] = {}
        is_open = next((each.value for each in readings if isinstance(each.value, Unknown)), None)
        if isinstance(started.value, StartedNodes):
            items.update(started.value.labels)
            is_open = is_open or started.value.start.open_labels
        if isinstance(given.value, Entries):
            items.update({key: name(member(given, key)) for key in given.value})
            is_open = is_open or given.value.open
        items.update(_automatic(kind, automatic, source))
        place = given.source if given.value is not None or started.value is None else _place_of(started)
        return mapping_of(items, place, is_open)

    return combined([declared, user_data], build, source)


def label_keys(declared: Reading) -> Reading:
    """The keys of a group's own labels, each where it is written: a value may stand among the parameters."""

    def of_entries(leaf: Reading) -> Reading:
        if not isinstance(leaf.value, Entries):
            return Reading(Unknown("it is not a mapping"), leaf.source)
        keys = [Reading(key, replace(leaf.source.child(key), key=True)) for key in leaf.value]
        return sequence_of(keys, leaf.source, leaf.value.open)

    return otherwise(mapped(declared, of_entries), lambda: Reading((), declared.source))


def _automatic(kind: PoolKind, known: Mapping[LabelOrigin, Reading], source: Source) -> dict[str, Reading]:
    items: dict[str, Reading] = {}
    for label in labels_of(kind):
        if label.presence is not Presence.ALWAYS:
            continue
        if label.origin is LabelOrigin.FIXED and len(label.values) == 1:
            items[label.key] = Reading(next(iter(label.values)), source)
        elif label.origin in known:
            items[label.key] = known[label.origin]
    return items


def taints(declared: Reading, user_data: Reading, source: Source) -> Reading:
    """The taints of a group and of its user data."""

    def build(readings: Sequence[Reading]) -> Reading:
        given, started = readings
        is_open = next((each.value for each in readings if isinstance(each.value, Unknown)), None)
        items: list[Reading] = []
        if isinstance(given.value, Listed):
            items += (mapped(item, _taint) for item in given.value.items)
            is_open = is_open or given.value.open
        if isinstance(started.value, StartedNodes):
            items += started.value.taints
            is_open = is_open or started.value.start.open_taints
        place = given.source if given.value is not None or started.value is None else _place_of(started)
        return sequence_of(items, place, is_open)

    return combined([listed(declared), user_data], build, source)


def _place_of(started: Reading) -> Source:
    return started.value.source if isinstance(started.value, StartedNodes) else started.source


def max_pods(user_data: Reading) -> Reading:
    """The most pods of a node, as far as user data says."""
    return mapped(user_data, lambda leaf: Reading(leaf.value.start.max_pods, leaf.value.entity.at("max_pods").source))


def _taint(leaf: Reading) -> Reading:
    """A taint of the EKS API, as Kubernetes spells it; an effect that the API does not know stays as it is."""
    if not isinstance(leaf.value, Entries):
        return Reading(Unknown("it is no taint"), leaf.source)
    parts = [otherwise(text(member(leaf, key)), lambda: Reading("", leaf.source)) for key in ("Key", "Value", "Effect")]

    def build(readings: Sequence[Reading]) -> Reading:
        unknown = next((each for each in readings if isinstance(each.value, Unknown)), None)
        if unknown is not None:
            return unknown
        key, value, effect = (each.value for each in readings)
        taint = Taint(key, value, _EFFECTS.get(effect, effect))
        return Reading(taint, leaf.source, dict(zip(("key", "value", "effect"), readings, strict=True)))

    return combined(parts, build, leaf.source)

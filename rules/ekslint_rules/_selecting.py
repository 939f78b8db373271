"""What a label selector was probably meant to select."""

from collections.abc import Sequence
from typing import NamedTuple

from ekslint import LabelSelector, Place, Workload, nearest


class MissedLabel(NamedTuple):
    """A label of a selector that no pod has."""

    place: Place
    meant: str | None
    """A key or value that pods do have, and that is spelled alike."""


def missed_label(selector: LabelSelector, workloads: Sequence[Workload]) -> MissedLabel | None:
    """The first label of a selector that no pod of the workloads has; None if some pod has each of them."""
    labels = selector.match_labels
    pods = [workload.pod.labels for workload in workloads if not workload.pod.unknown("labels")]
    for key in labels:
        values = [pod[key] for pod in pods if key in pod]
        if labels[key] not in values:
            place = selector.at(key) if selector.is_plain else selector.at("matchLabels", key)
            if values:
                return MissedLabel(place, nearest(labels[key], values))
            return MissedLabel(place, nearest(key, {each for pod in pods for each in pod}))
    return None

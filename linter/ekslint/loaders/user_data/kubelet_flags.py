"""The kubelet's flags that decide what a node is to the scheduler (kubernetes.io, reference of the kubelet)."""

from collections.abc import Sequence

from ekslint.loaders.user_data.start import FILLED_IN, NodeStart, is_filled_in_later
from ekslint.model.pool import Taint
from ekslint.model.reading import Unknown


def add_flags(start: NodeStart, words: Sequence[str]) -> None:
    """Take up a command line of the kubelet, word by word."""
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if not word.startswith("-"):
            if is_filled_in_later(word):
                start.add_open_flags(FILLED_IN)
            continue
        name, separator, value = word.lstrip("-").partition("=")
        if not separator and position < len(words) and not words[position].startswith("--"):
            value = words[position]
            position += 1
        if is_filled_in_later(name):
            start.add_open_flags(FILLED_IN)
            continue
        start.kubelet_flags[name] = value
        if name == "node-labels":
            add_labels(start, value)
        elif name == "register-with-taints":
            add_taints(start, value)
        elif name == "max-pods":
            start.max_pods = number(value)


def add_labels(start: NodeStart, text: str) -> None:
    """Take up `key=value,key=value`."""
    for item in filter(None, (item.strip() for item in text.split(","))):
        key, separator, value = item.partition("=")
        if is_filled_in_later(key):
            start.open_labels = start.open_labels or FILLED_IN
        elif separator and is_filled_in_later(value):
            start.labels[key] = FILLED_IN
        elif separator:
            start.labels[key] = value


def add_taints(start: NodeStart, text: str) -> None:
    """Take up `key=value:Effect,key:Effect`."""
    for item in filter(None, (item.strip() for item in text.split(","))):
        if is_filled_in_later(item):
            start.taints.append(FILLED_IN)
            # A variable alone may be no taint, or several.
            if ":" not in item:
                start.open_taints = start.open_taints or FILLED_IN
            continue
        assignment, _, effect = item.rpartition(":")
        key, _, value = assignment.partition("=")
        if key:
            start.taints.append(Taint(key, value, effect))


def number(text: object) -> int | Unknown:
    """A whole number of a flag or a setting, or why there is none."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    digits = str(text)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else FILLED_IN

"""The labels and taints that files declare for nodes, each where it is written, whatever the dialect.

Every one is told once: those of user data by the user data, those of an eksctl file by the file as it was written, and
those that nodes get by themselves by nobody. What a template fills in is left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ekslint import EksctlNodeGroup, KarpenterPool, NodeGroup, Place, Taint, UserData, enumerate_known

Declaring = EksctlNodeGroup | NodeGroup | KarpenterPool | UserData
"""What declares labels and taints of nodes."""

_MAXIMUM_ITEMS = 1_000
"""No honest list of taints is longer; aliases can make any."""


class DeclaredLabel(NamedTuple):
    """A label with a known key."""

    key: str
    value: str | None
    """None where it is unknown."""
    place: Place
    """Of the key."""
    value_place: Place


class DeclaredTaint(NamedTuple):
    """A taint that is known whole."""

    taint: Taint
    place: Place
    key: Place
    value: Place
    effect: Place
    text: str | None = None
    """How it was written, where that is one text."""


def is_managed(subject: Declaring) -> bool:
    """Whether labels and taints go through the EKS API."""
    if isinstance(subject, EksctlNodeGroup):
        return subject.is_managed
    return isinstance(subject, NodeGroup) and subject.kind == "managed"


def declared_labels(subject: Declaring) -> Iterator[DeclaredLabel]:
    """The labels that are written for the nodes of `subject`."""
    if isinstance(subject, NodeGroup):
        yield from _group_labels(subject)
        return
    labels = subject.strings("labels") if isinstance(subject, EksctlNodeGroup) else subject.labels
    for key in labels:
        value_place = subject.at("labels", key)
        if isinstance(subject, UserData):
            place = value_place  # a piece of text: there is no key to point to
        elif _is_own(value_place, key):
            place = subject.at("labels", key, key=True)
        else:
            continue
        is_known = not subject.unknown("labels", key)
        yield DeclaredLabel(key, labels[key] if is_known else None, place, value_place)


def _group_labels(group: NodeGroup) -> Iterator[DeclaredLabel]:
    for index, key in enumerate(group.label_keys_as_written):
        is_known = not group.unknown("labels", key)
        value = group.labels[key] if is_known else None
        yield DeclaredLabel(key, value, group.at("label_keys_as_written", index), group.at("labels", key))


def _is_own(place: Place, key: str) -> bool:
    """Whether a label is written on the pool, and is none that its nodes get by themselves."""
    return place.source.path[-1:] == (key,)


def declared_taints(subject: Declaring) -> Iterator[DeclaredTaint]:
    """The taints that are written for the nodes of `subject`, with the effects as they were written."""
    if isinstance(subject, EksctlNodeGroup):
        yield from _eksctl_taints(subject)
    elif isinstance(subject, NodeGroup):
        effects = subject.taint_effects_as_written if subject.dialect != "eksctl" else ()
        for index, effect in enumerate_known(effects):
            if not subject.unknown("taints", index):
                taint = subject.taints[index]._replace(effect=effect or "")
                yield _placed(subject, taint, "taints", index)
    else:
        yield from (_placed(subject, taint, "taints", index) for index, taint in enumerate_known(subject.taints))
        if isinstance(subject, KarpenterPool):
            for index, taint in enumerate_known(subject.startup_taints):
                yield _placed(subject, taint, "startup_taints", index)


def _placed(subject: Declaring, taint: Taint, *path: str | int) -> DeclaredTaint:
    whole = subject.at(*path)
    if isinstance(subject, UserData):
        return DeclaredTaint(taint, whole, whole, whole, whole)
    key, value, effect = (subject.at(*path, part) for part in Taint._fields)
    return DeclaredTaint(taint, whole, key, value, effect)


def _eksctl_taints(group: EksctlNodeGroup) -> Iterator[DeclaredTaint]:
    written = group.node.get("taints")
    if isinstance(written, dict) and not group.is_managed:
        for key, text in written.items():
            if isinstance(text, str) and not group.unknown("taints", key):
                place = group.at("taints", key)
                yield DeclaredTaint(_split(key, text), place, group.at("taints", key, key=True), place, place, text)
    yield from _listed(group, written, ("taints",))
    configuration = group.node.get("kubeletExtraConfig")
    if isinstance(configuration, dict) and not group.is_managed:
        yield from _listed(group, configuration.get("registerWithTaints"), ("kubeletExtraConfig", "registerWithTaints"))


def _listed(group: EksctlNodeGroup, written: object, path: tuple[str, ...]) -> Iterator[DeclaredTaint]:
    """The taints of a list; a managed group has no other form, and that the type is wrong is said elsewhere."""
    for index, item in enumerate(written[:_MAXIMUM_ITEMS] if isinstance(written, list) else ()):
        if not isinstance(item, dict) or any(group.unknown(*path, index, part) for part in Taint._fields):
            continue
        taint = Taint(*(_text(group, item.get(part), *path, index, part) for part in Taint._fields))
        yield _placed(group, taint, *path, index)


def _text(group: EksctlNodeGroup, value: object, *path: str | int) -> str:
    """A scalar as it was written: what is no string is refused for that, elsewhere."""
    if isinstance(value, bool | int | float):
        return group.sheet.document.raw((*group.path, *path)) or ""
    return value if isinstance(value, str) else ""


def _split(key: str, text: str) -> Taint:
    """`value:Effect`, `:Effect` or the effect alone; with a second colon eksctl reads neither."""
    match text.split(":"):
        case [effect]:
            return Taint(key, "", effect)
        case [value, effect]:
            return Taint(key, value, effect)
    return Taint(key, "", "")

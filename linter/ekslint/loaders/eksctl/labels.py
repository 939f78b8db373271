"""The labels and taints of a node group: those that the file gives, and those that come by themselves.

Labels whose value differs from node to node (instance ID, launch template, image) are no fixed labels; the table of
`facts.node_labels` has their keys. Source for what eksctl adds: eksctl 0.231 `pkg/apis/eksctl.io/v1alpha5/defaults.go`
(setDefaultNodeLabels), `pkg/nodebootstrap` and `pkg/utils/taints`.
"""

from collections.abc import Mapping

from ekslint.facts.ami_families import AmiFamily
from ekslint.facts.node_labels import LabelOrigin, PoolKind, Presence, label_of, labels_of
from ekslint.loaders.eksctl.decoding import TEMPLATED_KEYS, mapping, parts_of, sequence
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.model.kubernetes.sheet import is_template
from ekslint.model.pool import Taint
from ekslint.model.reading import PartialMapping, Reading, Source

_LIFECYCLE_LABEL = "node-lifecycle"
_LIFECYCLES = {"ON_DEMAND": "on-demand", "SPOT": "spot"}


def labels_with(
    declared: Reading, kind: PoolKind, automatic: Mapping[LabelOrigin, Reading], opening: Reading | None = None
) -> Reading:
    """The declared labels, and the fixed ones that nodes of the kind get; `opening` is why there may be more.

    What eksctl and EKS set wins over what the user wrote.
    """
    if not is_known(declared):
        return declared
    items: dict[str, Reading] = {str(key): reading for key, reading in (declared.parts or {}).items()}
    for label in labels_of(kind):
        if label.presence is not Presence.ALWAYS:
            continue
        reading = automatic.get(label.origin)
        if label.origin is LabelOrigin.FIXED and len(label.values) == 1:
            reading = Reading(next(iter(label.values)), declared.source)
        if reading is not None and reading.value is not None:
            items[label.key] = reading
    if opening is None and any(map(is_template, items)):
        opening = Reading(TEMPLATED_KEYS, declared.source)
    if opening is not None:
        return Reading(PartialMapping(items, (opening.value, opening.source)), declared.source, parts_of(items))
    return mapping(items, declared.source)


def lifecycle_label(kind: PoolKind, capacity_type: Reading, family: AmiFamily | None) -> dict[str, Reading]:
    """The label by which eksctl's own bootstrap script tells Spot nodes; none where that script does not run."""
    runs_script = family is not None and family.bootstrap == "bootstrap.sh"
    value = _LIFECYCLES.get(str(capacity_type.value))
    if not runs_script or value is None or label_of(kind, _LIFECYCLE_LABEL) is None:
        return {}
    return {_LIFECYCLE_LABEL: Reading(value, capacity_type.source)}


def taints(fields: Fields, opening: Reading | None, *, managed: bool) -> Reading:
    """The taints of a node group; `opening` is why there may be more."""
    readings, hole, source = _declared_taints(fields, managed=managed)
    kubelet = fields.section("kubeletExtraConfig")
    if not readings and hole is None and kubelet.hole is None and kubelet.has("registerWithTaints"):
        # The kubelet's configuration counts where eksctl passes no taints of its own.
        listed = kubelet.sections("registerWithTaints")
        readings, hole, source = [_taint(item) for item in listed], listed.hole, listed.source
    return sequence(readings, source, hole or opening)


def _declared_taints(fields: Fields, *, managed: bool) -> tuple[list[Reading], Reading | None, Source]:
    written = fields.node.get("taints")
    source = fields.source("taints")
    if fields.hole is None and isinstance(written, dict):
        if managed:
            fields.decoder.mismatch("a list of taints, as in every managed node group", written, source.path)
        items = fields.text_map("taints")
        has_open_keys = any(map(is_template, written))
        readings = [_mapped_taint(str(key), reading) for key, reading in (items.parts or {}).items()]
        return readings, Reading(TEMPLATED_KEYS, source) if has_open_keys else None, source
    listed = fields.sections("taints")
    return [_taint(item) for item in listed], listed.hole, source


def _taint(item: Fields) -> Reading:
    parts = {key: item.text(key, default="") for key in ("key", "value", "effect")}
    unknown = next((part for part in parts.values() if not is_known(part)), None)
    if unknown is not None:
        return unknown
    return Reading(Taint(*(str(part.value) for part in parts.values())), item.source(), parts_of(parts))


def _mapped_taint(key: str, reading: Reading) -> Reading:
    """`value:Effect`, `:Effect`, or the effect alone; with a second colon eksctl reads neither."""
    if not is_known(reading):
        return reading
    match str(reading.value).split(":"):
        case [effect]:
            taint = Taint(key, "", effect)
        case [value, effect]:
            taint = Taint(key, value, effect)
        case _:
            taint = Taint(key, "", "")
    return Reading(taint, reading.source)

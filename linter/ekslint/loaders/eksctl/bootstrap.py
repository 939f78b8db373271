"""How the nodes of a group start: scripts, kubelet configuration, and what these may hide.

Source: eksctl 0.231 `pkg/nodebootstrap`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ekslint.facts.ami_families import AmiFamily
from ekslint.loaders.eksctl.decoding import mapping, sequence
from ekslint.loaders.eksctl.fields import Fields, is_known
from ekslint.loaders.user_data.entity import declare_start
from ekslint.loaders.user_data.reading import is_node_config, read_user_data
from ekslint.model.launch import UserData
from ekslint.model.pool import NodeGroup
from ekslint.model.reading import Reading, Unknown

_KUBELET_SETTINGS = {
    "eviction-hard": "evictionHard",
    "kube-reserved": "kubeReserved",
    "max-pods": "maxPods",
    "system-reserved": "systemReserved",
}
"""Bottlerocket's names for what the kubelet calls otherwise, as far as they bear on what fits on a node."""


class Openings(NamedTuple):
    """Why a group may have labels, or taints, that its fields do not show; None where it cannot."""

    labels: Reading | None
    taints: Reading | None


def openings(fields: Fields, family: AmiFamily | None, external: Reading | None) -> Openings:
    """Look for what may set labels and taints past eksctl: a launch template, scripts, Bottlerocket's settings."""
    everything = external or fields.unknown()
    if everything is not None:
        return Openings(everything, everything)
    return Openings(
        _opening(fields, family, "labels", ("label",)),
        _opening(fields, family, "taints", ("taint",)),
    )


def _opening(fields: Fields, family: AmiFamily | None, what: str, words: tuple[str, ...]) -> Reading | None:
    # "$KUBELET_EXTRA_ARGS" carries flags of any sort into the kubelet.
    def mentions(text: object, also: tuple[str, ...] = ("kubelet_extra_args", "kubelet-extra-args")) -> bool:
        return any(word in str(text).lower() for word in (*words, *also))

    override = _script(fields, "overrideBootstrapCommand")
    if override.value is not None:
        # A NodeConfig says what it says; a script does whatever it likes, on images that start by nodeadm too.
        is_document = is_known(override) and family is not None and family.bootstrap == "nodeadm"
        if not is_document or not is_node_config(str(override.value)) or mentions(override.value, ()):
            return Reading(Unknown(f"overrideBootstrapCommand may set further {what}"), override.source)
    settings = fields.section("bottlerocket", "settings", "kubernetes")
    if settings.has(f"node-{what}"):
        return Reading(Unknown(f"bottlerocket.settings may set further {what}"), settings.source(f"node-{what}"))
    return _first_mention(fields, what, mentions)


def _first_mention(fields: Fields, what: str, mentions: Callable[[object], bool]) -> Reading | None:
    commands = fields.texts("preBootstrapCommands", verbatim=True)
    for command in (commands.parts or {}).values() if is_known(commands) else (commands,):
        if not is_known(command) or mentions(command.value):
            return Reading(Unknown(f"preBootstrapCommands may set further {what}"), command.source)
    return None


def _script(fields: Fields, key: str) -> Reading:
    # `${NODE_LABELS}` is the shell's own in here.
    return fields.text(key, verbatim=True)


def startup_scripts(fields: Fields) -> Reading:
    """What runs before the kubelet does, and in place of eksctl's own script."""
    before = fields.texts("preBootstrapCommands", verbatim=True)
    if not is_known(before):
        return before
    override = _script(fields, "overrideBootstrapCommand")
    scripts = list((before.parts or {}).values())
    if override.value is not None:
        scripts.append(override)
    return sequence(scripts, before.source if before.value else override.source)


def user_data(fields: Fields, owner: NodeGroup) -> Reading:
    """What `overrideBootstrapCommand`, which takes the place of eksctl's own script, says of how nodes start."""
    script = _script(fields, "overrideBootstrapCommand")
    if not isinstance(script.value, str):
        return script
    source = script.source
    entity = UserData(f"overrideBootstrapCommand of {owner}", source, dialect=owner.dialect, resource=owner.resource)
    start = read_user_data(script.value)
    declare_start(entity, script.value, start, source, lambda piece: replace(source, find=piece), start)
    return Reading(entity, source)


def kubelet_configuration(fields: Fields) -> Reading:
    """`kubeletExtraConfig`, or what Bottlerocket's settings say of the same things."""
    written = fields.inline("kubeletExtraConfig")
    kubernetes = fields.section("bottlerocket", "settings", "kubernetes")
    if written.value is not None or not kubernetes.has_any(*_KUBELET_SETTINGS):
        return written
    if kubernetes.hole is not None:
        return Reading(kubernetes.hole, kubernetes.source())
    found = {
        name: fields.decoder.anything(kubernetes.node[setting], kubernetes.source(setting).path)
        for setting, name in _KUBELET_SETTINGS.items()
        if kubernetes.has(setting)
    }
    return mapping(found, kubernetes.source())


def max_pods(fields: Fields) -> Reading:
    """`maxPodsPerNode` (0 is unset), else what the kubelet's own configuration says."""
    written = fields.integer("maxPodsPerNode")
    if written.value:
        return written
    for section, key in (
        (fields.section("kubeletExtraConfig"), "maxPods"),
        (fields.section("bottlerocket", "settings", "kubernetes"), "max-pods"),
    ):
        if section.hole is None and section.has(key):
            return section.integer(key)
    return Reading(None, written.source)

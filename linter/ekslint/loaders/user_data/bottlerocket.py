"""Bottlerocket's settings (bottlerocket.dev, settings reference, `settings.kubernetes`)."""

import re
from collections.abc import Mapping

from ekslint.loaders.user_data.kubelet_flags import number
from ekslint.loaders.user_data.start import FILLED_IN, NOT_FOLLOWED, NodeStart, is_filled_in_later
from ekslint.model.pool import Taint

_SETTINGS = re.compile(r"^[ \t]*\[+[ \t]*\"?settings\b|^[ \t]*settings\.", re.MULTILINE)
_KUBERNETES = re.compile(r"settings\.\"?kubernetes\b")
_BARE_GAP = re.compile(r"(=[ \t]*)(\$\{[^}\n]*\})[ \t]*$", re.MULTILINE)
_CLUSTER_FIELDS = {
    "cluster-name": "name",
    "api-server": "apiServerEndpoint",
    "cluster-certificate": "certificateAuthority",
}


def is_settings(text: str) -> bool:
    """Whether a text looks like Bottlerocket's settings."""
    return _SETTINGS.search(text) is not None


def read_settings(start: NodeStart, text: str) -> None:
    """Take up the settings."""
    import tomllib

    start.format = "toml"
    try:
        # A gap without quotes stands for a number or a truth value; as a text it can at least be read over.
        settings = tomllib.loads(_BARE_GAP.sub(r'\1"\2"', text)).get("settings")
    except (ValueError, RecursionError):
        if _KUBERNETES.search(text):
            start.bootstrapper = "bottlerocket"
            start.cluster_name = NOT_FOLLOWED
            start.add_open_flags(NOT_FOLLOWED)
        return
    kubernetes = settings.get("kubernetes") if isinstance(settings, dict) else None
    if not isinstance(kubernetes, dict):
        return
    start.bootstrapper = "bottlerocket"
    start.cluster_fields.update({field: None for name, field in _CLUSTER_FIELDS.items() if kubernetes.get(name)})
    if isinstance(kubernetes.get("cluster-name"), str):
        start.cluster_name = kubernetes["cluster-name"]
    if "max-pods" in kubernetes:
        start.max_pods = number(kubernetes["max-pods"])
    labels, taints = kubernetes.get("node-labels"), kubernetes.get("node-taints")
    if isinstance(labels, dict):
        _labels(start, labels)
    if isinstance(taints, dict):
        _taints(start, taints)


def _labels(start: NodeStart, labels: Mapping[str, object]) -> None:
    for key, value in labels.items():
        if is_filled_in_later(key):
            start.open_labels = FILLED_IN
        elif isinstance(value, str):
            start.labels[key] = FILLED_IN if is_filled_in_later(value) else value


def _taints(start: NodeStart, taints: Mapping[str, object]) -> None:
    for key, written in taints.items():
        for text in written if isinstance(written, list) else [written]:
            if not isinstance(text, str) or is_filled_in_later(key + text):
                start.taints.append(FILLED_IN)
                continue
            value, _, effect = text.rpartition(":")
            start.taints.append(Taint(key, value, effect))

"""Patches that no kustomization in sight names."""

from ekslint.model.kubernetes.kinds import is_known_workload
from ekslint.source.tree import Document, Map, TooManyNodes, walk

_POD_CONTROLLERS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"})
_MOST_NODES = 5_000
"""Nodes of a manifest that are looked through for a `$patch`."""


def is_fragment(document: Document) -> bool:
    """Whether a manifest is only a part of one: with a `$patch`, or a controller that has neither selector nor image.

    Such a file makes sense as a patch alone, whether or not the kustomization that names it is in sight.
    """
    root = document.root
    if not isinstance(root, Map) or not isinstance(root.get("kind"), str):
        return False
    text = document.source.text
    if text.find("$patch", document.start, document.end) >= 0 and _has_directive(root):
        return True
    version, kind = root.get("apiVersion"), root["kind"]
    if not isinstance(version, str) or kind not in _POD_CONTROLLERS:
        return False
    if not is_known_workload(version.rpartition("/")[0], str(kind)):
        return False
    spec = root.get("spec")
    if not isinstance(spec, dict) or not spec or "selector" in spec:
        return False
    node: object = root
    for step in (
        ("spec", "jobTemplate", "spec", "template", "spec") if kind == "CronJob" else ("spec", "template", "spec")
    ):
        node = node.get(step) if isinstance(node, dict) else None
    containers = node.get("containers") if isinstance(node, dict) else None
    return not any(
        isinstance(each, dict) and "image" in each for each in (containers if isinstance(containers, list) else ())
    )


def _has_directive(root: Map) -> bool:
    try:
        return any(isinstance(node, dict) and "$patch" in node for _, node in walk(root, budget=_MOST_NODES))
    except TooManyNodes:
        return False

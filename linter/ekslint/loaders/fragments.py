"""Patches that no kustomization in sight names."""

import re
from collections.abc import Collection

from ekslint.model.kubernetes.kinds import is_known_workload
from ekslint.source.tree import Document, Map, TooManyNodes, walk

_POD_CONTROLLERS = frozenset({"CronJob", "DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"})
_MOST_NODES = 5_000
"""Nodes of a manifest that are looked through for a `$patch`."""
_PATCH_FILE = re.compile(r"(?:\A|[_.-])(?:json)?patch(?:es)?[_.-]", re.IGNORECASE)
_NAMED_A_PATCH = re.compile(r"(?:\A|[/_.-])(?:kustomiz\w*|overlays?|patch(?:es)?)(?=[/_.-])", re.IGNORECASE)


def is_fragment(document: Document, kustomized_folders: Collection[str]) -> bool:
    """Whether a manifest is only a part of one, to be merged into another.

    That is one with a `$patch`; one in a file that is called a patch, beside a kustomization that does not name it
    (whoever uses the overlay switches it on); or a controller without selector whose containers have no image, where
    kustomize is at work: by a kustomization in its folder or above, or by what the file or a folder is called. Anywhere
    else such a controller is a mistake, and rules should see it.
    """
    root = document.root
    if not isinstance(root, Map) or not isinstance(root.get("kind"), str):
        return False
    if document.source.text.find("$patch", document.start, document.end) >= 0 and _has_directive(root):
        return True
    folder, _, name = document.source.path.rpartition("/")
    if folder in kustomized_folders and _PATCH_FILE.search(name) is not None:
        return True
    return _is_partial(root) and _is_kustomized(document.source.path, kustomized_folders)


def _is_partial(root: Map) -> bool:
    version, kind, spec = root.get("apiVersion"), str(root["kind"]), root.get("spec")
    if not isinstance(version, str) or kind not in _POD_CONTROLLERS or not isinstance(spec, dict):
        return False
    if not is_known_workload(version.rpartition("/")[0], kind) or not spec or "selector" in spec:
        return False
    node: object = root
    for step in (
        ("spec", "jobTemplate", "spec", "template", "spec") if kind == "CronJob" else ("spec", "template", "spec")
    ):
        node = node.get(step) if isinstance(node, dict) else None
    containers = node.get("containers") if isinstance(node, dict) else None
    return not isinstance(containers, list) or not any(
        isinstance(each, dict) and "image" in each for each in containers
    )


def _is_kustomized(path: str, folders: Collection[str]) -> bool:
    if _NAMED_A_PATCH.search(path):
        return True
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in folders:
            return True
    return False


def _has_directive(root: Map) -> bool:
    try:
        return any(isinstance(node, dict) and "$patch" in node for _, node in walk(root, budget=_MOST_NODES))
    except TooManyNodes:
        return False

"""Who a finding is, across commits: never its line, its file or its words."""

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from ekslint.engine.diagnostic import Diagnostic
from ekslint.source.tree import Document, Path, Step, child_of

# What tells the items of a list apart: Kubernetes' merge keys, and what CloudFormation and IAM use.
_ITEM_NAMES = ("name", "Name", "key", "Key", "Sid", "id", "mountPath", "containerPort", "topologyKey")


def stable_path(document: Document, path: Path) -> list[str]:
    """A key path whose list items go by name, so that an item inserted above changes nothing."""
    steps: list[str] = []
    node = document.root
    for step in path:
        child = child_of(node, step)
        steps.append(_step_name(child, step))
        node = child
    return steps


def _step_name(item: object, step: Step) -> str:
    if isinstance(step, str):
        return step
    if isinstance(item, dict):
        for name in _ITEM_NAMES:
            if isinstance(item.get(name), str | int):
                return f"[{name}={item[name]}]"
        metadata = item.get("metadata")
        if isinstance(metadata, dict) and isinstance(metadata.get("name"), str):
            return f"[{item.get('kind')}/{metadata.get('namespace', '')}/{metadata['name']}]"
    elif isinstance(item, str):
        return f"[{item}]"
    return f"[{step}]"


def fingerprint(rule: str, cluster: str | None, resource: str, path: Iterable[str], discriminator: str) -> str:
    """The `ekslint/v1` fingerprint: 16 hexadecimal digits."""
    text = json.dumps([rule, cluster, resource, list(path), discriminator], ensure_ascii=True)
    return sha256(text.encode()).hexdigest()[:16]


def numbered(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same diagnostics, with equal fingerprints told apart by a number in the order given."""
    seen: dict[str, int] = {}
    result: list[Diagnostic] = []
    for diagnostic in diagnostics:
        count = seen[diagnostic.fingerprint] = seen.get(diagnostic.fingerprint, 0) + 1
        result.append(
            diagnostic if count == 1 else replace(diagnostic, fingerprint=f"{diagnostic.fingerprint}-{count}")
        )
    return result

"""What a kustomize patch changes in an object: the fields that rules must not take for the last word.

Only the places of changes matter here, never their outcome: whoever applies the base may apply it with the patch or
without. Semantics: strategic merge patches as in `k8s.io/apimachinery/pkg/util/strategicpatch`, JSON patches (RFC
6902), kustomize's replacements.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ekslint.loaders.kubernetes import Manifest
from ekslint.model.kubernetes.kinds import is_known_workload
from ekslint.source.tree import Path, Seq, Step, child_of

_MERGE_KEYS: Mapping[str, tuple[str, ...]] = {
    "containers": ("name",),
    "env": ("name",),
    "ephemeralContainers": ("name",),
    "hostAliases": ("ip",),
    "imagePullSecrets": ("name",),
    "initContainers": ("name",),
    "ports": ("containerPort", "port"),
    "secrets": ("name",),
    "topologySpreadConstraints": ("topologyKey",),
    "volumeDevices": ("devicePath",),
    "volumeMounts": ("mountPath",),
    "volumes": ("name",),
}
"""Lists whose items strategic merge matches by key, in the kinds that Kubernetes itself defines."""

_MOST_COMPARISONS = 20_000

_NAMES = re.compile(r"[A-Za-z0-9._-]*\Z")
_EQUALITY = re.compile(r"\s*([A-Za-z0-9._/-]+)\s*==?\s*([A-Za-z0-9._-]*)\s*\Z")
_DOT = re.compile(r"(?<!\\)\.")


@dataclass(frozen=True, slots=True)
class Target:
    """The objects that a patch is for; None for any. Names that are patterns may mean any name."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None
    labels: str | None = None

    @property
    def key(self) -> tuple[str, str] | None:
        """Kind and name where both are plain words, which is nearly always."""
        if self.kind is None or self.name is None or self.labels is not None:
            return None
        return (self.kind, self.name) if _NAMES.match(self.kind) and _NAMES.match(self.name) else None

    def may_mean(self, manifest: Manifest) -> bool:
        """Whether it may mean an object. Patterns are not tried out: they could take for ever, and too many is safe."""
        for wanted, actual in ((self.group, manifest.group), (self.kind, manifest.kind), (self.name, manifest.name)):
            if wanted is not None and _NAMES.match(wanted) and "." not in wanted and wanted != actual:
                return False
        return self.labels is None or _may_match(self.labels, manifest)


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch, whatever its style."""

    target: Target
    why: str
    body: Mapping[str, Any] | None = None
    """A strategic merge patch."""
    operations: Sequence[Any] = ()
    """A JSON patch."""
    paths: Sequence[Path] = ()
    """Fields that are set, for everything else."""

    def changes(self, manifest: Manifest) -> Iterator[Path]:
        """The fields that it changes in an object, from the object's own root; missing ones by the first that is."""
        # What a patch deletes is not there any more; as long as it is, it is as it was written.
        if self.body is not None and self.body.get("$patch") != "delete":
            merge = _Merge(is_known_workload(manifest.group, manifest.kind))
            yield from merge.mappings(self.body, manifest.node, ())
        for path in chain(_operated(self.operations, manifest.node), self.paths):
            yield _existing(path, manifest.node)


def patch_of(content: object, target: Target | None, why: str) -> Iterator[Patch]:
    """The patches that a document or an inline text holds; its own metadata is the target where none is given."""
    if isinstance(content, list):
        if target is not None:
            yield Patch(target, why, operations=content)
        return
    if not isinstance(content, dict):
        return
    if target is None:
        metadata = content.get("metadata")
        version, kind = content.get("apiVersion"), content.get("kind")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        target = Target(
            version.rpartition("/")[0] if isinstance(version, str) else None,
            kind if isinstance(kind, str) else None,
            name if isinstance(name, str) else None,
        )
    yield Patch(target, why, body=content)


def target_of(selector: object) -> Target | None:
    """The target that a kustomization spells out; None where it does not."""
    if not isinstance(selector, dict):
        return None

    def word(field: str) -> str | None:
        value = selector.get(field)
        return value if isinstance(value, str) and value else None

    # The name may be a pattern that is anchored anyway.
    name = word("name")
    return Target(
        word("group"), word("kind"), name.removeprefix("^").removesuffix("$") if name else None, word("labelSelector")
    )


def field_path(text: str) -> Path:
    """A replacement's field path, as far as it names fields: what follows a `[name=…]` or `*` may be anything."""
    steps: list[Step] = []
    for step in _DOT.split(text):
        if step.startswith("[") or step in {"*", "-"}:
            break
        steps.append(int(step) if step.isdecimal() and len(step) < 6 else step.replace("\\.", "."))
    return tuple(steps)


def _may_match(selector: str, manifest: Manifest) -> bool:
    metadata = manifest.node.get("metadata")
    found = metadata.get("labels") if isinstance(metadata, dict) else None
    labels: Mapping[str, Any] = found if isinstance(found, dict) else {}
    for part in selector.split(","):
        equality = _EQUALITY.match(part)
        if equality is not None and equality[1] in labels and labels[equality[1]] != equality[2]:
            return False
    return True


class _Merge:
    """A strategic merge of one patch. Aliases can make a small patch endless: past a budget all is changed."""

    def __init__(self, merges_lists: bool) -> None:
        self._merges_lists = merges_lists
        self._budget = _MOST_COMPARISONS

    def mappings(self, patch: Mapping[str, Any], base: Mapping[str, Any], path: Path) -> Iterator[Path]:
        """The paths that change where `patch` is merged into `base`."""
        if "$patch" in patch:
            yield path
            return
        for key, value in patch.items():
            self._budget -= 1
            if self._budget < 0 or key.startswith("$"):
                yield path
                return
            if (not path and key in {"apiVersion", "kind"}) or (path == ("metadata",) and key in {"name", "namespace"}):
                continue
            at = (*path, key)
            current = base.get(key)
            if isinstance(value, dict) and isinstance(current, dict):
                yield from self.mappings(value, current, at)
            elif isinstance(value, list) and isinstance(current, list):
                merge_keys = _MERGE_KEYS.get(key) if self._merges_lists else None
                if merge_keys is not None:
                    yield from self._items(value, current, at, merge_keys)
                elif not self._same(value, current):
                    yield at
            elif value is None or isinstance(value, dict | list) or value != current:
                yield at

    def _items(self, patch: list[Any], base: list[Any], path: Path, merge_keys: tuple[str, ...]) -> Iterator[Path]:
        positions: dict[object, int] = {}
        for index, item in enumerate(base):
            positions.setdefault(_merge_value(item, merge_keys), index)
        for item in patch:
            name = _merge_value(item, merge_keys)
            if name is None:
                yield path
            elif name in positions:
                at = positions[name]
                yield from self.mappings(item, base[at], (*path, at))
            else:
                yield (*path, len(base))

    def _same(self, one: object, other: object) -> bool:
        self._budget -= 1
        if self._budget < 0:
            return False
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(self._same(one[key], other[key]) for key in one)
        if isinstance(one, list) and isinstance(other, list):
            return len(one) == len(other) and all(map(self._same, one, other))
        return not isinstance(one, dict | list) and not isinstance(other, dict | list) and one == other


def _merge_value(item: object, merge_keys: tuple[str, ...]) -> object:
    if not isinstance(item, dict):
        return None
    return next((item[key] for key in merge_keys if isinstance(item.get(key), str | int)), None)


def _operated(operations: Iterable[Any], base: Any) -> Iterator[Path]:
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") == "test":
            continue
        for field in ("path", "from"):
            pointer = operation.get(field)
            if isinstance(pointer, str) and (field == "path" or operation.get("op") == "move"):
                yield _pointed(pointer, base, operation.get("op") == "replace")


def _pointed(pointer: str, base: Any, replaces: bool) -> Path:
    path: list[Step] = []
    node: Any = base
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, Seq):
            path.append(step)
            node = child_of(node, step)
        elif step == "-":
            path.append(len(node))
            break
        elif step.isdecimal() and len(step) < 6:
            path.append(int(step))
            node = child_of(node, int(step))
        else:
            break
    # An item that goes in or out moves those after it.
    if path and isinstance(path[-1], int) and not replaces and not pointer.endswith("/-"):
        path.pop()
    return tuple(path)


def _existing(path: Path, node: Any) -> Path:
    """A path up to the first step that is missing: setting what is below means setting that."""
    for depth, step in enumerate(path):
        if child_of(node, step) is None:
            return path[: depth + 1]
        node = child_of(node, step)
    return path

"""Kubernetes manifests → objects, and pools where an object is one."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ekslint.facts.node_taints import is_transient_taint
from ekslint.loaders.karpenter import load_node_pool
from ekslint.loaders.loaded import ClusterReference, Loaded, LoadProblem
from ekslint.loaders.view_readings import read, read_taints
from ekslint.model.kubernetes.kinds import class_of
from ekslint.model.kubernetes.nodepools import NodePoolObject
from ekslint.model.kubernetes.nodes import Node
from ekslint.model.kubernetes.sheet import Sheet, has_markers, is_template
from ekslint.model.pool import LiveNode
from ekslint.model.reading import Reading, Source
from ekslint.source.tree import Document, Map, Path, Step

_MOST_OBJECTS = 50_000
"""Objects of one document: lists of lists behind aliases can stand for any number of them."""


class Manifest(NamedTuple):
    """One object of a document, before anything is made of it."""

    path: Path
    node: Map
    api_version: str
    kind: str

    @property
    def group(self) -> str:
        """The API group, "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def name(self) -> str | None:
        """`metadata.name`, if it is a string."""
        metadata = self.node.get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        return name if isinstance(name, str) else None


def is_list(node: Map) -> bool:
    """Whether an object is a list of objects: `kind: List`, or a `PodList` as the API prints it."""
    kind = node.get("kind")
    return isinstance(kind, str) and kind.endswith("List") and isinstance(node.get("items"), list)


def manifests_in(document: Document) -> Iterator[Manifest]:
    """Every object of a document, lists resolved, in order; TooManyObjects past any sensible number.

    An object is what has an `apiVersion` and a `kind`; the items of typed lists may leave them out.
    """
    budget = _MOST_OBJECTS
    seen: set[int] = set()
    stack: list[tuple[Path, Any, str | None, str | None]] = [((), document.root, None, None)]
    while stack:
        path, node, api_version, kind = stack.pop()
        budget -= 1
        if budget < 0:
            raise TooManyObjects
        if not isinstance(node, Map) or id(node) in seen:
            continue  # what an alias repeats is the same object
        seen.add(id(node))
        own_version, own_kind = node.get("apiVersion"), node.get("kind")
        api_version = own_version if isinstance(own_version, str) else api_version
        kind = own_kind if isinstance(own_kind, str) else kind
        if api_version is None or kind is None or is_template(api_version) or is_template(kind):
            continue
        if is_list(node):
            items = node["items"]
            assert isinstance(items, list)
            of = (api_version, kind.removesuffix("List")) if kind != "List" else (None, None)
            stack += [((*path, "items", index), items[index], *of) for index in range(len(items) - 1, -1, -1)]
        else:
            yield Manifest(path, node, api_version, kind)


class TooManyObjects(Exception):
    """A document stands for more objects than anybody wrote."""


def load_manifest(document: Document, loaded: Loaded, sheet: Sheet | None = None) -> None:
    """Append the objects of a document to `loaded.objects`, and its node pools and nodes to `loaded.pools`.

    `sheet` says what kustomizations do to them, see `Kustomizations.sheet`.
    """
    if sheet is None:
        sheet = Sheet(document, has_markers=has_markers(document))
    try:
        for manifest in manifests_in(document):
            path, node, api_version, kind = manifest
            found = class_of(manifest.group, kind, node)(sheet, path, node, api_version, kind)
            loaded.objects.append(found)
            if isinstance(found, NodePoolObject):
                load_node_pool(found, loaded)
            elif isinstance(found, Node):
                _load_node(found, loaded)
    except TooManyObjects:
        message = f"the lists of this document stand for more than {_MOST_OBJECTS} objects; the rest is not read"
        loaded.problems.append(LoadProblem("too-deep", Source(document, ()), message))


def _load_node(node: Node, loaded: Loaded) -> None:
    pool = LiveNode(str(node), node.origin, dialect=node.dialect, resource=node.resource)
    taints = read_taints(node, ("spec", "taints"))
    if isinstance(taints.value, list):
        # What a node carries while it starts or is unwell says nothing about where pods can run.
        lasting = [(index, taint) for index, taint in enumerate(taints.value) if not is_transient_taint(taint.key)]
        parts: dict[Step, Reading] = {
            position: Reading(taint, taints.source.child(index)) for position, (index, taint) in enumerate(lasting)
        }
        taints = Reading([taint for _, taint in lasting], taints.source, parts)
    pool.declare(
        kind=Reading("live", node.origin),
        name=read(node, ("metadata", "name"), lambda: node.text("metadata", "name")),
        labels=read(node, ("metadata", "labels"), lambda: node.labels),
        taints=taints,
        allocatable=read(node, ("status", "allocatable"), lambda: node.allocatable),
        unschedulable=read(node, ("spec", "unschedulable"), lambda: node.is_unschedulable),
    )
    loaded.pools.append((pool, ClusterReference()))

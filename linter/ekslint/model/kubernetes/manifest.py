"""Kubernetes objects, whatever their kind."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ekslint.model.entity import Entity, Place
from ekslint.model.kubernetes.naming import CLUSTER_SCOPED_KINDS, kind_words, resource_name
from ekslint.model.kubernetes.sheet import Hole as Hole
from ekslint.model.kubernetes.sheet import Sheet as Sheet
from ekslint.model.kubernetes.sheet import is_template as is_template
from ekslint.model.kubernetes.view import Part as Part
from ekslint.model.kubernetes.view import View as View
from ekslint.model.reading import Reading, Source, Undecided, Unknown
from ekslint.source.tree import Map, Path, Step

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.estate import Estate

T_Object = TypeVar("T_Object", bound="KubernetesObject")

_METADATA = frozenset({"annotations", "labels", "name", "namespace"})


class KubernetesObject(View):
    """One Kubernetes object of a file, whatever its kind."""

    __slots__ = ("api_version", "estate", "kind", "name")
    defaults: ClassVar[Mapping[str, Any]] = {"name": None}
    estate: "Estate"
    api_version: str
    kind: str
    name: str | None
    """`metadata.name`; None where it is generated."""

    def __init__(self, sheet: Sheet, path: Path, node: Map, api_version: str, kind: str) -> None:
        found = node.get("metadata")
        metadata: Mapping[str, Any] = found if isinstance(found, dict) else {}
        name, namespace = metadata.get("name"), metadata.get("namespace")
        group = api_version.rpartition("/")[0]
        shown = name if isinstance(name, str) else ""
        super().__init__(
            f"{kind_words(kind)} {shown}" if shown else _nameless(kind, metadata),
            sheet,
            path,
            node,
            resource=resource_name(kind, group, namespace if isinstance(namespace, str) else None, shown),
            dialect=self.dialect_of(group),
        )
        self.api_version = api_version
        self.kind = kind
        if name is None:
            self.name = None
        elif isinstance(name, str) and not (sheet.has_markers and is_template(name)):
            self.name = name
        else:
            why = "a template fills it in" if is_template(name) else "it is not a string"
            self.declare(name=Reading(Unknown(why), Source(sheet.document, (*path, "metadata", "name"))))
        if sheet.holes and (hole := sheet.hole_at((*path, "metadata", "name"))) is not None:
            self.declare(name=Reading(Unknown(hole.why), Source(sheet.document, (*path, "metadata", "name"))))

    @property
    def known_name(self) -> str | None:
        """The name where it is known, else None: for looking around, without ever being Undecided."""
        try:
            return self.name
        except Undecided:
            return None

    @staticmethod
    def dialect_of(group: str) -> str:
        """The dialect of objects of an API group."""
        return "karpenter" if group in {"karpenter.sh", "karpenter.k8s.aws", "eks.amazonaws.com"} else "kubernetes"

    @property
    def group(self) -> str:
        """The API group, "" for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def version(self) -> str:
        """The version of the API: `v1`, `v1beta1`."""
        return self.api_version.rpartition("/")[2]

    @property
    def is_namespaced(self) -> bool:
        """Whether it stands in a namespace, as far as that is known of its kind."""
        return self.kind not in CLUSTER_SCOPED_KINDS

    @property
    def namespace(self) -> str:
        """The namespace, `default` where none is given; Undecided where kustomizations disagree about it."""
        options = {name or "default" for name in self.namespace_options}
        if len(options) > 1:
            raise Undecided("several kustomizations put it into different namespaces", self._source(("namespace",)))
        return options.pop()

    def stands_in(self, namespace: str) -> bool:
        """Whether it stands in a namespace; Undecided where only some kustomizations put it there."""
        return namespace in {name or "default" for name in self.namespace_options} and self.namespace == namespace

    def shares_namespace(self, other: "KubernetesObject") -> bool:
        """Whether two objects stand in one namespace.

        Undecided where kustomizations disagree, and where of two neighbours only one names a namespace: whoever
        applies the other may choose any. Far from each other the one that names none stands in `default`.
        """
        rendering = self.sheet.rendering
        if rendering is not None and rendering is other.sheet.rendering:
            if rendering.namespaces and None not in {reading.value for reading in rendering.namespaces}:
                return True
            if self.text("metadata", "namespace") == other.text("metadata", "namespace"):
                return True
        mine, theirs = self.namespace_options, other.namespace_options
        if (mine == theirs and len(mine) == 1) or mine | theirs == {None, "default"}:
            return True
        if not mine & theirs and (None not in mine | theirs or not _are_neighbours(self, other)):
            return False
        raise Undecided("nothing tells the namespace", self._source(("metadata", "namespace")))

    @property
    def namespace_options(self) -> frozenset[str | None]:
        """The namespaces that it may end up in; None for the one that whoever applies it chooses."""
        written = self.text("metadata", "namespace") or None
        rendering = self.sheet.rendering
        if rendering is None or not rendering.namespaces or not self.is_namespaced:
            return frozenset({written})
        options = {reading.known() for reading in rendering.namespaces}
        return frozenset(written if option is None else option for option in options)

    @property
    def labels(self) -> Mapping[str, str]:
        """`metadata.labels`, with those that kustomizations add."""
        rendering = self.sheet.rendering
        return self.strings("metadata", "labels", added=rendering.labels if rendering is not None else None)

    @property
    def annotations(self) -> Mapping[str, str]:
        """`metadata.annotations`."""
        return self.strings("metadata", "annotations")

    @property
    def is_owned(self) -> bool:
        """Whether a controller made it, as in what `kubectl get -o yaml` prints."""
        return bool(self.sequence("metadata", "ownerReferences"))

    @property
    def is_renamed(self) -> bool:
        """Whether a kustomization gives it a prefix or a suffix, so that `name` is not its name in the cluster."""
        return self.sheet.rendering is not None and self.sheet.rendering.is_renamed

    @property
    def clusters(self) -> "Sequence[Cluster]":
        """Every cluster that the object may go to; empty where no cluster is known."""
        return self.estate.scope.candidates(self.sheet.document.source.path)

    @property
    def cluster(self) -> "Cluster | None":
        """The cluster that the object goes to.

        With several candidates the engine runs the rule for every one, and keeps what holds for all.
        """
        return self.estate.scope.cluster_of(self.sheet.document.source.path)

    @property
    def tolerance(self) -> int:
        """Steps by which findings of availability and cost count less: 1 if it may go to a cluster outside production.

        Unlike `cluster.tolerance` it costs no run for each of the clusters.
        """
        return self.estate.scope.tolerance(self.sheet.document.source.path)

    def beside(self, kind: type[T_Object]) -> Iterator[T_Object]:
        """The objects of a kind that go to the same cluster, or may."""
        return self.estate.beside(self, kind)

    @property
    def parts(self) -> Iterable[Entity]:
        """The parts of it that rules can visit by themselves, in order; those that are unknown are left out."""
        return ()

    def at(self, *path: Step, key: bool = False) -> Place:
        """See `View.at`. `name`, `namespace`, `labels` and `annotations` are found in the metadata."""
        if path and path[0] in _METADATA and path[0] not in self.node:
            place = View.at(self, "metadata", *path, key=key)
            elsewhere = self._rendered(path)
            return place if elsewhere is None else Place(self, path, elsewhere)
        return View.at(self, *path, key=key)

    def unknown(self, *path: Step) -> bool:
        """See `View.unknown`; what `at` finds in the metadata is a field of the object."""
        if path and path[0] in _METADATA and path[0] not in self.node:
            return Entity.unknown(self, *path)
        return View.unknown(self, *path)

    def _rendered(self, path: Sequence[Step]) -> Source | None:
        rendering = self.sheet.rendering
        if rendering is None:
            return None
        if path == ("namespace",) and self.is_namespaced and len(rendering.namespaces) == 1:
            reading = rendering.namespaces[0]
            return reading.source if reading.value is not None else None
        if len(path) == 2 and path[0] == "labels" and path[1] in rendering.labels:
            return rendering.labels[str(path[1])].source
        return None


def _are_neighbours(one: KubernetesObject, other: KubernetesObject) -> bool:
    """Whether their files are likely to be applied together: one folder, or one below the other's."""
    mine, theirs = (each.sheet.document.source.path.rpartition("/")[0] for each in (one, other))
    if mine == theirs:
        return True
    return bool(mine and theirs) and (mine.startswith(f"{theirs}/") or theirs.startswith(f"{mine}/"))


def _nameless(kind: str, metadata: Mapping[str, Any]) -> str:
    prefix = metadata.get("generateName")
    return f"{kind_words(kind)} {prefix}*" if isinstance(prefix, str) else f"unnamed {kind_words(kind)}"

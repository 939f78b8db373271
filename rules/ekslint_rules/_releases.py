"""Helm charts as GitOps tools install them: a HelmRelease of Flux, an Application of Argo CD.

Sources: the APIs of Flux (HelmRelease, OCIRepository) and of Argo CD (Application).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ekslint import Cluster, KubernetesObject, Place, embedded

_THIS_CLUSTER = ("https://kubernetes.default.svc", "in-cluster")
"""Where Argo CD runs itself, as server and as name."""
_FURTHER_VALUES = ("valueFiles", "fileParameters")

Path = tuple[str | int, ...]


class Release(NamedTuple):
    """A chart, as one object installs it."""

    owner: KubernetesObject
    version: str | None
    """The chart's version as written, a range maybe; None where any will do."""
    version_place: Place
    values: tuple[Mapping[str, Any], ...]
    """What is set, as far as it stands in the object: later ones win."""
    values_path: Path
    """Where in the object they stand, or could."""
    has_further_values: bool
    """Whether values come from elsewhere too."""

    def setting(self, *names: str) -> Any:
        """A value of the chart by its path; None where it is not set."""
        found = None
        for values in self.values:
            value: Any = values
            for name in names:
                value = value.get(name) if isinstance(value, Mapping) else None
            found = value if value is not None else found
        return found

    def place(self, *names: str) -> Place:
        """Where a value of the chart stands, or could."""
        beside: Path = (*self.values_path[:-1], "parameters")
        for index, parameter in enumerate(self.owner.sequence(*beside)):
            if isinstance(parameter, Mapping) and parameter.get("name") == ".".join(names):
                return self.owner.at(*beside, index, "value")
        return self.owner.at(*self.values_path, *names)


def releases(object_: KubernetesObject, chart: str) -> Iterator[Release]:
    """The installations of a chart by an object, none if it installs something else, or to another cluster.

    Charts of one's own that wrap it are left out: nobody knows here what they make of their values.
    """
    if object_.kind == "HelmRelease" and object_.group == "helm.toolkit.fluxcd.io":
        if not object_.has("spec", "kubeConfig"):
            yield from _of_flux(object_, chart)
    elif object_.kind == "Application" and object_.group == "argoproj.io" and _stays_here(object_):
        several = object_.sequence("spec", "sources")
        paths: list[Path] = [("spec", "sources", index) for index in range(len(several))] or [("spec", "source")]
        for path in paths:
            if object_.text(*path, "chart") == chart:
                yield _of_argo(object_, path)


def _of_flux(object_: KubernetesObject, chart: str) -> Iterator[Release]:
    template: Path = ("spec", "chart", "spec")
    if object_.text(*template, "chart") == chart:
        version, place = object_.scalar(*template, "version"), object_.at(*template, "version")
    else:
        repository = _repository(object_, chart)
        if repository is None:
            return
        version, place = repository.scalar("spec", "ref", "tag"), repository.at("spec", "ref", "tag")
    yield Release(
        object_,
        None if version is None else str(version),
        place,
        (object_.mapping("spec", "values"),),
        ("spec", "values"),
        bool(object_.sequence("spec", "valuesFrom")),
    )


def _repository(release: KubernetesObject, chart: str) -> KubernetesObject | None:
    """The OCIRepository that a release takes the chart from."""
    if release.text("spec", "chartRef", "kind") != "OCIRepository":
        return None
    name = release.text("spec", "chartRef", "name")
    for other in release.beside(KubernetesObject):
        if other.kind == "OCIRepository" and other.known_name == name:
            url = other.text("spec", "url") or ""
            return other if url.endswith(f"/{chart}") else None
    return None


def _of_argo(application: KubernetesObject, path: Path) -> Release:
    helm: Path = (*path, "helm")
    version = application.scalar(*path, "targetRevision")
    values: list[Mapping[str, Any]] = []
    is_whole = not any(application.sequence(*helm, field) for field in _FURTHER_VALUES)
    text = application.text(*helm, "values")
    if text:
        read = embedded(text, application.at(*helm, "values").source)
        if isinstance(read.root, Mapping) and not read.document.problems:
            values.append(read.root)
        else:
            is_whole = False
    values.append(application.mapping(*helm, "valuesObject"))
    values += [
        _nested(parameter["name"], parameter.get("value"))
        for parameter in application.sequence(*helm, "parameters")
        if isinstance(parameter, Mapping) and isinstance(parameter.get("name"), str)
    ]
    return Release(
        application,
        None if version is None else str(version),
        application.at(*path, "targetRevision"),
        tuple(values),
        (*helm, "values" if text else "valuesObject"),
        not is_whole,
    )


def _nested(name: str, value: Any) -> Mapping[str, Any]:
    """`settings.interruptionQueue` as the values that Helm makes of it."""
    found = value
    for step in reversed(name.split(".")):
        found = {step: found}
    return found if isinstance(found, Mapping) else {}


def _stays_here(application: KubernetesObject) -> bool:
    """Whether an application is for the cluster that Argo CD runs on, or for one that goes by the name of its own."""
    server = application.text("spec", "destination", "server")
    name = application.text("spec", "destination", "name")
    if name is None:
        return server in {None, *_THIS_CLUSTER}
    return name in _THIS_CLUSTER or any(_is_called(cluster, name) for cluster in application.clusters)


def _is_called(cluster: Cluster, name: str) -> bool:
    return not cluster.unknown("name") and cluster.name == name

"""Helm charts among the files: their templates and values are no manifests."""

from collections.abc import Iterable

from ekslint.loaders.loaded import Loaded
from ekslint.loaders.recognise import Dialect, Recognition, is_values_file
from ekslint.model.kubernetes.packaging import HelmChart
from ekslint.model.reading import Reading, Source
from ekslint.source.tree import Document, Map, Step

_CHART_FILES = frozenset({"Chart.yaml", "Chart.yml"})


class HelmCharts:
    """The charts in a set of files, known by their `Chart.yaml`."""

    def __init__(self, paths: Iterable[str]) -> None:
        """`paths` are relative to the root, with `/`."""
        self._folders = frozenset(
            folder for folder, _, name in (path.rpartition("/") for path in paths) if name in _CHART_FILES
        )

    def recognise(self, path: str) -> Recognition | None:
        """What a file is as a part of a chart; None where it is none. CRDs in `crds/` are ordinary manifests.

        To be asked before parsing: templates are hardly ever YAML.
        """
        steps = path.split("/")
        for depth in range(len(steps) - 1, -1, -1):
            if "/".join(steps[:depth]) not in self._folders:
                continue
            inside = steps[depth:]
            if inside[0] == "templates":
                return Recognition(
                    Dialect.TEMPLATE, "a template of a Helm chart: rendered manifests can be linted, this cannot"
                )
            if len(inside) == 1 and inside[0].startswith("values"):
                return Recognition(Dialect.HELM_VALUES, "Helm values: what the chart makes of them is not known here")
            return None
        return None

    def is_for_charts_of_others(self, path: str) -> bool:
        """Whether a file holds values for a chart that is not among the files."""
        return is_values_file(path) and self.recognise(path) is None


def load_chart(document: Document, loaded: Loaded) -> None:
    """Append what a `Chart.yaml` declares to `loaded.entities`: which charts it brings along."""
    root = document.root
    if not isinstance(root, Map):
        return
    name, dependencies = root.get("name"), root.get("dependencies")
    chart = HelmChart(f"Helm chart {name}", Source(document, ()), dialect="kubernetes", resource=f"HelmChart/{name}")
    names = [
        dependency["name"]
        for dependency in (dependencies if isinstance(dependencies, list) else ())
        if isinstance(dependency, dict) and isinstance(dependency.get("name"), str)
    ]
    chart.declare(
        name=Reading(name if isinstance(name, str) else None, Source(document, ("name",))),
        dependencies=Reading(tuple(names), Source(document, ("dependencies",))),
        chart_versions=chart_versions(document, "dependencies"),
    )
    loaded.entities.append(chart)


def load_helmfile(document: Document, loaded: Loaded) -> None:
    """Append what a helmfile declares to `loaded.entities`: which charts it installs, as a chart that brings them."""
    root = document.root
    releases = root.get("releases") if isinstance(root, Map) else None
    charts: dict[Step, Reading] = {}
    versions: dict[Step, Reading] = {}
    for index, release in enumerate(releases if isinstance(releases, list) else ()):
        if not isinstance(release, dict) or release.get("installed") is False:
            continue
        if isinstance(chart := release.get("chart"), str):
            name = chart.rstrip("/").rpartition("/")[2]
            charts[len(charts)] = Reading(name, Source(document, ("releases", index, "chart")))
            if release.get("version") is not None:
                path = ("releases", index, "version")
                versions[name] = Reading(document.raw(path) or "", Source(document, path))
    whole = Source(document, ("releases",))
    file = HelmChart("the helmfile", Source(document, ()), dialect="kubernetes", resource="Helmfile")
    file.declare(
        name=Reading(None, whole),
        dependencies=Reading(tuple(each.value for each in charts.values()), whole, charts),
        chart_versions=Reading({name: each.value for name, each in versions.items()}, whole, versions),
    )
    loaded.entities.append(file)


def chart_versions(document: Document, field: str) -> Reading:
    """Name → version of the charts in a list of a document (`dependencies` of a chart, `helmCharts` of kustomize)."""
    root = document.root
    listed = root.get(field) if isinstance(root, Map) else None
    versions: dict[Step, Reading] = {}
    for index, chart in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(chart, dict) and isinstance(name := chart.get("name"), str) and chart.get("version") is not None:
            path = (field, index, "version")
            versions[name] = Reading(document.raw(path) or "", Source(document, path))
    values = {name: reading.value for name, reading in versions.items()}
    return Reading(values, Source(document, (field,)), versions)

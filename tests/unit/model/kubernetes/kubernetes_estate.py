"""Manifests in a test → estate, through the loaders as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from textwrap import dedent
from typing import Any, TypeVar

import pytest

from ekslint.loaders.assembly import assemble
from ekslint.loaders.helm import HelmCharts, load_chart, load_helmfile
from ekslint.loaders.karpenter import join_node_classes
from ekslint.loaders.kubernetes import load_manifest
from ekslint.loaders.kustomize import Kustomizations
from ekslint.loaders.loaded import Loaded
from ekslint.loaders.recognise import Dialect, recognise
from ekslint.model.entity import Entity, Place
from ekslint.model.estate import Estate
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.reading import Undecided
from ekslint.model.world import World
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText

T = TypeVar("T", bound=Entity)


@dataclass
class Read:
    """What became of some files."""

    estate: Estate
    loaded: Loaded
    kustomizations: Kustomizations
    taken_for: dict[str, list[Dialect]]
    texts: dict[str, str]

    def one(self, kind: type[T], name: str | None = None) -> T:
        """The only entity of a kind (and name)."""
        found = [
            each
            for each in self.estate.of(kind)
            if name is None or (each.known_name if isinstance(each, KubernetesObject) else each.name) == name
        ]
        assert len(found) == 1, found
        return found[0]

    def pool(self, name: str | None = None) -> Any:
        """The only pool (of a name)."""
        found = [pool for pool, _ in self.loaded.pools if name is None or pool.name == name]
        assert len(found) == 1, found
        return found[0]

    def line(self, place: Place) -> str:
        """What stands at a place, after its line number: `7 api`."""
        where = place.location
        line = self.texts[where.path].splitlines()[where.line - 1]
        return f"{where.line} {line[where.column - 1 : where.end_column - 1]}"


def read(files: Mapping[str, str] | str) -> Read:
    """The estate of some files, or of one that is called `manifest.yaml`."""
    texts = {"manifest.yaml": files} if isinstance(files, str) else dict(files)
    texts = {path: dedent(text).lstrip("\n") for path, text in texts.items()}
    loaded = Loaded(World())
    charts = HelmCharts(texts)
    taken_for: dict[str, list[Dialect]] = {}
    documents = []
    for path in sorted(texts):
        part = charts.recognise(path)
        if part is not None:
            taken_for[path] = [part.dialect]
        else:
            documents += parse(SourceText(path, texts[path]))
    kustomizations = Kustomizations(documents)
    for document in documents:
        dialect = (kustomizations.recognise(document) or recognise(document)).dialect
        taken_for.setdefault(document.source.path, []).append(dialect)
        if dialect.has_objects:
            load_manifest(document, loaded, kustomizations.sheet(document))
        elif dialect is Dialect.HELM_CHART:
            load_chart(document, loaded)
        elif dialect is Dialect.HELMFILE:
            load_helmfile(document, loaded)
    kustomizations.load(loaded)
    join_node_classes(loaded)
    return Read(assemble(loaded, date(2026, 11, 21)), loaded, kustomizations, taken_for, texts)


def why(get: Any) -> str:
    """Why a read is undecided; fails if it is not."""
    with pytest.raises(Undecided) as caught:
        get()
    return caught.value.why

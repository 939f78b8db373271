"""Kustomizations and Helm charts, as far as they tell what gets installed."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ekslint.model.entity import Entity


class Kustomization(Entity):
    """A kustomization file."""

    __slots__ = ("chart_versions", "helm_charts", "remote_resources")
    defaults: ClassVar[Mapping[str, Any]] = {"chart_versions": {}, "helm_charts": (), "remote_resources": ()}
    helm_charts: Sequence[str]
    """Names of the charts that it inflates."""
    chart_versions: Mapping[str, str]
    """Their versions as written, by name; those that name none are left out."""
    remote_resources: Sequence[str]
    """Addresses outside of the files."""


class HelmChart(Entity):
    """A Helm chart of one's own."""

    __slots__ = ("chart_versions", "dependencies", "name")
    defaults: ClassVar[Mapping[str, Any]] = {"chart_versions": {}, "dependencies": (), "name": None}
    name: str | None
    dependencies: Sequence[str]
    """Names of the charts that it brings along."""
    chart_versions: Mapping[str, str]
    """Their versions or ranges as written, by name."""

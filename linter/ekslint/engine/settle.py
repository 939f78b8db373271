"""From findings to diagnostics: severities, suppressions, identity, order. Everything after this is printing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ekslint.engine.diagnostic import Diagnostic, RelatedLocation
from ekslint.engine.finding import Finding
from ekslint.engine.identity import fingerprint, numbered, stable_path
from ekslint.engine.run import Found
from ekslint.engine.severity import Severity
from ekslint.model.entity import Entity
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.reading import Undecided
from ekslint.model.world import Forked
from ekslint.source.location import Location
from ekslint.source.tree import Document, Path

Covers = Callable[[str, Location, Document, Path], bool]
"""Whether a suppression covers a rule's finding at a place."""

MAXIMUM_RELATED = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration and the command line say about findings."""

    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Rule name → severity in place of the rule's own."""
    is_ignored_in: Callable[[str, str], bool] = lambda rule, path: False
    """Whether a rule is switched off for a file (per-file-ignores)."""
    covers: Covers = lambda rule, location, document, path: False


@dataclass(slots=True)
class Settled:
    """Sorted diagnostics, and how many were ignored."""

    diagnostics: list[Diagnostic]
    ignored: int


def settle(found: Iterable[Found], extra: Iterable[Diagnostic], settings: Settings) -> Settled:
    """Make diagnostics of what the rules said, and put `extra`, the engine's own, among them in order."""
    diagnostics: dict[object, Diagnostic] = {}
    ignored = 0
    for each in found:
        place = each.finding.place
        location = place.location
        source = place.source
        if settings.is_ignored_in(each.rule.name, location.path) or settings.covers(
            each.rule.name, location, source.document, source.path
        ):
            ignored += 1
        else:
            diagnostic = _diagnostic(each, location, settings)
            diagnostics.setdefault((diagnostic.rule, location, diagnostic.message), diagnostic)
    return Settled(numbered(sorted([*diagnostics.values(), *extra], key=order)), ignored)


def order(diagnostic: Diagnostic) -> tuple[object, ...]:
    """The order of all reports: by place, then by rule."""
    location = diagnostic.location
    return (location.path, location.line, location.column, diagnostic.rule, diagnostic.message)


def _diagnostic(found: Found, location: Location, settings: Settings) -> Diagnostic:
    finding, rule = found.finding, found.rule
    place = finding.place
    cluster = None if found.is_for_every_cluster else _cluster_name(place.entity)
    related = _related(finding)
    message = finding.message
    configured = settings.severities.get(rule.name)
    severity = finding.counts_as(rule.severity) if configured is None else finding.settled(configured)
    parameter = finding.default_parameter
    if parameter is not None:
        message = f"{message} (by the default of parameter {parameter})"
    path = stable_path(place.source.document, place.source.path)
    return Diagnostic(
        rule=rule.name,
        category=rule.category,
        severity=severity,
        message=message,
        location=location,
        resource=place.entity.resource,
        cluster=cluster,
        fingerprint=fingerprint(rule.name, cluster, place.entity.resource, path, finding.discriminator),
        label=finding.label,
        help=finding.help,
        notes=tuple(finding.notes),
        related=related,
    )


def _related(finding: Finding) -> tuple[RelatedLocation, ...]:
    seen: dict[RelatedLocation, None] = {}
    for place, label in finding.related:
        seen.setdefault(RelatedLocation(place.location, label))
    return tuple(seen)[:MAXIMUM_RELATED]


def _cluster_name(entity: Entity) -> str | None:
    if isinstance(entity, KubernetesObject):
        clusters = entity.clusters
        return _name(clusters[0]) if len(clusters) == 1 else None
    owner = getattr(entity, "owner", None)
    if isinstance(owner, Entity):
        return _cluster_name(owner)
    try:
        cluster = getattr(entity, "cluster", None)
    except (Forked, Undecided):
        return None
    return _name(cluster if isinstance(cluster, Entity) else entity)


def _name(entity: Entity) -> str | None:
    from ekslint.model.cluster import Cluster

    if isinstance(entity, Cluster) and not entity.unknown("name"):
        return entity.name
    return None

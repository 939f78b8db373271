"""What a run hands to the reports: findings with everything decided, and the run around them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ekslint.engine.severity import Severity
from ekslint.source.location import Location


@dataclass(frozen=True, slots=True)
class RelatedLocation:
    """Another end of a finding: the pool that does not match, the role without the policy."""

    location: Location
    label: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One settled finding: severity, place and identity are final."""

    rule: str
    category: str
    severity: Severity
    message: str
    """One line of text, a full sentence without a closing period; may contain anything a user typed: escape it."""
    location: Location
    resource: str
    """The dialect's own kind and name, as `ManagedNodeGroup/general` or `Deployment.apps/shop/api`; "" for a file."""
    cluster: str | None
    fingerprint: str
    label: str | None = None
    """A few words for the caret line of the full report."""
    help: str | None = None
    notes: tuple[str, ...] = ()
    related: tuple[RelatedLocation, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """What the reports and `ekslint explain` know of a rule: its metadata and its docstring."""

    name: str
    category: str
    severity: Severity
    summary: str
    """The first line of the docstring, with its closing period."""
    documentation: str
    """The whole docstring as Markdown, dedented; sections are `## Why is this bad?` and the like."""
    since: str
    tags: tuple[str, ...] = ()
    preview: bool = False
    dialects: tuple[str, ...] = ()
    options: Mapping[str, object] | None = None
    """Option name → default value."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of one run."""

    files: int
    """Files that were linted."""
    errors: int
    warnings: int
    infos: int
    undecided: int
    """Distinct unknown places that silenced a rule."""
    seconds: float
    skipped: int = 0
    """Files that were looked at and are not EKS configuration."""
    ignored: int = 0
    """Findings that a suppression covers."""
    hidden: int = 0
    """Findings below --min-severity."""
    worst: Severity | None = None
    """The highest severity of all findings, shown or not."""
    clusters: tuple[str, ...] = ()
    """`name version`, in order of name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: sorted diagnostics, the rules that were enabled, the counts, and access to the text of the files."""

    diagnostics: tuple[Diagnostic, ...]
    describe_rules: Callable[[], Iterable[RuleDescription]]
    """All rules that were enabled. Describing them imports them all, also those that had nothing to visit."""
    summary: Summary
    text_of: Callable[[str], str | None]
    """The text of a file by its path as in Location; None where it cannot be had."""
    undecided: tuple[RelatedLocation, ...] = ()
    """The unknown places behind `summary.undecided`, with what is unknown there."""

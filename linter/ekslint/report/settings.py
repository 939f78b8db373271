"""What the command line decides about a report, whatever its format."""

from dataclasses import dataclass
from pathlib import Path

from ekslint.engine.severity import Severity


@dataclass(frozen=True, slots=True)
class ReportSettings:
    """How to write a report. Nothing here is read from the environment: the command line does that, once."""

    color: bool = False
    width: int | None = None
    """Cells of a line of the terminal; None where there is no terminal. Only quoted source and tables are cut to it."""
    unicode: bool = True
    """Whether the stream can take every character; otherwise the report is pure ASCII."""
    quiet: bool = False
    """Findings only: no summary, no hints."""
    github_actions: bool = False
    """Whether a GitHub Actions runner reads the output, and would obey commands in it."""
    stop_token: str | None = None
    """The secret that ends `::stop-commands::`; drawn at random if None."""
    step_summary: Path | None = None
    """The file that GitHub shows as the summary of a step; the `github` format appends its table there."""
    minimum_severity: Severity = Severity.WARNING
    """The threshold behind `Summary.hidden`, to say what was hidden."""
    show_undecided: bool = False
    """Whether to list the values that are known only at deploy time."""
    show_documentation_links: bool = True
    """Whether to say where the documentation of a rule is."""
    documentation_url: str | None = None
    """The address of a rule's page with `{rule}` in it; None while there is no such site."""
    homepage: str | None = None
    """The address of the project; None while it has none."""

"""`ekslint explain`: a rule's own documentation, on a screen."""

from collections.abc import Mapping
from typing import TextIO

from ekslint.engine.diagnostic import RuleDescription
from ekslint.report.escaping import printable
from ekslint.report.settings import ReportSettings

_WIDEST = 100


def explain(description: RuleDescription, stream: TextIO, settings: ReportSettings) -> None:
    """Write what a rule means: laid out for a terminal with colours and Unicode, else as Markdown."""
    text = explanation(description, settings)
    if settings.color and settings.unicode:
        _write_laid_out(text, stream, settings)
    else:
        stream.write(text)


def explanation(description: RuleDescription, settings: ReportSettings) -> str:
    """The documentation of a rule as Markdown, ending in a line break."""
    separator = " · " if settings.unicode else ", "
    facts = [str(description.severity), description.category]
    if description.since:
        facts.append(f"since {description.since}")
    if description.preview:
        facts.append("preview")
    if description.dialects:
        facts.append(f"reads {', '.join(description.dialects)}")
    if description.tags:
        facts.append(f"tags {', '.join(description.tags)}")
    parts = [f"# {description.name}", separator.join(facts), description.documentation.strip() or description.summary]
    if description.options:
        parts.append(_options(description.name, description.options))
    if settings.documentation_url:
        parts.append(settings.documentation_url.replace("{rule}", description.name))
    lines = "\n\n".join(parts).expandtabs(4).splitlines()
    # A plugin's documentation is foreign text too, but its lines are meant.
    return "".join(f"{printable(line, settings.unicode)}\n" for line in lines)


def _options(rule: str, options: Mapping[str, object]) -> str:
    from ekslint.report.listing import option_value

    lines = [f"- `{name}` (default: `{option_value(value)}`)" for name, value in options.items()]
    return "\n".join([f"## Options of `{rule}`", *lines])


def _write_laid_out(text: str, stream: TextIO, settings: ReportSettings) -> None:
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = Console(
        file=stream,
        # All that rich would otherwise look up in the environment is decided by the caller.
        _environ={},
        force_terminal=True,
        force_jupyter=False,
        color_system="256",
        legacy_windows=False,
        width=min(settings.width or _WIDEST, _WIDEST),
        theme=Theme({"markdown.h2": "bold", "markdown.code": "cyan", "markdown.code_block": "cyan"}),
    )
    # Addresses are shown as text: a link could hide where it leads.
    console.print(Markdown(text, hyperlinks=False, code_theme="ansi_dark"))

"""The rules as SARIF describes them: what GitHub shows beside each alert.

Never anything of one run in here: GitHub keeps one description of a rule for all repositories and runs.
"""

import re
from typing import Any

from ekslint.engine.diagnostic import Diagnostic, RuleDescription
from ekslint.engine.severity import Severity
from ekslint.report.settings import ReportSettings

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

# GitHub's limits: "SARIF support for code scanning", "SARIF limits".
_MOST_CHARACTERS = 1024
_MOST_TAGS = 20
_MOST_IN_A_NAME = 255

_PROBLEM_SEVERITIES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
# A score from 0.1 to 10.0, as text; GitHub calls 7.0 to 8.9 high, 4.0 to 6.9 medium, below that low.
_SECURITY_SEVERITIES = {Severity.ERROR: "8.0", Severity.WARNING: "5.5", Severity.INFO: "2.0"}


def describe(rule: RuleDescription, settings: ReportSettings) -> Any:
    """A `sarif_om.ReportingDescriptor`."""
    from sarif_om import MultiformatMessageString, ReportingConfiguration, ReportingDescriptor

    documentation = rule.documentation.strip() or rule.summary
    address = settings.documentation_url.replace("{rule}", rule.name) if settings.documentation_url else None
    return ReportingDescriptor(
        id=rule.name,
        name=_pascal_case(rule.name)[:_MOST_IN_A_NAME],
        short_description=MultiformatMessageString(text=_shortened(rule.summary)),
        full_description=MultiformatMessageString(text=_shortened(_in_full(rule))),
        help=MultiformatMessageString(text=documentation, markdown=documentation),
        help_uri=address,
        default_configuration=ReportingConfiguration(level=LEVELS[rule.severity]),
        properties=_properties(rule),
    )


def described_by(diagnostic: Diagnostic) -> RuleDescription:
    """A description for a finding whose rule is not among the enabled ones, so that no result goes undescribed."""
    words = diagnostic.rule.replace("-", " ")
    return RuleDescription(
        name=diagnostic.rule,
        category=diagnostic.category,
        severity=diagnostic.severity,
        summary=f"{words[:1].upper()}{words[1:]}.",
        documentation="",
        since="",
    )


def _properties(rule: RuleDescription) -> dict[str, object]:
    # The one that decides how GitHub treats the rule must not fall to the limit.
    tags = list(dict.fromkeys([rule.category, *sorted(rule.tags, key=lambda tag: tag != "security")]))
    properties: dict[str, object] = {"tags": tags[:_MOST_TAGS], "precision": "medium" if rule.preview else "high"}
    if "security" in tags[:_MOST_TAGS]:
        properties["security-severity"] = _SECURITY_SEVERITIES[rule.severity]
    else:
        properties["problem.severity"] = _PROBLEM_SEVERITIES[rule.severity]
    return properties


def _in_full(rule: RuleDescription) -> str:
    """The summary and the reason, as one paragraph."""
    reason = re.search(r"^##\s+Why is this bad\?\s*\n(.*?)(?=^##\s|\Z)", rule.documentation, re.MULTILINE | re.DOTALL)
    return " ".join(f"{rule.summary} {reason[1] if reason else ''}".split())


def _shortened(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    return text[: _MOST_CHARACTERS - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _pascal_case(name: str) -> str:
    words = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))
    # SARIF wants a name that differs from the identifier in more than its case (SARIF1001).
    return f"{words}Rule" if words.lower() == name.lower() else words

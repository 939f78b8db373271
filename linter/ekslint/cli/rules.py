"""`ekslint rules` and `ekslint explain`."""

import argparse
import sys

from ekslint.cli.console import settings_for
from ekslint.cli.errors import UserError
from ekslint.cli.session import open_session
from ekslint.engine.input_findings import INPUT_FINDINGS
from ekslint.source.nearest import nearest


def rules(parsed: argparse.Namespace) -> int:
    """List all rules, and the engine's own findings."""
    from ekslint.report.listing import list_rules, list_rules_as_json

    session = open_session(parsed)
    described = [rule.describe() for rule in session.registry.load(session.registry.names)]
    everything = sorted([*described, *INPUT_FINDINGS.values()], key=lambda each: each.name)
    settings = settings_for(sys.stdout, parsed.color)
    (list_rules_as_json if parsed.output_format == "json" else list_rules)(everything, sys.stdout, settings)
    return 0


def explain(parsed: argparse.Namespace) -> int:
    """Print the documentation of one rule."""
    from ekslint.report.explanation import explain as write

    session = open_session(parsed)
    name = parsed.rule
    if name in INPUT_FINDINGS:
        description = INPUT_FINDINGS[name]
    elif name in session.registry.names:
        [found] = session.registry.load([name])
        description = found.describe()
    else:
        meant = nearest(name, session.names)
        hint = f"did you mean {meant}?" if meant is not None else "'ekslint rules' lists all names"
        raise UserError(f"there is no rule {name}", help=[hint])
    write(description, sys.stdout, settings_for(sys.stdout, parsed.color))
    return 0

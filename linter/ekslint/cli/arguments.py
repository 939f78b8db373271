"""The command line: every option, and the words that explain it."""

import argparse
from collections.abc import Sequence

from ekslint._version import __version__

SEVERITIES = ("error", "warning", "info")
FORMATS = ("full", "concise", "json", "sarif", "github")
COLOR = ("auto", "always", "never")

_DESCRIPTION = """\
Reads the files that describe Amazon EKS clusters (eksctl ClusterConfigs, CloudFormation templates, Kubernetes
manifests, Karpenter and Auto Mode objects) as one estate, and says what will fail or hurt in production.
Everything happens on text: no credentials, no cluster, no network."""

_EXIT_CODES = """\
exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  the job could not be done: bad usage or configuration, a missing path, an internal error"""

_CHECK_EXAMPLES = f"""\
examples:
  ekslint check                              everything below this folder
  ekslint check infra apps --fail-on error   two folders of one estate, joined
  ekslint check --output-format sarif > ekslint.sarif
  ekslint check --report sarif=ekslint.sarif --report json=ekslint.json

{_EXIT_CODES}"""

_PLACEMENT = """\
Places every workload on every node pool of its cluster, as the Kubernetes scheduler would: fits, rejected with the
reason, or unclear with what is missing."""

_PLACEMENT_EXAMPLES = """\
examples:
  ekslint placement                          all workloads and pools below this folder
  ekslint placement --workload api           one workload, pool by pool
  kubectl get nodes,deploy,sts,ds -A -o yaml | ekslint placement -
                                             a live cluster, as kubectl prints it"""


def _names(text: str) -> list[str]:
    return [name for name in (part.strip() for part in text.split(",")) if name]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    main = argparse.ArgumentParser(
        prog="ekslint",
        description=_DESCRIPTION,
        epilog=f"'ekslint COMMAND --help' says more.\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("--version", action="version", version=f"ekslint {__version__}")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _check(commands)
    _rules(commands)
    _explain(commands)
    _files(commands)
    _placement(commands)
    return main


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed command line; SystemExit(2) with usage on stderr for a bad one, as argparse has it."""
    return parser().parse_args(arguments)


def _check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    check = commands.add_parser(
        "check",
        help="lint files and folders",
        description="Lint the files below the given paths as one estate.",
        epilog=_CHECK_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _paths(check)
    output = check.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=FORMATS,
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: full on a terminal, else concise; env: EKSLINT_OUTPUT_FORMAT)",
    )
    output.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT=PATH",
        help="write a further report to a file, beside the main output; may be repeated",
    )
    output.add_argument("--quiet", action="store_true", help="findings only: no summary, no hints")
    output.add_argument(
        "--show-undecided", action="store_true", help="list the values that are known only at deploy time"
    )
    _color(output)
    choice = check.add_argument_group("which findings")
    choice.add_argument(
        "--select",
        action="extend",
        type=_names,
        metavar="NAME[,NAME…]",
        help="run only these rules or categories (default: all)",
    )
    choice.add_argument(
        "--ignore", action="extend", type=_names, metavar="NAME[,NAME…]", help="leave out these rules or categories"
    )
    choice.add_argument(
        "--min-severity", choices=SEVERITIES, metavar="LEVEL", help="show findings from here up (default: warning)"
    )
    choice.add_argument(
        "--fail-on",
        choices=(*SEVERITIES, "never"),
        metavar="LEVEL",
        help="exit with 1 for findings from here up; error, warning, info or never (default: warning)",
    )
    choice.add_argument(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="judge support dates as on this day, for runs that can be repeated (default: today)",
    )
    _configuration(check)


def _rules(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rules = commands.add_parser("rules", help="list all rules", description="List all rules with one line each.")
    rules.add_argument("--output-format", choices=("table", "json"), default="table", help="table (default) or json")
    _color(rules)
    _configuration(rules)


def _explain(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = commands.add_parser(
        "explain", help="explain a rule", description="Print what a rule looks for, why, and when it stays silent."
    )
    explain.add_argument("rule", metavar="RULE", help="the name of a rule, as findings show it in brackets")
    _color(explain)
    _configuration(explain)


def _files(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    files = commands.add_parser(
        "files",
        help="say what every file was taken for",
        description="Say for every file below the given paths what it was taken for, or why it was not linted.",
    )
    _paths(files)
    _color(files)
    _configuration(files)


def _placement(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    placement = commands.add_parser(
        "placement",
        help="show where every workload can run",
        description=_PLACEMENT,
        epilog=_PLACEMENT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _paths(placement)
    placement.add_argument("--workload", metavar="NAME", help="explain one workload, pool by pool")
    placement.add_argument(
        "--output-format", choices=("table", "json"), default="table", help="table (default) or json"
    )
    _color(placement)
    _configuration(placement)


def _paths(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: .)")
    command.add_argument(
        "--tracked-only",
        action="store_true",
        help="only files that git tracks, for hooks: an untracked file must not complete what a commit leaves out",
    )


def _color(group: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--color", choices=COLOR, metavar="WHEN", help="auto (default), always or never (env: EKSLINT_COLOR, NO_COLOR)"
    )
    group.add_argument("--no-color", dest="color", action="store_const", const="never", help="same as --color never")


def _configuration(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("configuration").add_mutually_exclusive_group()
    group.add_argument(
        "--config",
        metavar="FILE",
        help="use this file (default: the nearest .ekslint.yaml up to the repository's root; env: EKSLINT_CONFIG)",
    )
    group.add_argument("--isolated", action="store_true", help="read no configuration file")

"""`ekslint`, the program."""

import gc
import os
import sys

# As typing.TYPE_CHECKING: `--version` imports nothing that it does not need.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: "Sequence[str] | None" = None) -> int:
    """Run the program; returns its exit code (0 clean, 1 findings, 2 the job could not be done)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        # Asked for by every hook and every CI job: not worth importing a parser for.
        from ekslint._version import __version__

        sys.stdout.write(f"ekslint {__version__}\n")
        return 0
    collects = gc.isenabled()
    # A run keeps all that it makes: the collector would walk it again and again, and free nothing.
    gc.disable()
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # `ekslint check | head`: whoever reads has seen enough.
        _drop_output()
        return 141
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        # A full disk behind `> report.json`: Python's own exit code, 1, would say that there are findings.
        sys.stderr.write(f"error: {error.strerror or error}\n")
        _drop_output()
        return 2
    except Exception:
        import traceback

        traceback.print_exc()
        sys.stderr.write("error: this is a mistake in ekslint, not in your files: please report it\n")
        return 2
    finally:
        if collects:
            gc.enable()
    return code


def _drop_output() -> None:
    # Python flushes once more at exit, and would complain once more.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(arguments: list[str]) -> int:
    from ekslint.cli import arguments as command_line
    from ekslint.cli.errors import UserError

    try:
        parsed = command_line.parse(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    try:
        from ekslint.cli.console import require_known_color

        require_known_color(parsed.color)
        if parsed.command == "check":
            from ekslint.cli.check import check

            return check(parsed)
        if parsed.command == "files":
            from ekslint.cli.check import files

            return files(parsed)
        if parsed.command == "placement":
            from ekslint.cli.placement import placement

            return placement(parsed)
        from ekslint.cli.rules import explain, rules

        return rules(parsed) if parsed.command == "rules" else explain(parsed)
    except UserError as error:
        from ekslint.cli.console import print_error

        print_error(error)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())

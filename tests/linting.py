"""Running the linter inside a test, without a process."""

import io
import json
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AS_OF = "2026-11-21"


@dataclass(frozen=True)
class Ran:
    """What a run of the program printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        return self.json["findings"]


def ekslint(*arguments: str | Path) -> Ran:
    """Run the program in this process."""
    from ekslint.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(each) for each in arguments])
    return Ran(code, out.getvalue(), err.getvalue())


def lint(path: Path, *options: str) -> Ran:
    """`ekslint check` with everything shown, as JSON, on a fixed day."""
    return ekslint(
        "check", path, "--output-format", "json", "--min-severity", "info", "--as-of", AS_OF, "--isolated", *options
    )


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder; returns the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder

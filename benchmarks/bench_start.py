"""Starting the program: `ekslint --version`, and one small file, against a bare interpreter."""

import subprocess
import sys
from pathlib import Path

from benchmarks.timing import medians

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "estates" / "shop" / "infra" / "cluster.yaml"


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=False)


def main() -> None:
    bare, version, one = medians(
        [
            lambda: _run("-c", "pass"),
            lambda: _run("-m", "ekslint", "--version"),
            lambda: _run("-m", "ekslint", "check", str(FILE), "--output-format", "concise"),
        ],
        rounds=9,
    )
    print(f"python -c pass {bare * 1e3:.0f} ms, --version {version / bare:.2f} of it, one file {one / bare:.2f} of it")


if __name__ == "__main__":
    main()

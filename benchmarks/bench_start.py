"""Starting the program: `ekslint --version`, and one small file, against a bare interpreter."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.timing import medians

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "estates" / "shop" / "infra" / "cluster.yaml"


def main() -> None:
    with TemporaryDirectory() as cache:
        # An installed program finds its modules compiled, whatever this environment says of writing them.
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = cache

        def run(*arguments: str) -> None:
            subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=environment, check=False)

        bare, version, one = medians(
            [
                lambda: run("-c", "pass"),
                lambda: run("-m", "ekslint", "--version"),
                lambda: run("-m", "ekslint", "check", str(FILE), "--output-format", "concise"),
            ],
            rounds=9,
        )
    print(f"python -c pass {bare * 1e3:.0f} ms, --version {version / bare:.2f} of it, one file {one / bare:.2f} of it")


if __name__ == "__main__":
    main()

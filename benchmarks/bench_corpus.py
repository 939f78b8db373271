"""A whole run over a folder of real files, against the bare libyaml parse of the same files."""

import io
import os
from contextlib import redirect_stdout
from pathlib import Path

from yaml import StreamEndEvent, YAMLError
from yaml._yaml import CParser

from benchmarks.timing import medians
from ekslint.cli.main import main as ekslint

CORPUS = Path(os.environ.get("EKSLINT_CORPUS", Path(__file__).resolve().parents[2] / "shared" / "corpus"))
_SUFFIXES = {".yaml", ".yml", ".json", ".template"}


def bare_parse(texts: list[str]) -> None:
    for text in texts:
        parser = CParser(text)
        try:
            while type(parser.get_event()) is not StreamEndEvent:
                pass
        except YAMLError:
            continue


def lint() -> None:
    with redirect_stdout(io.StringIO()):
        ekslint(["check", str(CORPUS), "--isolated", "--output-format", "concise", "--as-of", "2026-11-21"])


def main() -> None:
    if not CORPUS.is_dir():
        print(f"no corpus at {CORPUS}: set EKSLINT_CORPUS")
        return
    paths = [path for path in sorted(CORPUS.rglob("*")) if path.suffix in _SUFFIXES and path.is_file()]
    texts = [path.read_text("utf-8", "replace") for path in paths]
    bare, whole = medians([lambda: bare_parse(texts), lint])
    size = sum(len(text) for text in texts) / 1e6
    print(f"{len(paths)} files, {size:.1f} M characters")
    print(f"bare libyaml parse {bare:.3f} s, ekslint check {whole:.3f} s, ratio {whole / bare:.2f}")


if __name__ == "__main__":
    main()

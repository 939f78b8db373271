"""Shared by all tests: `--update`, and where things are."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: what fails in continuous integration must fail here, and what passed must pass again.
# `HYPOTHESIS_PROFILE=default` looks for new ones.
settings.register_profile("same-every-time", derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-every-time"))

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite golden files instead of comparing with them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare a text with a file, or write the file under --update."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.exists(), f"no golden file {path}: run pytest --update and read what it wrote"
        assert text == path.read_text("utf-8")

    return compare


@pytest.fixture
def aliases_without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let documents through that repeat themselves without end: what stands behind the limit has to cope too."""
    monkeypatch.setattr("ekslint.source.composing.repeats_too_much", lambda root: False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with samples and corpus; tests that need it skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "samples").is_dir():
        pytest.skip("no shared/ beside the checkout")
    return folder

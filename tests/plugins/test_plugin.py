"""A plugin, installed as any package is, and found through its entry point."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from linting import write

PLUGIN = Path(__file__).parent / "acme"
CLUSTER = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata:
  name: shop
  region: eu-west-1
  tags: {team: platform}
"""


def wheel(folder: Path, *, rule: str = "cluster_without_owner", name: str = "acme") -> Path:
    """The plugin as a wheel (PEP 427); a build backend would add nothing that matters here."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text("utf-8"))["project"]
    distribution, version = f"ekslint_{name}", project["version"]
    code = (PLUGIN / "ekslint_acme.py").read_text("utf-8").replace("cluster_without_owner", rule)
    files = {
        f"ekslint_{name}.py": code,
        f"{distribution}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n",
        f"{distribution}-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{distribution}-{version}.dist-info/entry_points.txt": f"[ekslint.rules]\n{name} = ekslint_{name}:rules\n",
    }
    path = folder / f"{distribution}-{version}-py3-none-any.whl"
    record = f"{distribution}-{version}.dist-info/RECORD"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        archive.writestr(record, "".join(f"{file},,\n" for file in [*files, record]))
    return path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    target = tmp_path / "site"
    _install(wheel(tmp_path), target)
    return target


def _install(path: Path, target: Path) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-index",
            "--no-deps",
            "--target",
            str(target),
            str(path),
        ],
        check=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )


def _check(site: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    paths = [str(site), str(ROOT / "linter"), str(ROOT / "rules")]
    return subprocess.run(
        [sys.executable, "-m", "ekslint", "check", str(folder), "--output-format", "json", *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def test_a_plugin_that_is_asked_for_runs(site: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "estate", {"cluster.yaml": CLUSTER, ".ekslint.yaml": "plugins: [acme]\nselect: [acme]\n"})
    ran = _check(site, folder)
    assert ran.returncode == 1, ran.stderr
    [finding] = json.loads(ran.stdout)["findings"]
    assert (finding["rule"], finding["category"]) == ("cluster-without-owner", "acme")
    assert (finding["path"], finding["line"], finding["column"]) == ("cluster.yaml", 6, 3)
    assert finding["message"] == "cluster shop has no tag owner"


def test_a_plugin_is_never_picked_up_by_chance(site: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "estate", {"cluster.yaml": CLUSTER})
    ran = _check(site, folder, "--isolated")
    assert "cluster-without-owner" not in ran.stdout


def test_two_rules_of_one_name(site: Path, tmp_path: Path) -> None:
    _install(wheel(tmp_path, rule="single_node_group", name="other"), site)
    folder = write(tmp_path / "estate", {"cluster.yaml": CLUSTER, ".ekslint.yaml": "plugins: [other]\n"})
    ran = _check(site, folder)
    assert ran.returncode == 2
    assert re.search(r"single-node-group.*ekslint_rules\.availability\.single_node_group.*ekslint_other", ran.stderr)


def test_a_plugin_that_is_not_installed(site: Path, tmp_path: Path) -> None:
    folder = write(tmp_path / "estate", {"cluster.yaml": CLUSTER, ".ekslint.yaml": "plugins: [nobody]\n"})
    ran = _check(site, folder)
    assert ran.returncode == 2
    assert "plugin nobody is not installed" in ran.stderr


def test_the_documentation_shows_this_very_plugin() -> None:
    documented = (ROOT / "docs" / "writing-rules.md").read_text("utf-8")
    code = (PLUGIN / "ekslint_acme.py").read_text("utf-8").split("\n\n", 1)[1]
    assert code.strip() in documented

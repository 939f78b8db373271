"""The contract of `ekslint check`: formats, exit codes, options, errors that say what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from conftest import ROOT
from linting import AS_OF, ekslint, lint, write

SHOP = ROOT / "fixtures" / "estates" / "shop"
CLEAN = """\
apiVersion: v1
kind: Namespace
metadata: {name: shop}
"""
OLD = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.29"}
autoModeConfig: {enabled: true}
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path, {"cluster.yaml": OLD})


class TestExitCodes:
    def test_nothing_found(self, tmp_path: Path) -> None:
        assert ekslint("check", write(tmp_path, {"namespace.yaml": CLEAN})).code == 0

    def test_findings(self, old: Path) -> None:
        assert ekslint("check", old).code == 1

    def test_fail_on(self, old: Path) -> None:
        assert ekslint("check", old, "--fail-on", "never").code == 0
        assert ekslint("check", old, "--select", "endpoint-public-open", "--fail-on", "error").code == 0
        assert ekslint("check", old, "--select", "endpoint-public-open", "--fail-on", "warning").code == 1

    def test_what_is_hidden_can_fail(self, old: Path) -> None:
        ran = ekslint("check", old, "--min-severity", "error", "--select", "endpoint-public-open")
        assert ran.code == 1
        assert "endpoint-public-open" not in ran.out

    @pytest.mark.parametrize("format_name", ["full", "concise", "json", "sarif", "github"])
    def test_it_does_not_depend_on_the_format(self, old: Path, format_name: str) -> None:
        assert ekslint("check", old, "--output-format", format_name).code == 1

    @pytest.mark.parametrize(
        "arguments",
        [
            ["check", "no/such/path"],
            ["check", "--select", "no-such-rule"],
            ["check", "--as-of", "tomorrow"],
            ["check", "--report", "sarif"],
            ["check", "--report", "xml=out"],
            ["check", "--report", "json=-"],
            ["check", "--report", "json=out", "--report", "sarif=./out"],
            ["check", "--select", ","],
            ["check", ""],
            ["placement", ""],
            ["check", "--output-format", "xml"],
            ["check", "--config", "no-such.yaml"],
            ["check", "--config", "a.yaml", "--isolated"],
            ["explain", "no-such-rule"],
            ["frobnicate"],
            [],
        ],
        ids=" ".join,
    )
    def test_usage(self, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        ran = ekslint(*arguments)
        assert ran.code == 2
        assert ran.out == ""
        assert "error" in ran.err

    @pytest.mark.parametrize("variable", ["EKSLINT_COLOR", "EKSLINT_OUTPUT_FORMAT", "EKSLINT_CONFIG"])
    @pytest.mark.parametrize("command", ["check", "placement", "files", "rules"])
    def test_environment(self, variable: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv(variable, "foo")
        ran = ekslint(command)
        if variable == "EKSLINT_OUTPUT_FORMAT" and command != "check":
            assert ran.code == 0
            return
        assert (ran.code, ran.out) == (2, "")
        assert f"error: {variable}: " in ran.err
        assert "foo" in ran.err

    def test_an_option_has_the_word_over_the_environment(self, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for variable in ("EKSLINT_COLOR", "EKSLINT_OUTPUT_FORMAT", "EKSLINT_CONFIG"):
            monkeypatch.setenv(variable, "foo")
        ran = ekslint("check", old, "--no-color", "--output-format", "concise", "--isolated")
        assert (ran.code, ran.err) == (1, "")

    def test_a_rule_that_fails(self, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from ekslint_rules.network.endpoint_public_open import endpoint_public_open

        def fail(cluster: object) -> None:
            raise ValueError("a mistake")

        monkeypatch.setitem(vars(endpoint_public_open), "check", fail)
        ran = lint(old)
        assert ran.code == 2
        [finding] = [each for each in ran.findings if each["rule"] == "internal-error"]
        assert "endpoint-public-open" in finding["message"]
        assert any(each["rule"] == "kubernetes-version-unsupported" for each in ran.findings)
        # Nothing hides it.
        assert ekslint("check", old, "--isolated", "--ignore", "internal-error").code == 2
        write(old, {".ekslint.yaml": "severity: {internal-error: info}\nignore: [input]\n"})
        assert ekslint("check", old, "--fail-on", "never").code == 2


class TestErrors:
    def test_did_you_mean(self, old: Path) -> None:
        ran = ekslint("check", old, "--select", "single-nodegroup")
        assert "did you mean single-node-group?" in ran.err
        assert "did you mean single-node-group?" in ekslint("explain", "single-nodegroup").err

    def test_a_mistake_in_the_configuration_has_a_place(self, old: Path) -> None:
        write(old, {".ekslint.yaml": "select:\n  - single-node-grup\n"})
        ran = ekslint("check", old)
        assert ran.code == 2
        assert ".ekslint.yaml:2:5" in ran.err
        assert "did you mean single-node-group?" in ran.err


class TestOutput:
    def test_json_follows_its_schema(self) -> None:
        schema = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
        Draft202012Validator(schema).validate(lint(SHOP).json)

    def test_json_of_one_finding(self, old: Path) -> None:
        ran = lint(old, "--select", "kubernetes-version-unsupported")
        assert ran.json["schema"] == 1
        [finding] = ran.findings
        assert finding["path"] == "cluster.yaml"
        assert (finding["line"], finding["column"], finding["end_line"], finding["end_column"]) == (3, 52, 3, 58)
        assert (finding["severity"], finding["category"]) == ("error", "upgrades")
        assert (finding["resource"], finding["cluster"]) == ("ClusterConfig/shop", "shop")
        assert ran.json["summary"] | {"seconds": 0} == {
            "files": 1, "errors": 1, "warnings": 0, "infos": 0, "undecided": 0, "seconds": 0,
        }  # fmt: skip

    def test_reports_beside_the_main_output(self, old: Path, tmp_path: Path) -> None:
        sarif, plain = tmp_path / "out.sarif", tmp_path / "out.txt"
        ran = ekslint(
            "check", old, "--output-format", "json", "--report", f"sarif={sarif}", "--report", f"concise={plain}"
        )
        names = {finding["rule"] for finding in ran.findings}
        assert names == {result["ruleId"] for result in json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]}
        assert all(name in plain.read_text("utf-8") for name in names)

    def test_quiet(self, old: Path) -> None:
        assert "problem" not in ekslint("check", old, "--quiet", "--output-format", "concise").out

    def test_a_run_over_nothing_does_not_look_clean(self, tmp_path: Path) -> None:
        ran = ekslint("check", write(tmp_path, {"notes.yaml": "hello: world\n"}))
        assert ran.code == 0
        assert "no EKS configuration" in ran.out + ran.err

    def test_the_same_bytes_whatever_the_hash_seed(self) -> None:
        outputs = set()
        for seed in ("0", "1", "7"):
            ran = subprocess.run(
                [sys.executable, "-m", "ekslint", "check", str(SHOP), "--output-format", "sarif", "--as-of", AS_OF],
                capture_output=True,
                check=False,
                env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
            outputs.add(ran.stdout)
        assert len(outputs) == 1

    def test_a_pipe_that_closes(self) -> None:
        command = f'"{sys.executable}" -m ekslint check "{SHOP}" --output-format full | head -n 1'
        ran = subprocess.run(
            ["bash", "-c", command],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert "Traceback" not in ran.stderr
        assert "Error" not in ran.stderr


class TestSelection:
    def test_select_and_ignore(self, old: Path) -> None:
        def names(*options: str) -> set[str]:
            return {finding["rule"] for finding in lint(old, *options).findings}

        everything = names()
        assert {"kubernetes-version-unsupported", "endpoint-public-open"} <= everything
        assert names("--select", "network") == {"endpoint-public-open"}
        assert names("--select", "network,upgrades") == {"endpoint-public-open", "kubernetes-version-unsupported"}
        assert names("--ignore", "network") == everything - {"endpoint-public-open"}

    def test_the_configuration(self, old: Path) -> None:
        write(
            old,
            {
                ".ekslint.yaml": "select: [network, upgrades]\n"
                "severity: {endpoint-public-open: error}\n"
                "per-file-ignores: {'*.yaml': [kubernetes-version-unsupported]}\n"
            },
        )
        ran = ekslint("check", old, "--output-format", "json")
        assert [(each["rule"], each["severity"]) for each in ran.findings] == [("endpoint-public-open", "error")]
        assert ekslint("check", old, "--output-format", "json", "--isolated").findings != ran.findings

    def test_clusters_of_the_configuration(self, tmp_path: Path) -> None:
        deployment = (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 2\n  template:\n"
            "    spec:\n      nodeSelector: {eks.amazonaws.com/nodegroup: blue}\n      containers: [{name: api, image: api:1}]\n"
        )

        def cluster(name: str, group: str) -> str:
            return (
                f"apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {{name: {name}, region: eu-west-1}}\n"
                f"managedNodeGroups: [{{name: {group}, minSize: 1, maxSize: 3}}]\n"
            )

        files = {
            "infra/a.yaml": cluster("a", "blue"),
            "infra/b.yaml": cluster("b", "green"),
            "apps/api.yaml": deployment,
        }
        folder = write(tmp_path, files)
        options = ("--select", "scheduling", "--output-format", "json")
        assert ekslint("check", folder, *options).findings == [], "one of two candidates takes it"
        write(folder, {".ekslint.yaml": "clusters: [{name: b, files: [apps/**]}]\n"})
        [finding] = ekslint("check", folder, *options).findings
        assert (finding["cluster"], finding["path"], finding["line"]) == ("b", "apps/api.yaml", 8)

    def test_as_of(self, tmp_path: Path) -> None:
        folder = write(tmp_path, {"cluster.yaml": OLD.replace("1.29", "1.33")})

        def names(day: str) -> list[str]:
            options = ("--select", "upgrades", "--output-format", "json", "--as-of", day)
            return [finding["rule"] for finding in ekslint("check", folder, *options).findings]

        assert names("2026-07-01") == []
        assert names("2026-11-21") == ["kubernetes-version-extended"]
        assert names("2027-11-21") == ["kubernetes-version-unsupported"]


class TestOtherCommands:
    def test_version(self) -> None:
        from ekslint import __version__

        assert ekslint("--version").out == f"ekslint {__version__}\n"

    def test_rules(self) -> None:
        from ekslint.engine.registry import registry

        listed = {each["name"] for each in ekslint("rules", "--output-format", "json").json["rules"]}
        assert registry().names <= listed
        assert "single-node-group" in ekslint("rules").out

    def test_explain(self) -> None:
        ran = ekslint("explain", "single-node-group")
        assert "Why is this bad?" in ran.out
        assert "duplicate-key" in ekslint("explain", "duplicate-key").out

    def test_files(self, tmp_path: Path) -> None:
        folder = write(
            tmp_path,
            {
                "cluster.yaml": OLD,
                "notes.yaml": "hello: world\n",
                "chart/Chart.yaml": "apiVersion: v2\nname: web\n",
                "chart/values.yaml": "replicas: 1\n",
                "chart/templates/web.yaml": "kind: {{ .Values.kind }}\n",
                "broken.yaml": "apiVersion: [\n",
            },
        )
        out = ekslint("files", folder).out
        for path in ("cluster.yaml", "notes.yaml", "chart/values.yaml", "chart/templates/web.yaml", "broken.yaml"):
            assert path in out
        assert "eksctl ClusterConfig" in out
        assert "Helm" in out


def test_version_imports_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); from ekslint.cli.main import main; main(['--version']);"
        "print(sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout.splitlines()[-1] == "['ekslint', 'gc']"


def test_concise_imports_none_of_the_heavy_ones() -> None:
    code = (
        "import sys; from ekslint.cli.main import main;"
        f"main(['check', {str(SHOP)!r}, '--output-format', 'concise', '--isolated']);"
        "print([name for name in ('rich', 'jsonschema', 'sarif_om', 'pathspec') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert ran.stdout.splitlines()[-1] == "[]"


def test_a_configured_version_beside_one_that_is_a_parameter(tmp_path: Path) -> None:
    template = """\
Parameters: {Version: {Type: String}}
Resources:
  Shop:
    Type: AWS::EKS::Cluster
    Properties: {Name: shop, Version: !Ref Version}
"""
    configuration = 'clusters: [{name: shop, kubernetes-version: "1.34"}]\n'
    folder = write(tmp_path, {"eks.yaml": template, ".ekslint.yaml": configuration})
    assert ekslint("check", folder, "--fail-on", "never").code == 0


def test_an_empty_variable_is_none(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKSLINT_OUTPUT_FORMAT", "")
    assert ekslint("check", old).code == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_no_finding(old: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "ekslint", "check", str(old)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert ran.returncode == 2
    assert ran.stderr == "error: No space left on device\n"


def test_a_crash_is_no_finding(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("ekslint.cli.check.lint", fail)
    ran = ekslint("check", old)
    assert ran.code == 2
    assert "please report it" in ran.err


def test_a_finding_that_holds_in_every_cluster_says_so(tmp_path: Path) -> None:
    config = (
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {{name: {0}, region: eu-west-1, version: '1.35'}}\n"
        "managedNodeGroups: [{{name: general, instanceType: m6i.large, labels: {{tier: front}}}}]\n"
    )
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {nodeSelector: {tier: frnt}, containers: [{name: c, image: i}]}\n"
    write(
        tmp_path, {"infra/a.yaml": config.format("bank"), "infra/b.yaml": config.format("shop"), "apps/web.yaml": pod}
    )
    rule = "workload-matches-no-node-pool"
    [finding] = lint(tmp_path, "--select", rule).findings
    assert (finding["cluster"], finding["line"]) == (None, 4)
    ran = ekslint("check", tmp_path, "--isolated", "--select", rule, "--output-format", "full")
    assert "no node pool of cluster bank carries tier=frnt" in ran.out
    assert ran.out.count("the same holds for every other cluster that it may go to") == 1
    write(tmp_path, {"infra/b.yaml": config.format("shop").replace("front", "frnt")})
    assert lint(tmp_path, "--select", rule).findings == []

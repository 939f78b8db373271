"""Rules about rules."""

import re
import subprocess
import sys

import pytest

from conftest import ROOT
from ekslint.engine.registry import registry
from ekslint.engine.rule import Rule

CATEGORIES = {
    *("availability", "scaling", "scheduling", "iam", "access", "network", "encryption", "upgrades", "fargate", "spot"),
    *("automode", "karpenter", "storage", "loadbalancing", "observability", "cost", "accelerators", "eksctl"),
    *("reliability", "resources", "security", "rbac", "images", "references", "schema", "metadata"),
}
HEADINGS = ("## Why is this bad?", "## When it stays silent", "## References")
RULES = registry().load(registry().names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
class TestRule:
    def test_name_and_category(self, rule: Rule) -> None:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
        assert not re.match(r"(no|disallow|missing)-", rule.name), "a name reads as 'allow <name>'"
        assert rule.category in CATEGORIES

    def test_documentation(self, rule: Rule) -> None:
        summary = rule.documentation.split("\n", 1)[0]
        assert summary.endswith(".")
        assert len(summary) <= 100
        positions = [rule.documentation.find(heading) for heading in HEADINGS]
        assert -1 not in positions
        assert positions == sorted(positions)

    def test_fixtures(self, rule: Rule) -> None:
        cases = [path.name for path in (ROOT / "fixtures" / "rules" / rule.name).iterdir()]
        assert any(name.startswith("bad") for name in cases)
        assert any(name.startswith("good") for name in cases)

    def test_module(self, rule: Rule) -> None:
        assert rule.check.__module__ == f"ekslint_rules.{rule.category}.{rule.name.replace('-', '_')}"


def test_no_fixtures_without_a_rule() -> None:
    from ekslint.engine.input_findings import INPUT_FINDINGS

    names = {rule.name for rule in RULES} | set(INPUT_FINDINGS)
    assert {path.name for path in (ROOT / "fixtures" / "rules").iterdir()} <= names


def test_generated_files_are_current() -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "generate.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr

"""Whole estates with golden output, and the samples with what their README says of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT
from linting import AS_OF, ekslint, lint

ESTATES = ROOT / "fixtures" / "estates"


@pytest.mark.parametrize("estate", sorted(path.name for path in ESTATES.iterdir() if path.is_dir()))
def test_estate(estate: str, golden: Callable[[Path, str], None]) -> None:
    ran = ekslint(
        "check",
        ESTATES / estate,
        "--isolated",
        "--as-of",
        AS_OF,
        "--min-severity",
        "info",
        "--output-format",
        "concise",
    )
    assert ran.code in {0, 1}, ran.err
    golden(ESTATES / estate / "expected.txt", ran.out)


SAMPLES = {
    "seed-self-managed": {
        ("kubernetes-version-unsupported", "bottlerocket.yaml", 7, "error"),
        ("single-node-group", "bottlerocket.yaml", 20, "info"),
        ("node-group-no-autoscaling", "bottlerocket.yaml", 23, "warning"),
    },
    "seed-managed": {
        ("kubernetes-version-unsupported", "managed-ng.yaml", 7, "error"),
        ("single-node-group", "managed-ng.yaml", 20, "info"),
        ("node-group-no-autoscaling", "managed-ng.yaml", 24, "warning"),
    },
    "seed-node-pools": {
        ("single-node-group", "cluster.yaml", 8, "warning"),
        ("only-matching-pool-tainted", "apps/api.yaml", 15, "error"),
        ("pod-too-large-for-pool", "apps/api.yaml", 20, "error"),
        ("workload-matches-no-node-pool", "apps/api.yaml", 36, "error"),
        ("all-pools-tainted", "cluster.yaml", 16, "error"),
    },
    "seed-auto-mode": {("unknown-aws-label", "image-proctoring.yaml", 23, "error")},
}


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_sample(sample: str, shared: Path) -> None:
    findings = lint(shared / "samples" / sample).findings
    found = {
        (each["rule"], each["path"].rpartition(f"{sample}/")[2], each["line"], each["severity"]) for each in findings
    }
    assert SAMPLES[sample] <= found
    assert not {each for each in found if each[0] in {"node-role-missing-cni-policy", "eksctl-policies-replaced"}}

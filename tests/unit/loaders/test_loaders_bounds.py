"""An estate can be larger than anybody could weigh; then it is said, and nothing hangs."""

from pathlib import Path

import pytest

from linting import lint, write

CLUSTER = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: shop-%d, region: eu-west-1}\n"


def test_clusters_past_the_bound_are_told_and_not_linted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ekslint.loaders.loading.MAXIMUM_CLUSTERS", 2)
    write(tmp_path, {f"{number}/cluster.yaml": CLUSTER % number for number in range(4)})
    ran = lint(tmp_path)
    told = [each["path"] for each in ran.findings if each["rule"] == "too-large"]
    assert told == ["2/cluster.yaml", "3/cluster.yaml"]
    assert {each["path"] for each in ran.findings} - set(told) == {"0/cluster.yaml", "1/cluster.yaml"}

"""What of Terraform counts: that it declares clusters, to which manifests may go."""

from pathlib import Path

import pytest

from ekslint.loaders.terraform import declared_clusters
from ekslint.source.sniffing import is_candidate, is_terraform
from linting import ekslint, lint, write

CLUSTER = """apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: shop, region: eu-west-1, version: "1.34"}
managedNodeGroups: [{name: general, instanceType: m7i.large, minSize: 2, maxSize: 4}]
"""
WORKLOAD = """apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  nodeSelector: {shop/pool: compute}
  containers: [{name: web, image: "nginx:1.29.3"}]
"""
RESOURCE = 'resource "aws_eks_cluster" "this" {\n  name = "shop"\n}\n'
UNPLACEABLE = "workload-matches-no-node-pool"


def unplaceable(folder: Path) -> list[str]:
    return [each["path"] for each in lint(folder, "--select", UNPLACEABLE).findings]


@pytest.mark.parametrize(
    "line",
    [
        'resource "aws_eks_cluster" "this" {',
        '  source  = "terraform-aws-modules/eks/aws"',
        'source="git::https://github.com/terraform-aws-modules/terraform-aws-eks.git?ref=v20.0.0"',
        'source = "tfr:///terraform-aws-modules/eks/aws?version=20.0.0"',
        'source = "cloudposse/eks-cluster/aws"',
        'source = "../../modules/eks"',
    ],
)
def test_what_declares_a_cluster(line: str) -> None:
    [source] = declared_clusters("infra/main.tf", f"# the cluster\n{line}\n".encode())
    assert source.document.locate(()).line == 2


@pytest.mark.parametrize(
    "line",
    [
        '# resource "aws_eks_cluster" "this" {',
        'data "aws_eks_cluster" "this" {',
        'source = "terraform-aws-modules/eks/aws//modules/karpenter"',
        'source = "aws-ia/eks-blueprints-addons/aws"',
        'source = "../../modules/vpc"',
    ],
)
def test_what_declares_none(line: str) -> None:
    assert list(declared_clusters("main.tf", line.encode())) == []


def test_a_line_without_end_takes_no_time() -> None:
    assert list(declared_clusters("main.tf", b'source = "' + b"/eks?" * 400_000)) == []


def test_names_of_files() -> None:
    for name in ("main.tf", "terragrunt.hcl"):
        assert is_terraform(name)
        assert is_candidate(name)
    assert not is_terraform("main.tf.json")
    assert not is_candidate("nomad.hcl")


def test_a_manifest_as_near_to_a_cluster_of_terraform_may_go_there(tmp_path: Path) -> None:
    write(tmp_path, {"eksctl/cluster.yaml": CLUSTER, "apps/web.yaml": WORKLOAD})
    assert unplaceable(tmp_path) == ["apps/web.yaml"]
    write(tmp_path, {"infra/main.tf": RESOURCE})
    assert unplaceable(tmp_path) == []


def test_a_cluster_that_is_nearer_keeps_its_manifests(tmp_path: Path) -> None:
    write(tmp_path, {"prod/cluster.yaml": CLUSTER, "prod/apps/web.yaml": WORKLOAD, "infra/main.tf": RESOURCE})
    assert unplaceable(tmp_path) == ["prod/apps/web.yaml"]


def test_the_manifests_beside_terraform_are_not_taken_from_the_cluster_above(tmp_path: Path) -> None:
    """What installs a controller there may still install it on the known cluster."""
    installing = WORKLOAD.replace("nginx:1.29.3", "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.0")
    files = {"cluster.yaml": CLUSTER, "infra/eks.tf": RESOURCE, "infra/autoscaler.yaml": installing}
    ran = lint(write(tmp_path, files), "--select", "elastic-pool-without-autoscaler")
    assert ran.findings == []


def test_without_another_cluster_nothing_changes(tmp_path: Path) -> None:
    alone = write(tmp_path / "alone", {"apps/web.yaml": WORKLOAD})
    beside = write(tmp_path / "beside", {"apps/web.yaml": WORKLOAD, "infra/main.tf": RESOURCE})
    assert lint(alone).findings == lint(beside).findings


def test_the_list_of_files_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"infra/main.tf": RESOURCE, "infra/vpc.tf": 'resource "aws_vpc" "this" {}\n'})
    lines = ekslint("files", tmp_path, "--isolated").out.splitlines()
    assert "declares an EKS cluster here" in lines[0]
    assert lines[1].endswith("Terraform is not linted")

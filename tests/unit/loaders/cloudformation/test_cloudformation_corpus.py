"""Real templates, as far as the checkout has them beside it: each loads, and those about EKS are understood."""

from pathlib import Path

import pytest
from cloudformation_templates import UNKNOWN, look_at_everything, read

from ekslint.loaders.cloudformation import is_template, load_template
from ekslint.loaders.loaded import ClusterReference, Loaded
from ekslint.model.pool import NodeGroup
from ekslint.model.world import World
from ekslint.source.parsing import parse
from ekslint.source.scalars import string
from ekslint.source.text import SourceText


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Path:
    folder = shared / "corpus"
    if not folder.is_dir():
        pytest.skip("no corpus beside the checkout")
    return folder


def load_file(path: Path) -> Loaded:
    loaded = Loaded(World())
    for document in parse(SourceText(path.name, path.read_text("utf-8", "replace")), string):
        if is_template(document.root):
            load_template(document, loaded)
    return loaded


def test_every_template_loads(corpus: Path) -> None:
    files = [path for path in sorted(corpus.rglob("*")) if path.suffix in {".yaml", ".yml", ".json"}]
    assert files
    for path in files:
        loaded = load_file(path)
        assert loaded.problems == [], path
        look_at_everything(loaded)


def test_the_node_group_template_of_eks(corpus: Path) -> None:
    loaded = load_file(corpus / "vpc-cni-testdata" / "amazon-eks-nodegroup.yaml")
    [(pool, reference)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    assert reference == ClusterReference()
    assert (pool.kind, pool.min_size, pool.desired_size, pool.max_size) == ("self-managed", 1, 3, 4)
    assert (pool.instance_types, pool.volume_size, pool.volume_type) == (("t3.medium",), 20, "gp2")
    assert (pool.http_tokens, pool.http_put_response_hop_limit) == ("optional", 2)
    assert pool.at("http_tokens").by_default == "DisableIMDSv1"
    assert (read(pool, "labels"), pool.at("labels").by_default) == ({}, "BootstrapArguments")
    assert read(pool, "ami_id") == UNKNOWN
    assert pool.role is not None
    assert len(pool.role.managed_policies) == 4


def test_mixed_instances_with_several_bootstraps(corpus: Path) -> None:
    loaded = load_file(corpus / "refarch-cloudformation" / "cloudformation" / "nodegroup.yaml")
    [(pool, _)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    assert pool.instance_types == ("t3.medium", "t3.large", "t3.xlarge")
    assert (pool.capacity_type, pool.ami_family, pool.version) == ("MIXED", "AmazonLinux2", "1.14")
    assert pool.unknown("labels", "lifecycle")
    assert pool.uses_private_networking is False


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_a_whole_cluster_with_its_network(corpus: Path, suffix: str) -> None:
    loaded = load_file(corpus / "cloudformation-templates" / "EKS" / f"template.{suffix}")
    [cluster] = loaded.clusters
    [(pool, reference)] = loaded.pools
    assert isinstance(pool, NodeGroup)
    assert reference.cluster is cluster
    assert cluster.availability_zones == ("zone #0", "zone #1", "zone #2")
    assert pool.uses_private_networking is True
    assert (pool.ami_type, pool.http_tokens, pool.volume_size) == ("AL2_x86_64", "optional", 80)
    network = cluster.network
    assert network is not None
    assert [len(gateway.serves) for gateway in network.nat_gateways] == [1, 1, 1]
    assert (len(network.public_subnets), len(network.private_subnets)) == (3, 3)

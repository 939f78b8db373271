"""EKS's own DaemonSets: where they certainly run, and what they take there."""

from typing import Any

import pytest
from placement_kit import addon, estate, hybrid_nodes, live_node, node_group, node_pool, unknown, workload

from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.pool import Pool
from ekslint.model.reading import Reading
from ekslint.placement.placements import capacities

BOTH = ("kube-proxy", "vpc-cni")


def daemonset(name: str) -> Workload:
    return workload(
        f"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: {name}, namespace: kube-system}}\n"
        "spec: {template: {spec: {containers: [{name: main, image: main}]}}}\n"
    )


def agents_on(pool: Pool, *objects: Workload, **fields: Any) -> tuple[str, ...]:
    [capacity] = capacities(estate([pool], *objects, **fields))
    return capacity.pools[0].agents


def linux(**fields: Any) -> Pool:
    return node_group(ami_family="AmazonLinux2023", **fields)


def test_they_take_two_pods_and_some_cpu_of_every_node() -> None:
    [capacity] = capacities(estate([linux(max_size=2)], default_addons=BOTH))
    [pool] = capacity.pools
    assert pool.agents == ("aws-node", "kube-proxy")
    assert dict(pool.daemonsets) == {"pods": 2, "cpu": 25}
    assert pool.total("pods") == 2 * 27


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        (linux(), 2),
        (linux(taints=["dedicated=batch:NoSchedule"]), 2),
        (node_group(ami_family="WindowsServer2022CoreContainer"), 0),
        (node_group(kind="self-managed", ami_id="ami-1", dialect="cloudformation"), 0),
        (node_pool(kind="auto"), 0),
        (node_pool(node_class=None), 0),
        (hybrid_nodes(), 0),
        (live_node(allocatable={"cpu": "2"}), 0),
    ],
)
def test_they_run_on_nodes_of_ec2_that_are_certainly_linux(pool: Pool, expected: int) -> None:
    assert len(agents_on(pool, default_addons=BOTH)) == expected


def test_only_what_is_certainly_installed_counts() -> None:
    assert agents_on(linux()) == ()
    assert agents_on(linux(), default_addons=unknown()) == ()
    assert agents_on(linux(), default_addons=("kube-proxy",)) == ("kube-proxy",)


@pytest.mark.parametrize(("evidence", "expected"), [("calico", ("kube-proxy",)), ("cilium", ()), ("karpenter", BOTH)])
def test_other_networks_take_their_place(evidence: str, expected: tuple[str, ...]) -> None:
    found = agents_on(linux(), default_addons=BOTH, evidence=[evidence])
    assert found == tuple(name.replace("vpc-cni", "aws-node") for name in sorted(expected, reverse=True))


@pytest.mark.parametrize(
    ("configuration", "counts"),
    [
        ('{"env": {"WARM_ENI_TARGET": "1"}}', True),
        ("{}", True),
        ('{"resources": {"requests": {"cpu": "5m"}}}', False),
        ('{"nodeSelector": {"network": "vpc"}}', False),
        ("{broken", False),
        ("{{ values }}", False),
    ],
)
def test_a_configuration_of_place_or_size_leaves_them_out(configuration: str, counts: bool) -> None:
    declared: Reading = addon("vpc-cni", configuration)
    assert agents_on(linux(), addons=declared) == (("aws-node",) if counts else ())


def test_what_the_files_declare_counts_as_they_say() -> None:
    own = daemonset("aws-node")
    assert agents_on(linux(), own, default_addons=BOTH) == ("kube-proxy",)
    assert agents_on(linux(), daemonset("fluent-bit"), default_addons=BOTH) == ("aws-node", "kube-proxy")

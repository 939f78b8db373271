"""Whether all pods of a cluster find room, with every pool at its largest."""

from typing import Any

import pytest
import yaml
from placement_kit import estate, kubernetes_object, live_node, node_group, node_pool, unknown, workload

from ekslint.model.pool import Pool
from ekslint.placement.capacity import Capacity
from ekslint.placement.causes import Cause
from ekslint.placement.packing import Group, Item, left_over
from ekslint.placement.placements import capacities, placements

MEBIBYTE = 1 << 20
PORTS = [{"containerPort": 9100, "hostPort": 9100}]


def deployment(name: str, replicas: int, kind: str = "Deployment", **spec: Any) -> str:
    resources = spec.pop("requests", {})
    containers = [{"name": "app", "resources": {"requests": resources}, "ports": spec.pop("ports", [])}]
    return yaml.safe_dump(
        {
            "apiVersion": "apps/v1",
            "kind": kind,
            "metadata": {"name": name},
            "spec": {
                **({"replicas": replicas} if kind != "DaemonSet" else {}),
                "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers, **spec}},
            },
        }
    )


def capacity_of(pools: list[Pool], *manifests: str) -> Capacity:
    objects = [
        workload(text) if "kind: HorizontalPodAutoscaler" not in text else kubernetes_object(text) for text in manifests
    ]
    [capacity] = capacities(estate(pools, *objects, default_addons=("vpc-cni",)))
    return capacity


AGENT = 25
"""What aws-node takes of each node."""


def large(**fields: Any) -> Pool:
    return node_group(instance_types=("m5.large",), ami_family="AmazonLinux2023", **fields)


class TestPools:
    """A pool at its largest."""

    def test_what_all_nodes_offer(self) -> None:
        [pool] = capacity_of([large(max_size=3)]).pools
        assert pool.most_nodes == 3
        assert pool.largest("cpu") == 1930
        assert pool.total("cpu") == 3 * (1930 - AGENT)
        assert pool.total("pods") == 3 * 28
        assert pool.smallest_type("memory") == ("m5.large", 6903 * MEBIBYTE)

    def test_the_largest_type_bounds_and_the_smallest_tells(self) -> None:
        group = node_group(instance_types=("m5.xlarge", "m5.large"), max_size=2, ami_family="AmazonLinux2023")
        [pool] = capacity_of([group]).pools
        assert pool.total("cpu") == 2 * (3920 - AGENT)
        assert pool.smallest_type("cpu") == ("m5.large", 1930)

    @pytest.mark.parametrize(
        "pool",
        [
            node_pool(),
            node_group(max_size=unknown()),
            node_group(instance_types=("x99.large",)),
            live_node(allocatable={"cpu": "2"}),
        ],
    )
    def test_pools_without_bounds(self, pool: Pool) -> None:
        assert capacity_of([pool]).pools[0].total("cpu") is None

    def test_limits_of_a_node_pool(self) -> None:
        limited = node_pool(limits={"cpu": "10", "memory": "40Gi"})
        [pool] = capacity_of([limited]).pools
        assert pool.total("cpu") == 10_000
        assert pool.total("memory") == 40 << 30
        assert pool.total("pods") is None

    def test_an_empty_group_offers_nothing(self) -> None:
        assert capacity_of([node_group(max_size=0, instance_types=("x99.large",))]).pools[0].total("cpu") == 0

    def test_daemonsets_take_their_part_of_each_node(self) -> None:
        agent = deployment("agent", 0, "DaemonSet", requests={"cpu": "500m", "memory": "1Gi"})
        elsewhere = deployment("gpu", 0, "DaemonSet", requests={"cpu": "1"}, nodeSelector={"gpu": "true"})
        [pool] = capacity_of([large(max_size=2)], agent, elsewhere).pools
        assert dict(pool.daemonsets) == {"pods": 2, "cpu": 500 + AGENT, "memory": 1 << 30}
        assert pool.total("cpu") == 2 * (1930 - 500 - AGENT)
        assert pool.total("pods") == 2 * 27
        assert pool.share_of_daemonsets("cpu") == pytest.approx((500 + AGENT) / 1930)


class TestShortfalls:
    """Pods that can run on some pools only, and exceed them."""

    def test_the_sum_of_the_requests_exceeds_the_pool(self) -> None:
        capacity = capacity_of(
            [large(max_size=2)],
            deployment("a", 2, requests={"cpu": "1"}),
            deployment("b", 4, requests={"cpu": "500m"}),
        )
        [shortfall] = capacity.shortfalls()
        assert (shortfall.resource, shortfall.requested, shortfall.offered) == ("cpu", 4000, 2 * (1930 - AGENT))
        assert [crowd.workload.name for crowd in shortfall.crowds] == ["a", "b"]

    def test_only_what_can_run_nowhere_else_counts(self) -> None:
        gpu = large(name="gpu", max_size=1, labels={"pool": "gpu"})
        roomy = large(name="roomy", max_size=50)
        bound = deployment("bound", 3, requests={"cpu": "1"}, nodeSelector={"pool": "gpu"})
        free = deployment("free", 30, requests={"cpu": "1"})
        [shortfall] = capacity_of([gpu, roomy], bound, free).shortfalls()
        assert [str(pool) for pool in shortfall.pools] == ["node group gpu"]
        assert [crowd.workload.name for crowd in shortfall.crowds] == ["bound"]
        assert capacity_of([gpu, roomy, node_pool()], free).shortfalls() == []

    def test_a_smaller_set_is_not_told_again_as_a_larger_one(self) -> None:
        a, b = large(name="a", max_size=1, labels={"pool": "a"}), large(name="b", max_size=1)
        bound = deployment("bound", 9, requests={"cpu": "1"}, nodeSelector={"pool": "a"})
        free = deployment("free", 1, requests={"cpu": "1"})
        assert len(capacity_of([a, b], bound, free).shortfalls()) == 1

    def test_only_who_asks_for_it_is_named(self) -> None:
        capacity = capacity_of([large(max_size=1)], deployment("api", 3, requests={"cpu": "1"}), deployment("web", 2))
        [shortfall] = capacity.shortfalls()
        assert [str(crowd.workload) for crowd in shortfall.crowds] == ["deployment api"]

    def test_more_pods_than_addresses(self) -> None:
        [shortfall] = capacity_of([large(max_size=1)], deployment("a", 30)).shortfalls()
        assert (shortfall.resource, shortfall.requested, shortfall.offered) == ("pods", 30, 28)
        assert capacity_of([large(max_size=1)], deployment("a", 28)).shortfalls() == []

    def test_gpus(self) -> None:
        gpu = node_group("gpu", instance_types=("g5.xlarge",), max_size=2, ami_family="AmazonLinux2023")
        [shortfall] = capacity_of([gpu], deployment("a", 3, requests={"nvidia.com/gpu": "1"})).shortfalls()
        assert (shortfall.resource, shortfall.requested, shortfall.offered) == ("nvidia.com/gpu", 3, 2)

    def test_limits_of_karpenter(self) -> None:
        pool = node_pool(limits={"cpu": "4"})
        assert len(capacity_of([pool], deployment("a", 5, requests={"cpu": "1"})).shortfalls()) == 1
        assert capacity_of([pool], deployment("a", 4, requests={"cpu": "1"})).shortfalls() == []

    def test_what_autoscalers_may_ask_for(self) -> None:
        autoscaler = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: a}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}, minReplicas: 1, maxReplicas: 20}
"""
        capacity = capacity_of([large(max_size=2)], deployment("a", 1, requests={"cpu": "1"}), autoscaler)
        assert capacity.shortfalls() == []
        [shortfall] = capacity.shortfalls(at_most=True)
        assert shortfall.requested == 20_000

    def test_what_is_not_known_or_does_not_stay_is_no_shortfall(self) -> None:
        job = """\
apiVersion: batch/v1
kind: Job
metadata: {name: job}
spec: {parallelism: 100, template: {spec: {containers: [{name: app, resources: {requests: {cpu: "1"}}}]}}}
"""
        unknown_replicas = deployment("a", 77, requests={"cpu": "1"}).replace("77", "${REPLICAS}")
        rejected = deployment("b", 99, requests={"cpu": "1"}, nodeSelector={"pool": "none"})
        assert capacity_of([large(max_size=1)], job, unknown_replicas, rejected).shortfalls() == []

    def test_two_overlays_of_one_workload_count_once(self) -> None:
        text = deployment("a", 1, requests={"cpu": "1"})
        one, two = workload(text, "overlays/dev/a.yaml"), workload(text, "overlays/prod/a.yaml")
        [capacity] = capacities(estate([large(max_size=1)], one, two))
        assert len(capacity.crowds) == 1


class TestPacking:
    """First-fit decreasing."""

    def test_pieces_that_do_not_add_up(self) -> None:
        capacity = capacity_of([large(max_size=2)], deployment("a", 3, requests={"cpu": "1200m"}))
        assert capacity.shortfalls() == []
        [(crowd, number)] = capacity.left_over()
        assert (crowd.workload.name, number) == ("a", 1)

    def test_pods_that_keep_apart(self) -> None:
        ports = [{"containerPort": 80, "hostPort": 80}]
        capacity = capacity_of([large(max_size=2)], deployment("a", 3, ports=ports))
        assert [number for _, number in capacity.left_over()] == [1]

    def test_pools_without_bounds_take_everything(self) -> None:
        assert capacity_of([node_pool()], deployment("a", 999, requests={"cpu": "3"})).left_over() == []

    def test_larger_pods_go_first(self) -> None:
        items = [Item(4, {"cpu": 1}, 1), Item(1, {"cpu": 4}, 1)]
        assert left_over(items, [Group(2, {"cpu": 4})]) == [0, 0]

    def test_reach_is_respected(self) -> None:
        items = [Item(2, {"cpu": 1}, 0b10), Item(1, {"cpu": 1}, 0b01)]
        assert left_over(items, [Group(1, {"cpu": 1}), Group(1, {"cpu": 1})]) == [1, 0]

    def test_too_much_to_try(self) -> None:
        assert left_over([Item(1, {}, 1)] * 1000, [Group(1000, {})]) is None


class TestDaemonsets:
    """What fits on an empty node only never fits."""

    def test_no_room_beside_the_daemonsets(self) -> None:
        agent = deployment("agent", 0, "DaemonSet", requests={"cpu": "500m"})
        app = deployment("app", 1, requests={"cpu": "1500m"})
        made = estate([large()], workload(agent), workload(app), default_addons=("vpc-cni",))
        of_agent, of_app = placements(made)
        assert of_agent.crowded_out == []
        [said] = of_app.crowded_out
        assert said.cause is Cause.NO_ROOM_BESIDE_DAEMONSETS
        assert said.reason == (
            "with its DaemonSets (aws-node of EKS included), 2.02 of cpu requested, at most 1.93 allocatable on m5.large"
        )
        assert of_app.causes == ()

    def test_another_pool_has_room(self) -> None:
        agent = deployment("agent", 0, "DaemonSet", requests={"cpu": "500m"})
        app = deployment("app", 1, requests={"cpu": "1500m"})
        made = estate([large(), node_pool()], workload(agent), workload(app))
        assert placements(made)[1].crowded_out == []


class TestPorts:
    """NodePorts: a DaemonSet holds its ports on every node."""

    def test_two_workloads_want_one_port(self) -> None:
        agent = deployment("agent", 0, "DaemonSet", ports=PORTS)
        app = deployment("app", 1, ports=PORTS)
        [conflict] = capacity_of([large()], agent, app).port_conflicts
        assert (conflict.holder.name, conflict.other.name, conflict.wants.number) == ("agent", "app", 9100)
        assert conflict.wants.place.path == ("ports", 0, "hostPort")

    @pytest.mark.parametrize(
        "ports",
        [
            [{"containerPort": 9100, "hostPort": 9101}],
            [{"containerPort": 9100, "hostPort": 9100, "protocol": "UDP"}],
            [{"containerPort": 9100}],
        ],
    )
    def test_other_ports(self, ports: list[dict[str, Any]]) -> None:
        agent = deployment("agent", 0, "DaemonSet", ports=PORTS)
        assert capacity_of([large()], agent, deployment("app", 1, ports=ports)).port_conflicts == []

    def test_addresses_that_differ(self) -> None:
        one = [{"containerPort": 80, "hostPort": 80, "hostIP": "10.0.0.1"}]
        two = [{"containerPort": 80, "hostPort": 80, "hostIP": "10.0.0.2"}]
        every = [{"containerPort": 80, "hostPort": 80, "hostIP": "0.0.0.0"}]
        agent = deployment("agent", 0, "DaemonSet", ports=one)
        assert capacity_of([large()], agent, deployment("app", 1, ports=two)).port_conflicts == []
        assert len(capacity_of([large()], agent, deployment("app", 1, ports=every)).port_conflicts) == 1

    def test_a_node_without_the_daemonset_is_left(self) -> None:
        agent = deployment("agent", 0, "DaemonSet", ports=PORTS, nodeSelector={"pool": "a"})
        pools = [large(name="a", labels={"pool": "a"}), large(name="b")]
        assert capacity_of(pools, agent, deployment("app", 1, ports=PORTS)).port_conflicts == []

"""InterPodAffinity, PodTopologySpread and NodePorts among a workload's own replicas."""

from typing import Any

import pytest
import yaml
from placement_kit import fargate_profile, node_group, node_pool, place, unknown

from ekslint.model.pool import Pool
from ekslint.model.reading import Undecided
from ekslint.placement.causes import Cause
from ekslint.placement.replicas import HOSTNAME_LABEL, Bottleneck, Separation

ZONE = "topology.kubernetes.io/zone"
OWN = {"matchLabels": {"app": "api"}}


def anti_affinity(key: str, selector: dict[str, Any] | None = OWN, **further: Any) -> dict[str, Any]:
    term = {"topologyKey": key, "labelSelector": selector, **further}
    return {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}}


def spread(key: str, least: int | None, skew: int = 1, when: str = "DoNotSchedule") -> dict[str, Any]:
    constraint = {"topologyKey": key, "maxSkew": skew, "whenUnsatisfiable": when, "labelSelector": OWN}
    if least is not None:
        constraint["minDomains"] = least
    return {"topologySpreadConstraints": [constraint]}


def manifest(replicas: int, spec: dict[str, Any], kind: str = "Deployment", **further: Any) -> str:
    return yaml.safe_dump(
        {
            "apiVersion": "apps/v1",
            "kind": kind,
            "metadata": {"name": "api"},
            "spec": {
                "replicas": replicas,
                "template": {"metadata": {"labels": {"app": "api"}}, "spec": {"containers": [{"name": "app"}], **spec}},
                **further,
            },
        }
    )


def found(replicas: int, spec: dict[str, Any], *pools: Pool, **further: Any) -> list[Bottleneck]:
    return place(manifest(replicas, spec, **further), *pools).bottlenecks


class TestAntiAffinity:
    """One pod a domain."""

    def test_more_replicas_than_nodes(self) -> None:
        [bottleneck] = found(5, anti_affinity(HOSTNAME_LABEL), node_group(max_size=3), node_group("b", max_size=1))
        assert bottleneck.separation is Separation.ANTI_AFFINITY
        assert (bottleneck.domains, bottleneck.limit, bottleneck.replicas) == (4, 4, 5)
        assert bottleneck.is_by_node
        assert bottleneck.blocks_replicas
        assert not bottleneck.blocks_rollout
        assert bottleneck.place.path == ("topologyKey",)

    def test_as_many_replicas_as_nodes_block_the_rollout_only(self) -> None:
        [bottleneck] = found(3, anti_affinity(HOSTNAME_LABEL), node_group(max_size=3))
        assert bottleneck.during_rollout == 4
        assert bottleneck.blocks_rollout
        assert not bottleneck.blocks_replicas

    @pytest.mark.parametrize(
        "further",
        [
            {"strategy": {"type": "Recreate"}},
            {"strategy": {"rollingUpdate": {"maxUnavailable": 1}}},
            {"strategy": {"rollingUpdate": {"maxUnavailable": "34%"}}},
            # both shares come to nothing, so that the controller lets one pod be missing
            {"strategy": {"rollingUpdate": {"maxSurge": 0}}},
            {"strategy": {"rollingUpdate": {"maxSurge": "0%", "maxUnavailable": "25%"}}},
            {"kind": "StatefulSet"},
        ],
    )
    def test_rollouts_that_take_old_pods_away_first(self, further: dict[str, Any]) -> None:
        assert found(3, anti_affinity(HOSTNAME_LABEL), node_group(max_size=3), **further) == []

    @pytest.mark.parametrize(
        "shares",
        [
            {"maxSurge": "1%"},
            {"maxSurge": 1, "maxUnavailable": 0},
            {"maxSurge": "25%", "maxUnavailable": "33%"},
            {"maxUnavailable": 0},
        ],
    )
    def test_shares_are_rounded_as_the_controller_does(self, shares: dict[str, Any]) -> None:
        strategy = {"rollingUpdate": shares}
        [bottleneck] = found(3, anti_affinity(HOSTNAME_LABEL), node_group(max_size=3), strategy=strategy)
        assert bottleneck.blocks_rollout

    def test_new_and_old_pods_may_share_a_node_if_the_revision_counts(self) -> None:
        apart = anti_affinity(HOSTNAME_LABEL, matchLabelKeys=["pod-template-hash"])
        assert found(3, apart, node_group(max_size=3)) == []

    def test_more_replicas_than_zones(self) -> None:
        pools = [
            node_group("a", availability_zones=("eu-west-1a",)),
            node_group("b", availability_zones=("eu-west-1a", "eu-west-1b")),
        ]
        [bottleneck] = found(3, anti_affinity(ZONE), *pools)
        assert bottleneck.is_zonal
        assert (bottleneck.domains, bottleneck.limit) == (2, 2)
        old = anti_affinity("failure-domain.beta.kubernetes.io/zone")
        assert found(3, old, *pools)[0].is_zonal

    @pytest.mark.parametrize(
        ("selector", "further"),
        [
            ({"matchLabels": {"app": "other"}}, {}),
            (None, {}),
            (OWN, {"namespaces": ["other"]}),
            (OWN, {"namespaceSelector": {"matchLabels": {"team": "a"}}}),
            (OWN, {"mismatchLabelKeys": ["app"]}),
            (OWN, {"mismatchLabelKeys": ["pod-template-hash"]}),
            (OWN, {"matchLabelKeys": ["statefulset.kubernetes.io/pod-name"]}),
        ],
    )
    def test_terms_about_other_pods(self, selector: dict[str, Any] | None, further: dict[str, Any]) -> None:
        assert found(9, anti_affinity(HOSTNAME_LABEL, selector, **further), node_group(max_size=3)) == []

    @pytest.mark.parametrize(
        "further",
        [{"namespaces": ["default"]}, {"namespaceSelector": {}}, {"mismatchLabelKeys": ["tenant"]}],
    )
    def test_terms_about_the_own_namespace_in_other_words(self, further: dict[str, Any]) -> None:
        assert found(9, anti_affinity(HOSTNAME_LABEL, **further), node_group(max_size=3))

    def test_pools_without_bounds_are_no_bottleneck(self) -> None:
        apart = anti_affinity(HOSTNAME_LABEL)
        assert found(9, apart, node_group(max_size=3), node_pool()) == []
        assert found(9, apart, node_group(max_size=unknown())) == []
        assert found(9, apart, fargate_profile("fp", ("default", {}))) == []
        assert len(found(9, apart, node_pool(limits={"nodes": "3"}))) == 1
        assert found(9, anti_affinity(ZONE), node_group(availability_zones=None)) == []

    def test_only_pools_that_take_the_pods_count(self) -> None:
        apart = anti_affinity(HOSTNAME_LABEL)
        tainted = node_group("b", max_size=100, taints=["a:NoSchedule"])
        assert len(found(4, apart, node_group(max_size=3), tainted)) == 1
        assert found(4, apart, node_group(max_size=3), node_group("b", max_size=100)) == []

    def test_an_unknown_number_of_replicas_is_undecided(self) -> None:
        text = manifest(3, anti_affinity(HOSTNAME_LABEL)).replace("replicas: 3", "replicas: ${REPLICAS}")
        with pytest.raises(Undecided):
            _ = place(text, node_group(max_size=1)).bottlenecks


class TestSpread:
    """Hard spreading over more domains than there are."""

    def test_more_domains_wanted_than_there_are_zones(self) -> None:
        group = node_group(availability_zones=("eu-west-1a", "eu-west-1b"))
        [bottleneck] = found(6, spread(ZONE, 3, skew=2), group)
        assert bottleneck.separation is Separation.SPREAD
        assert (bottleneck.domains, bottleneck.limit, bottleneck.blocks_replicas) == (2, 4, True)
        [bottleneck] = found(2, spread(ZONE, 3), group)
        assert not bottleneck.blocks_replicas

    def test_spreading_that_can_be_had(self) -> None:
        group = node_group(availability_zones=("eu-west-1a", "eu-west-1b"))
        assert found(6, spread(ZONE, 2), group) == []
        assert found(6, spread(ZONE, None), group) == []
        assert found(6, spread(ZONE, 3, when="ScheduleAnyway"), group) == []
        other = spread(ZONE, 3)
        other["topologySpreadConstraints"][0]["labelSelector"] = {"matchLabels": {"app": "other"}}
        assert found(6, other, group) == []
        for selector in ({"labelSelector": None}, {"matchLabelKeys": ["apps.kubernetes.io/pod-index"]}):
            other["topologySpreadConstraints"][0].update({"labelSelector": OWN, **selector})
            assert found(6, other, group) == []

    def test_one_zone_is_enough_without_a_least_number(self) -> None:
        assert found(6, spread(ZONE, None), node_group(availability_zones=("eu-west-1a",))) == []
        [bottleneck] = found(6, spread(ZONE, 2), node_group(availability_zones=("eu-west-1a",)))
        assert (bottleneck.domains, bottleneck.limit) == (1, 1)

    def test_nodes_without_the_label_take_no_pod(self) -> None:
        racked = spread("rack", None)
        assert place(manifest(1, racked), node_group()).cause is Cause.TOPOLOGY_KEY
        assert place(manifest(1, racked), node_group(labels={"rack": "a"})).cause is None
        racked["topologySpreadConstraints"][0]["whenUnsatisfiable"] = "ScheduleAnyway"
        assert place(manifest(1, racked), node_group()).cause is None


class TestHostPorts:
    """One pod a node."""

    @pytest.mark.parametrize(
        "spec",
        [
            {"containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 8080}]}]},
            {"hostNetwork": True, "containers": [{"name": "app", "ports": [{"containerPort": 80}]}]},
            {
                "containers": [{"name": "app"}],
                "initContainers": [{"name": "proxy", "restartPolicy": "Always", "ports": [{"hostPort": 8080}]}],
            },
        ],
    )
    def test_a_port_of_the_host(self, spec: dict[str, Any]) -> None:
        [bottleneck] = found(4, spec, node_group(max_size=3))
        assert bottleneck.separation is Separation.HOST_PORT
        assert bottleneck.limit == 3
        assert found(2, spec, node_group(max_size=3)) == []

    def test_a_port_of_the_container_alone(self) -> None:
        spec = {"containers": [{"name": "app", "ports": [{"containerPort": 80}]}]}
        assert found(4, spec, node_group(max_size=1)) == []

    def test_a_port_of_a_container_that_ends_before_the_others_start(self) -> None:
        spec = {"containers": [{"name": "app"}], "initContainers": [{"name": "step", "ports": [{"hostPort": 8080}]}]}
        assert found(4, spec, node_group(max_size=1)) == []

"""Why no pool takes a workload: one root cause for the labels, the nearest miss first, and when nothing is said."""

import pytest
from placement_kit import (
    affinity,
    estate,
    fargate_profile,
    kubernetes_object,
    node_group,
    node_pool,
    place,
    requests,
    unknown,
    workload,
)

from ekslint.model.condition import Chosen
from ekslint.model.pool import Pool
from ekslint.model.reading import Choice, Reading, Undecided
from ekslint.model.world import ChoicePoint, Forked
from ekslint.placement.causes import Cause, Stage
from ekslint.placement.placements import placements
from ekslint.placement.verdicts import Verdict

CPU = {"labels": {"workload": "cpu"}}


@pytest.mark.parametrize(
    ("spec", "pools", "cause", "label"),
    [
        ({"nodeSelector": {"node-type": "web"}}, [node_group(**CPU)], Cause.KEY_ABSENT, "node-type"),
        ({"nodeSelector": {"workload": "gpu"}}, [node_group(**CPU)], Cause.VALUE_DIFFERS, "workload"),
        # a pool with another value is nearer than one without the label
        (
            {"nodeSelector": {"workload": "gpu"}},
            [node_group("a"), node_group("b", **CPU)],
            Cause.VALUE_DIFFERS,
            "workload",
        ),
        # what no pool has at all comes before what only no single one has together
        (
            {"nodeSelector": {"a": "1", "b": "2", "c": "3"}},
            [node_group("a", labels={"a": "1"}), node_group("b", labels={"b": "2"})],
            Cause.KEY_ABSENT,
            "c",
        ),
        (
            {"nodeSelector": {"a": "1", "b": "2"}},
            [node_group("a", labels={"a": "1"}), node_group("b", labels={"b": "2"})],
            Cause.LABELS_ON_DIFFERENT_POOLS,
            None,
        ),
        (
            {"nodeSelector": {"kubernetes.io/arch": "arm64", "workload": "gpu"}},
            [node_group(**CPU)],
            Cause.ARCHITECTURE,
            "kubernetes.io/arch",
        ),
        (
            {"nodeSelector": {"kubernetes.io/os": "windows"}},
            [node_group(ami_family="AmazonLinux2023")],
            Cause.OPERATING_SYSTEM,
            "kubernetes.io/os",
        ),
        (
            {"nodeSelector": {"topology.kubernetes.io/zone": "us-east-1a"}},
            [node_group(), node_pool()],
            Cause.ZONE,
            "topology.kubernetes.io/zone",
        ),
        # labels that nothing sets, and those that only nodes of other kinds have
        (
            {"nodeSelector": {"eks.amazonaws.com/node-class": "ai"}},
            [node_pool(kind="auto")],
            Cause.INVENTED_LABEL,
            "eks.amazonaws.com/node-class",
        ),
        ({"nodeSelector": {"karpenter.sh/nodepol": "x"}}, [node_pool()], Cause.INVENTED_LABEL, "karpenter.sh/nodepol"),
        (
            {"nodeSelector": {"cloud.google.com/gke-nodepool": "x"}},
            [node_group()],
            Cause.INVENTED_LABEL,
            "cloud.google.com/gke-nodepool",
        ),
        (
            {"nodeSelector": {"karpenter.sh/nodepool": "x"}},
            [node_group()],
            Cause.LABEL_OF_OTHER_KIND,
            "karpenter.sh/nodepool",
        ),
        (
            {"nodeSelector": {"eks.amazonaws.com/nodegroup": "x"}},
            [node_pool()],
            Cause.LABEL_OF_OTHER_KIND,
            "eks.amazonaws.com/nodegroup",
        ),
        (
            {"nodeSelector": {"karpenter.k8s.aws/instance-family": "m5"}},
            [node_pool(kind="auto")],
            Cause.LABEL_OF_OTHER_KIND,
            "karpenter.k8s.aws/instance-family",
        ),
        (
            {"nodeSelector": {"eks.amazonaws.com/compute-type": "fargate"}},
            [node_pool(kind="auto")],
            Cause.LABEL_OF_OTHER_KIND,
            "eks.amazonaws.com/compute-type",
        ),
        # names of pools and node classes
        (
            {"nodeSelector": {"eks.amazonaws.com/nodegroup": "genral"}},
            [node_group("general")],
            Cause.UNKNOWN_POOL_NAME,
            "eks.amazonaws.com/nodegroup",
        ),
        (
            {"nodeSelector": {"karpenter.k8s.aws/ec2nodeclass": "gpu"}},
            [node_pool()],
            Cause.UNKNOWN_POOL_NAME,
            "karpenter.k8s.aws/ec2nodeclass",
        ),
        # topology
        (
            {
                "topologySpreadConstraints": [
                    {"topologyKey": "rack", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
                ]
            },
            [node_group()],
            Cause.TOPOLOGY_KEY,
            "rack",
        ),
        (
            {
                "affinity": {
                    "podAffinity": {
                        "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "rack", "labelSelector": {}}]
                    }
                }
            },
            [node_group()],
            Cause.TOPOLOGY_KEY,
            "rack",
        ),
        (affinity(), [node_group()], Cause.CONTRADICTION, None),
    ],
)
def test_the_root_cause_of_labels(spec: dict[str, object], pools: list[Pool], cause: Cause, label: str | None) -> None:
    placement = place(spec, *pools)
    assert placement.verdict is Verdict.REJECTED
    assert placement.causes == (cause,)
    assert placement.blamed_label == label
    assert len(placement.rejections(cause)) == len(pools)
    assert not any(placement.rejections(other) for other in Cause if other is not cause)


@pytest.mark.parametrize(
    "spec",
    [
        {"topologySpreadConstraints": [{"topologyKey": "rack", "maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway"}]},
        {
            "topologySpreadConstraints": [
                {"topologyKey": "topology.kubernetes.io/zone", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
                {"topologyKey": "kubernetes.io/hostname", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
            ]
        },
        # nodes without the label of an anti-affinity are none of its business
        {
            "affinity": {
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "rack", "labelSelector": {}}]
                }
            }
        },
    ],
)
def test_topologies_that_keep_nobody_away(spec: dict[str, object]) -> None:
    assert place(spec, node_group()).verdict is Verdict.FITS


def test_a_node_class_that_no_pool_uses() -> None:
    node_class = """\
apiVersion: eks.amazonaws.com/v1
kind: NodeClass
metadata: {name: ai}
"""
    made = workload({"nodeSelector": {"eks.amazonaws.com/nodeclass": "ai"}})
    [placement] = placements(estate([node_pool(kind="auto")], made, kubernetes_object(node_class)))
    assert placement.causes == (Cause.UNUSED_NODE_CLASS,)


def test_the_sample_with_two_mistakes_gets_two_causes_and_no_more() -> None:
    group = node_group(instance_types=("t3.medium",), taints=["dedicated=batch:NoSchedule"], **CPU)
    placement = place({**requests(cpu="500m", memory="6Gi"), "nodeSelector": {"workload": "cpu"}}, group)
    assert placement.causes == (Cause.UNTOLERATED_TAINT, Cause.TOO_LARGE)
    assert [each.cause for each in placement.rejections(Cause.UNTOLERATED_TAINT)] == [Cause.UNTOLERATED_TAINT]
    assert [each.cause for each in placement.rejections(Cause.TOO_LARGE)] == [Cause.TOO_LARGE]
    frontend = place({"nodeSelector": {"node-type": "frontend"}, **requests(memory="6Gi")}, group)
    assert frontend.causes == (Cause.KEY_ABSENT,)


def test_taints_and_fit_are_judged_over_the_pools_with_the_labels() -> None:
    tainted = node_group("tainted", taints=["a:NoSchedule"], **CPU)
    small = node_group("small", instance_types=("t3.small",), **CPU)
    other = node_group("other", instance_types=("m5.24xlarge",))
    spec = {"nodeSelector": {"workload": "cpu"}, **requests(memory="6Gi")}
    assert place(spec, tainted, other).causes == (Cause.UNTOLERATED_TAINT,)
    assert place(spec, small, other).causes == (Cause.TOO_LARGE,)
    # one pool is tainted and the other too small: neither alone is why, so the first question is
    mixed = place(spec, tainted, small, other)
    assert mixed.verdict is Verdict.REJECTED
    assert mixed.causes == (Cause.UNTOLERATED_TAINT,)
    assert [str(each.pool) for each in mixed.rejections(Cause.UNTOLERATED_TAINT)][-1] == "node group other"


def test_a_pod_that_is_probably_too_large_is_unclear_but_told() -> None:
    placement = place(requests(memory="7Gi"), node_group(), default_addons=("vpc-cni",))
    assert placement.verdict is Verdict.UNCLEAR
    assert placement.causes == (Cause.PROBABLY_TOO_LARGE,)
    [said] = placement.rejections(Cause.PROBABLY_TOO_LARGE)
    assert said.reason == "7Gi of memory requested, usually 6.74Gi allocatable on m5.large"
    assert placement.rejections(Cause.TOO_LARGE) == []


def test_the_nearest_miss_comes_first() -> None:
    pools = [
        node_group("far"),
        fargate_profile("fp", ("other", {})),
        node_group("near", labels={"team": "a", "tier": "wab"}),
        node_group("middle", labels={"team": "a"}),
        node_group("nearest", labels={"team": "a", "tier": "web", "zone": "1"}, taints=["x:NoSchedule"]),
    ]
    placement = place({"nodeSelector": {"team": "a", "tier": "web", "zone": "1"}}, *pools)
    assert [each.pool.name for each in placement.pools] == ["nearest", "near", "middle", "far", "fp"]


@pytest.mark.parametrize(
    ("spec", "pool", "suggestion"),
    [
        ({"nodeSelector": {"workload": "cpu2"}}, node_group(**CPU), "workload=cpu"),
        ({"nodeSelector": {"worklod": "cpu"}}, node_group(**CPU), "workload=cpu"),
        ({"nodeSelector": {"example.com/workload": "cpu"}}, node_group(**CPU), "workload=cpu"),
        ({"nodeSelector": {"workload": "entirely-different"}}, node_group(**CPU), None),
        ({"nodeSelector": {"kubernetes.io/arch": "arm64"}}, node_group(), None),
        (
            {"nodeSelector": {"karpenter.sh/capacity-type": "ondemand"}},
            node_pool(),
            "karpenter.sh/capacity-type=on-demand",
        ),
        ({"nodeSelector": {"team": "prod-a"}}, node_pool("np", ("team", "In", ["prod-b", "x"])), "team=prod-b"),
        (affinity([("workload", "NotIn", ["cpu"])]), node_group(**CPU), None),
    ],
)
def test_what_was_probably_meant(spec: dict[str, object], pool: Pool, suggestion: str | None) -> None:
    assert place(spec, pool).pools[0].suggestion == suggestion


def test_places_point_to_both_ends() -> None:
    group = node_group(**CPU)
    placement = place({"nodeSelector": {"team": "a", "workload": "gpu"}}, group)
    [said] = placement.rejections(Cause.KEY_ABSENT)
    assert said.at_workload is not None
    assert said.at_workload.path == ("nodeSelector", "team")
    by_affinity = place(affinity([("workload", "In", ["gpu"])]), group).pools[0]
    assert by_affinity.at_workload is not None
    assert by_affinity.at_workload.path == ("matchExpressions", 0, "values", 0)
    assert by_affinity.at_pool is not None
    assert by_affinity.at_pool.path == ("labels", "workload")
    required = node_pool("np", ("tier", "Exists", []), ("team", "In", ["b"]))
    by_requirement = place({"nodeSelector": {"team": "a"}}, required).pools[0]
    assert by_requirement.at_pool is not None
    assert by_requirement.at_pool.path == ("requirements", 1)


class TestSilence:
    """When nothing can be said, nothing is said."""

    def test_no_pool_is_known(self) -> None:
        placement = place({"nodeSelector": {"a": "1"}})
        assert placement.verdict is Verdict.UNCLEAR
        assert placement.causes == ()
        assert placement.rejections(*Cause) == []
        assert [doubt.why for doubt in placement.doubts] == ["no node pool of cluster shop is known"]

    def test_karpenter_makes_nodes_that_no_file_shows(self) -> None:
        spec = {"nodeSelector": {"a": "1"}}
        assert place(spec, node_group(), evidence=("karpenter",)).verdict is Verdict.UNCLEAR
        assert place(spec, node_group(), karpenter_version="1.8").verdict is Verdict.UNCLEAR
        assert place(spec, node_group(), node_pool(), evidence=("karpenter",)).verdict is Verdict.REJECTED

    @pytest.mark.parametrize(
        "spec",
        [
            {"schedulerName": "volcano"},
            {"schedulingGates": [{"name": "example.com/quota"}]},
            {"nodeName": "ip-10-0-0-1"},
        ],
    )
    def test_the_scheduler_does_not_decide(self, spec: dict[str, object]) -> None:
        placement = place({**spec, "nodeSelector": {"a": "1"}}, node_group())
        assert placement.verdict is Verdict.UNCLEAR
        assert placement.causes == ()

    def test_kueue_chooses_the_nodes(self) -> None:
        job = """\
apiVersion: batch/v1
kind: Job
metadata: {name: train, labels: {kueue.x-k8s.io/queue-name: gpu}}
spec: {template: {spec: {nodeSelector: {a: "1"}}}}
"""
        assert place(job, node_group()).verdict is Verdict.UNCLEAR

    def test_the_nodes_of_hyperpod_are_declared_elsewhere(self) -> None:
        key = "node.kubernetes.io/instance-type"
        term = {"matchExpressions": [{"key": key, "operator": "In", "values": ["ml.p5.48xlarge"]}]}
        other = {"matchExpressions": [{"key": key, "operator": "In", "values": ["p5.48xlarge"]}]}
        required = "requiredDuringSchedulingIgnoredDuringExecution"

        def by(*terms: object) -> dict[str, object]:
            return {"affinity": {"nodeAffinity": {required: {"nodeSelectorTerms": list(terms)}}}}

        assert place({"nodeSelector": {key: "ml.g5.8xlarge"}}, node_group()).verdict is Verdict.UNCLEAR
        assert place(by(term), node_group()).verdict is Verdict.UNCLEAR
        assert place(by(term, other), node_group()).verdict is Verdict.REJECTED
        assert place(by({"matchExpressions": []}), node_group()).verdict is Verdict.REJECTED

    def test_the_default_scheduler_by_name_is_no_other(self) -> None:
        assert place({"schedulerName": "default-scheduler"}, node_group()).verdict is Verdict.FITS

    def test_a_template_leaves_the_selector_open(self) -> None:
        manifest = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec: {template: {spec: {nodeSelector: {workload: "{{ .Values.pool }}"}}}}
"""
        assert place(manifest, node_group(**CPU)).verdict is Verdict.UNCLEAR
        # whatever the value, the label has to be there
        assert place(manifest, node_group()).causes == (Cause.KEY_ABSENT,)

    def test_one_unresolved_pool_leaves_the_whole_unclear(self) -> None:
        placement = place({"nodeSelector": {"a": "1"}}, node_group(), node_group("other", labels=unknown()))
        assert placement.verdict is Verdict.UNCLEAR
        with pytest.raises(Undecided, match="parameter P has no default"):
            placement.rejections(Cause.KEY_ABSENT)

    def test_one_certain_rejection_decides_beside_unknowns(self) -> None:
        group = node_group(labels=unknown(), taints=["a:NoSchedule"])
        placement = place({"nodeSelector": {"a": "1"}}, group)
        assert placement.causes == (Cause.UNTOLERATED_TAINT,)

    def test_too_many_alternatives_are_not_multiplied_out(self) -> None:
        spec = affinity(*([(f"a{number}", "In", ["x"])] for number in range(100)))
        assert place(spec, node_group()).verdict is Verdict.UNCLEAR


class TestDoubt:
    """Findings count less where there may be pools that no file shows."""

    def test_built_in_pools_may_have_company(self) -> None:
        builtin = node_pool("general-purpose", kind="auto-builtin")
        assert place({"nodeSelector": {"a": "1"}}, builtin).doubt_steps == 1
        assert place({"nodeSelector": {"a": "1"}}, builtin, node_pool("own", kind="auto")).doubt_steps == 0

    def test_a_cluster_that_may_exist_already(self) -> None:
        assert place({}, node_group(), has_external_parts=True).doubt_steps == 1
        assert place({}, node_group()).doubt_steps == 0


class TestWorlds:
    """Conditions are choices of the engine: reading what depends on one raises Forked, and answers are kept apart."""

    def test_a_conditional_pool(self) -> None:
        group = node_group(**CPU)
        made = estate([group, node_group("other")], workload({"nodeSelector": {"workload": "cpu"}}))
        point = ChoicePoint("HasPool", 2, "HasPool")
        group.presence = Chosen(made.world, point, frozenset({0}))
        [placement] = placements(made)
        with pytest.raises(Forked):
            _ = placement.verdict
        with made.world.assuming({point: 0}):
            assert placement.verdict is Verdict.FITS
        with made.world.assuming({point: 1}):
            assert placement.causes == (Cause.KEY_ABSENT,)
        with made.world.assuming({point: 0}):
            assert [str(pool) for pool in placement.fitting] == ["node group general"]

    def test_a_condition_on_a_field_that_does_not_matter_makes_no_fork(self) -> None:
        group = node_group(**CPU)
        made = estate([group], workload({"nodeSelector": {"workload": "cpu"}}))
        point = ChoicePoint("Spot", 2, "Spot")
        condition = Chosen(made.world, point, frozenset({0}))
        group.declare(
            capacity_type=Reading(
                Choice(condition, Reading("SPOT", group.origin), Reading("ON_DEMAND", group.origin)), group.origin
            )
        )
        [placement] = placements(made)
        assert placement.verdict is Verdict.FITS


def test_stages_of_causes() -> None:
    assert Cause.KEY_ABSENT.stage is Stage.LABELS
    assert Cause.UNTOLERATED_TAINT.stage is Stage.TAINTS
    assert Cause.NO_SUCH_DEVICE.stage is Stage.FIT
    assert [cause.rank for cause in Cause] == list(range(len(Cause)))


def test_placements_are_made_once() -> None:
    made = estate([node_group()], workload({}), workload({}, path="apps/other.yaml"))
    assert placements(made) is placements(made)
    assert [str(each) for each in placements(made)] == ["deployment app on cluster shop"] * 2

"""Karpenter and Auto Mode: Requirements.Compatible with AllowUndefinedWellKnownLabels, and then an instance type."""

import pytest
from placement_kit import affinity, kubernetes_object, node_group, node_pool, place, requests, unknown, verdict

from ekslint.model.reading import PartialMapping, PartialSequence, Reading
from ekslint.placement.causes import Cause
from ekslint.placement.needs import ANYTHING, NOTHING, Need, Values, needed_values, values_of
from ekslint.placement.verdicts import Verdict

_ABSENT = ("DoesNotExist", ())
_ANY = ("Exists", ())


def values(operator: str, *listed: str) -> Values:
    return values_of(operator, listed)


class TestValues:
    """Sets of values, as `pkg/scheduling/requirement.go` has them."""

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            (values("In", "a", "b"), values("In", "b", "c"), values("In", "b")),
            (values("In", "a"), values("In", "b"), NOTHING),
            (values("In", "a", "b"), values("NotIn", "b"), values("In", "a")),
            (values("NotIn", "a"), values("NotIn", "b"), values("NotIn", "a", "b")),
            (values("Exists"), values("In", "a"), values("In", "a")),
            (values("DoesNotExist"), values("Exists"), NOTHING),
            (values("Gt", "1"), values("In", "1", "2", "3", "x"), values("In", "2", "3")),
            (values("Lt", "3"), values("In", "1", "2", "3"), values("In", "1", "2")),
            (values("Gt", "1"), values("Lt", "5"), Values(complement=True, least=2, most=4)),
            (values("Gt", "4"), values("Lt", "5"), NOTHING),
            (values("Gte", "4"), values("Lte", "4"), Values(complement=True, least=4, most=4)),
            (values("Gt", "1"), values("NotIn", "0", "7"), Values(frozenset({"7"}), complement=True, least=2)),
        ],
    )
    def test_intersection(self, one: Values, other: Values, expected: Values) -> None:
        assert one.intersection(other) == expected
        assert other.intersection(one) == expected
        assert one.intersects(other) is (expected.complement or bool(expected.values))

    def test_what_does_without_the_label(self) -> None:
        assert values("NotIn", "a").is_negative
        assert NOTHING.is_negative
        assert not ANYTHING.is_negative
        assert not values("In", "a").is_negative
        assert not values("Gt", "1").is_negative

    def test_needs_that_exclude_each_other(self) -> None:
        assert needed_values([Need("k", "In", ("a",)), Need("k", "In", ("b",))]) is None
        assert needed_values([Need("k", "In", ("a",)), Need("k", "NotIn", ("a",))]) is None
        assert needed_values([Need("k", "Exists"), Need("k", "DoesNotExist")]) is None
        assert needed_values([Need("k", "NotIn", ("a",)), Need("k", "DoesNotExist")]) == NOTHING


@pytest.mark.parametrize(
    ("pool", "pod", "expected"),
    [
        # a label that the NodePool does not define: denied, unless the pod can do without
        (None, ("In", ["a"]), "rejected"),
        (None, ("Exists", []), "rejected"),
        (None, ("Gt", ["1"]), "rejected"),
        (None, ("NotIn", ["a"]), "fits"),
        (None, ("DoesNotExist", []), "fits"),
        # defined: the sets must have a value in common
        (("In", ["a", "b"]), ("In", ["b", "c"]), "fits"),
        (("In", ["a", "b"]), ("In", ["c"]), "rejected"),
        (("In", ["a", "b"]), ("NotIn", ["a"]), "fits"),
        (("In", ["a"]), ("NotIn", ["a"]), "rejected"),
        (("In", ["a"]), ("Exists", []), "fits"),
        (("In", ["a"]), ("DoesNotExist", []), "rejected"),
        (("Exists", []), ("In", ["a"]), "fits"),
        (("Exists", []), ("DoesNotExist", []), "rejected"),
        (("NotIn", ["a"]), ("In", ["a"]), "rejected"),
        (("NotIn", ["a"]), ("In", ["b"]), "fits"),
        (("NotIn", ["a"]), ("Exists", []), "fits"),
        (("Gt", ["4"]), ("In", ["5"]), "fits"),
        (("Gt", ["4"]), ("In", ["4"]), "rejected"),
        (("Gt", ["4"]), ("Lt", ["6"]), "fits"),
        (("Gt", ["4"]), ("Lt", ["5"]), "rejected"),
        (("In", ["1", "9"]), ("Gt", ["5"]), "fits"),
        (("In", ["1", "9"]), ("Gt", ["9"]), "rejected"),
        # without the label both can do
        (("NotIn", ["a"]), ("DoesNotExist", []), "fits"),
        (("DoesNotExist", []), ("NotIn", ["a"]), "fits"),
        (("DoesNotExist", []), ("DoesNotExist", []), "fits"),
        (("DoesNotExist", []), ("In", ["a"]), "rejected"),
    ],
)
def test_a_label_of_the_users_own(
    pool: tuple[str, list[str]] | None, pod: tuple[str, list[str]], expected: str
) -> None:
    made = node_pool("np", *([("team", *pool)] if pool is not None else []))
    assert verdict(affinity([("team", *pod)]), made) == expected


def test_a_label_that_is_required_and_narrowed_is_made_up() -> None:
    # Karpenter reads both together as NotIn, which it allows, and then gives the node some value
    both = affinity([("team", "Exists", []), ("team", "NotIn", ["a"])])
    assert verdict(both, node_pool("np")) == "unclear"
    spread = {"topologyKey": "team", "maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"}
    narrowed = affinity([("team", "NotIn", ["a"])])
    assert verdict({**narrowed, "topologySpreadConstraints": [spread]}, node_pool("np")) == "rejected"


@pytest.mark.parametrize(
    ("key", "operator", "listed", "expected"),
    [
        ("karpenter.k8s.aws/instance-family", "In", ["m5"], "fits"),
        ("karpenter.k8s.aws/instance-family", "In", ["m99"], "rejected"),
        ("karpenter.k8s.aws/instance-cpu", "Gt", ["190"], "fits"),
        ("karpenter.k8s.aws/instance-cpu", "Gt", ["100000"], "rejected"),
        ("karpenter.k8s.aws/instance-gpu-name", "Exists", [], "fits"),
        ("karpenter.k8s.aws/instance-gpu-name", "DoesNotExist", [], "fits"),
        ("karpenter.k8s.aws/instance-gpu-name", "NotIn", ["t4"], "fits"),
        ("node.kubernetes.io/instance-type", "In", ["m5.large"], "fits"),
        ("kubernetes.io/arch", "In", ["arm64"], "fits"),
        ("karpenter.sh/capacity-type", "In", ["spot"], "fits"),
        ("karpenter.sh/capacity-type", "In", ["reserved"], "unclear"),
        ("karpenter.sh/capacity-type", "In", ["SPOT"], "rejected"),
        ("karpenter.sh/nodepool", "In", ["np"], "fits"),
        ("karpenter.sh/nodepool", "In", ["other"], "rejected"),
        ("karpenter.k8s.aws/ec2nodeclass", "In", ["default"], "fits"),
        ("karpenter.k8s.aws/ec2nodeclass", "In", ["gpu"], "rejected"),
        ("karpenter.k8s.aws/instance-tenancy", "In", ["dedicated"], "fits"),
        ("karpenter.k8s.aws/instance-tenancy", "In", ["host"], "rejected"),
        ("topology.kubernetes.io/zone", "In", ["eu-west-1a"], "unclear"),
        ("topology.kubernetes.io/zone", "In", ["us-east-1a"], "rejected"),
        ("topology.kubernetes.io/region", "In", ["eu-west-1"], "fits"),
        ("kubernetes.io/os", "Exists", [], "fits"),
        ("kubernetes.io/hostname", "In", ["x"], "unclear"),
        ("karpenter.sh/registered", "In", ["true"], "fits"),
        ("eks.amazonaws.com/instance-family", "In", ["m5"], "rejected"),
        ("eks.amazonaws.com/nodegroup", "Exists", [], "rejected"),
        ("eks.amazonaws.com/compute-type", "NotIn", ["fargate"], "fits"),
    ],
)
def test_labels_that_every_node_of_karpenter_has(key: str, operator: str, listed: list[str], expected: str) -> None:
    assert verdict(affinity([(key, operator, listed)]), node_pool("np")) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("eks.amazonaws.com/instance-family", "m5", "fits"),
        ("eks.amazonaws.com/compute-type", "auto", "fits"),
        ("eks.amazonaws.com/compute-type", "fargate", "rejected"),
        ("eks.amazonaws.com/nodeclass", "default", "fits"),
        ("karpenter.k8s.aws/instance-family", "m5", "rejected"),
        ("kubernetes.io/os", "linux", "fits"),
        ("kubernetes.io/os", "windows", "rejected"),
        ("eks.amazonaws.com/instance-size", "nano", "rejected"),
    ],
)
def test_labels_that_every_node_of_auto_mode_has(key: str, value: str, expected: str) -> None:
    assert verdict({"nodeSelector": {key: value}}, node_pool("np", kind="auto")) == expected


class TestInstanceTypes:
    """After the labels there has to be a type."""

    def test_labels_of_a_type_have_to_meet_in_one_type(self) -> None:
        spec = {
            "nodeSelector": {
                "karpenter.k8s.aws/instance-family": "m5",
                "kubernetes.io/arch": "arm64",
            }
        }
        placement = place(spec, node_pool("np"))
        assert placement.causes == (Cause.NO_INSTANCE_TYPE,)

    def test_the_pool_narrows_the_types(self) -> None:
        small = node_pool("small", ("karpenter.k8s.aws/instance-size", "In", ["large"]))
        assert verdict({"nodeSelector": {"karpenter.k8s.aws/instance-size": "xlarge"}}, small) == "rejected"
        assert verdict({"nodeSelector": {"karpenter.k8s.aws/instance-size": "large"}}, small) == "fits"
        assert verdict({"nodeSelector": {"beta.kubernetes.io/instance-type": "m5.large"}}, small) == "fits"

    def test_template_labels_narrow_the_types_too(self) -> None:
        pool = node_pool("np", labels={"karpenter.k8s.aws/instance-family": "m5"})
        assert verdict({"nodeSelector": {"node.kubernetes.io/instance-type": "c5.large"}}, pool) == "rejected"

    def test_not_every_type_is_sold_as_spot(self) -> None:
        spot = node_pool("spot", ("karpenter.sh/capacity-type", "In", ["spot"]))
        on_demand_only = {"nodeSelector": {"karpenter.k8s.aws/instance-family": "hpc7a"}}
        assert verdict(on_demand_only, node_pool("any")) == "fits"
        assert verdict(on_demand_only, spot) == "rejected"
        assert verdict({"nodeSelector": {"karpenter.sh/capacity-type": "on-demand"}}, spot) == "rejected"

    def test_a_pool_without_any_type_takes_nothing(self) -> None:
        pool = node_pool("none", ("karpenter.k8s.aws/instance-family", "In", ["m99"]))
        placement = place({}, pool)
        assert placement.verdict is Verdict.REJECTED
        assert placement.pools[0].reason == "no instance type meets its own requirements"

    def test_auto_mode_launches_no_small_types(self) -> None:
        spec = {"nodeSelector": {"node.kubernetes.io/instance-type": "t3.micro"}}
        assert verdict(spec, node_pool("np", kind="auto")) == "rejected"
        assert verdict(spec, node_pool("np")) == "fits"

    def test_a_type_that_is_offered_nowhere_near_is_unclear(self) -> None:
        spec = {"nodeSelector": {"node.kubernetes.io/instance-type": "m5.large"}}
        assert verdict(spec, node_pool("np"), region="eu-west-1") == "fits"
        rare = {"nodeSelector": {"karpenter.k8s.aws/instance-family": "trn2"}}
        assert verdict(rare, node_pool("np"), region="us-east-2") == "fits"
        assert verdict(rare, node_pool("np"), region="eu-west-1") == "unclear"

    def test_a_pool_of_two_zones_serves_no_third(self) -> None:
        pool = node_pool("np", ("topology.kubernetes.io/zone", "In", ["eu-west-1a", "eu-west-1b"]))
        assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1b"}}, pool) == "fits"
        assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1c"}}, pool) == "rejected"
        but = node_pool("np", ("topology.kubernetes.io/zone", "NotIn", ["eu-west-1c"]))
        assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1c"}}, but) == "rejected"
        assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1b"}}, but) == "unclear"


class TestUnknowns:
    """What a template or a missing node class leaves open."""

    def test_an_unknown_requirement_leaves_labels_and_types_open_and_certain_misses_certain(self) -> None:
        pool = node_pool("np", ("kubernetes.io/arch", "In", ["amd64"]))
        known = pool.requirements[0]
        pool.declare(
            requirements=Reading(PartialSequence([Reading(known, pool.origin), unknown()]), pool.origin),
        )
        assert verdict({}, pool) == "unclear"
        assert verdict({"nodeSelector": {"kubernetes.io/arch": "arm64"}}, pool) == "rejected"
        assert verdict({"nodeSelector": {"team": "a"}}, pool) == "unclear"

    def test_an_unknown_template_label_is_there(self) -> None:
        pool = node_pool("np")
        pool.declare(labels=Reading(PartialMapping({"team": unknown()}), pool.origin))
        assert verdict({"nodeSelector": {"team": "a"}}, pool) == "unclear"
        assert verdict({"nodeSelector": {"other": "a"}}, pool) == "rejected"
        assert verdict({}, pool) == "fits"

    def test_a_pool_of_an_unknown_kind_is_unclear(self) -> None:
        pool = node_pool("np")
        pool.declare(kind=unknown())
        assert verdict({"nodeSelector": {"team": "a"}}, pool) == "unclear"

    @pytest.mark.parametrize(
        ("node_class", "system", "expected"),
        [
            (None, "windows", "unclear"),
            ("amiSelectorTerms: [{alias: al2023@latest}]", "windows", "rejected"),
            ("amiSelectorTerms: [{alias: windows2022@latest}]", "windows", "fits"),
            ("amiFamily: Bottlerocket", "linux", "fits"),
            ("amiFamily: Windows2019", "linux", "rejected"),
            ("amiFamily: '{{ family }}'", "linux", "unclear"),
        ],
    )
    def test_the_node_class_decides_the_system(self, node_class: str | None, system: str, expected: str) -> None:
        pool = node_pool("np")
        if node_class is not None:
            manifest = f"""\
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {{name: default}}
spec: {{{node_class}}}
"""
            pool.declare(node_class=Reading(kubernetes_object(manifest), pool.origin))
        assert verdict({"nodeSelector": {"kubernetes.io/os": system}}, pool) == expected

    def test_a_disk_of_the_node_class_bounds_ephemeral_storage(self) -> None:
        manifest = """\
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: default}
spec:
  amiSelectorTerms: [{alias: al2023@latest}]
  blockDeviceMappings: [{deviceName: /dev/xvda, ebs: {volumeSize: 50Gi}}]
  kubelet: {maxPods: 20, systemReserved: {memory: 1Gi}}
"""
        pool = node_pool("np", ("node.kubernetes.io/instance-type", "In", ["m5.large"]))
        pool.declare(node_class=Reading(kubernetes_object(manifest), pool.origin))
        assert verdict(requests(storage="40Gi"), pool) == "fits"
        assert place(requests(storage="45Gi"), pool).causes == (Cause.EPHEMERAL_STORAGE,)
        assert place(requests(memory="6800Mi"), pool).causes == (Cause.TOO_LARGE,)


@pytest.mark.parametrize(
    ("architectures", "selector", "expected"),
    [
        (["amd64", "arm64"], {"kubernetes.io/os": "linux"}, "unclear"),
        (["amd64", "arm64"], {"kubernetes.io/os": "windows"}, "unclear"),
        (["amd64", "arm64"], {"kubernetes.io/os": "windows", "kubernetes.io/arch": "amd64"}, "unclear"),
        (["amd64", "arm64"], {"kubernetes.io/os": "windows", "kubernetes.io/arch": "arm64"}, "rejected"),
        (
            ["amd64", "arm64"],
            {"kubernetes.io/os": "windows", "node.kubernetes.io/instance-type": "m6g.large"},
            "rejected",
        ),
        (["amd64", "arm64"], {"kubernetes.io/arch": "arm64"}, "fits"),
        (["arm64"], {"kubernetes.io/os": "windows"}, "rejected"),
        (["arm64"], {"kubernetes.io/os": "linux"}, "unclear"),
    ],
)
def test_no_image_of_windows_starts_on_arm64(architectures: list[str], selector: dict[str, str], expected: str) -> None:
    pool = node_pool("default", ("kubernetes.io/arch", "In", architectures), node_class=None)
    assert verdict({"nodeSelector": selector}, pool) == expected


def test_a_group_of_arm64_with_an_image_of_its_own_runs_linux() -> None:
    group = node_group(kind="self-managed", instance_types=("m6g.large",), ami_id="ami-1", dialect="cloudformation")
    assert verdict({"nodeSelector": {"kubernetes.io/os": "linux"}}, group) == "fits"
    [said] = place({"nodeSelector": {"kubernetes.io/os": "windows"}}, group).pools
    assert said.verdict.value == "rejected"
    assert said.cause is Cause.OPERATING_SYSTEM
    assert said.reason == "kubernetes.io/os is linux"

"""NodeAffinity: nodeSelector and required node affinity, operator by operator."""

import pytest
from placement_kit import affinity, live_node, node_group, place, requests, unknown, verdict

from ekslint.model.reading import PartialMapping, Reading
from ekslint.placement.causes import Cause
from ekslint.placement.verdicts import Verdict

GROUP = {"labels": {"disk": "ssd", "generation": "5", "word": "five"}}


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("In", "disk", ["ssd"], "fits"),
        ("In", "disk", ["hdd", "ssd"], "fits"),
        ("In", "disk", ["hdd"], "rejected"),
        ("In", "disk", [], "rejected"),
        ("In", "absent", ["ssd"], "rejected"),
        ("NotIn", "disk", ["hdd"], "fits"),
        ("NotIn", "disk", ["ssd"], "rejected"),
        ("NotIn", "absent", ["ssd"], "fits"),
        ("Exists", "disk", [], "fits"),
        ("Exists", "absent", [], "rejected"),
        ("DoesNotExist", "disk", [], "rejected"),
        ("DoesNotExist", "absent", [], "fits"),
        ("Gt", "generation", ["4"], "fits"),
        ("Gt", "generation", ["5"], "rejected"),
        ("Gt", "generation", ["-1"], "rejected"),  # no label value, so that the scheduler cannot read it
        ("NotIn", "disk", ["no value!"], "rejected"),
        ("NotIn", "disk", ["x" * 64], "rejected"),
        ("Lt", "generation", ["007"], "fits"),
        ("Gt", "word", ["4"], "rejected"),
        ("Gt", "absent", ["4"], "rejected"),
        ("Gt", "generation", ["four"], "rejected"),
        ("Gt", "generation", ["4", "3"], "rejected"),
        ("Lt", "generation", ["6"], "fits"),
        ("Lt", "generation", ["5"], "rejected"),
        ("Lt", "absent", ["6"], "rejected"),
    ],
)
def test_each_operator_on_fixed_labels(operator: str, key: str, values: list[str], expected: str) -> None:
    assert verdict(affinity([(key, operator, values)]), node_group(**GROUP)) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # terms are alternatives, expressions of a term are not
        (affinity([("disk", "In", ["hdd"])], [("disk", "In", ["ssd"])]), "fits"),
        (affinity([("disk", "In", ["ssd"]), ("absent", "Exists", [])]), "rejected"),
        # a term without requirements matches nothing, and no term at all neither
        (affinity([]), "rejected"),
        (affinity([], [("disk", "Exists", [])]), "fits"),
        (affinity(), "rejected"),
        # nodeSelector and affinity both apply
        ({"nodeSelector": {"disk": "ssd"}, **affinity([("generation", "Gt", ["7"])])}, "rejected"),
        ({"nodeSelector": {"disk": "ssd"}, **affinity([("generation", "Gt", ["4"])])}, "fits"),
        ({"nodeSelector": {"disk": "ssd", "word": "five"}}, "fits"),
        ({"nodeSelector": {"disk": "ssd", "word": "six"}}, "rejected"),
        ({}, "fits"),
        # preferences are none of the scheduler's filters
        (
            {
                "affinity": {
                    "nodeAffinity": {
                        "preferredDuringSchedulingIgnoredDuringExecution": [
                            {"weight": 1, "preference": {"matchExpressions": [{"key": "absent", "operator": "Exists"}]}}
                        ]
                    }
                }
            },
            "fits",
        ),
    ],
)
def test_terms_and_selectors_combine(spec: dict[str, object], expected: str) -> None:
    assert verdict(spec, node_group(**GROUP)) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("kubernetes.io/arch", "amd64", "fits"),
        ("beta.kubernetes.io/arch", "amd64", "fits"),
        ("kubernetes.io/arch", "arm64", "rejected"),
        ("kubernetes.io/os", "linux", "fits"),
        ("kubernetes.io/os", "windows", "rejected"),
        ("node.kubernetes.io/instance-type", "m5.large", "fits"),
        ("beta.kubernetes.io/instance-type", "m5.large", "fits"),
        ("node.kubernetes.io/instance-type", "m5.xlarge", "rejected"),
        ("topology.kubernetes.io/region", "eu-west-1", "fits"),
        ("failure-domain.beta.kubernetes.io/region", "us-east-1", "rejected"),
        ("topology.kubernetes.io/zone", "eu-west-1a", "fits"),
        ("failure-domain.beta.kubernetes.io/zone", "eu-west-1b", "fits"),
        ("topology.kubernetes.io/zone", "eu-west-1c", "rejected"),
        ("topology.k8s.aws/zone-id", "euw1-az1", "unclear"),
        ("topology.k8s.aws/zone-id", "use1-az1", "rejected"),
        ("eks.amazonaws.com/nodegroup", "general", "fits"),
        ("eks.amazonaws.com/nodegroup", "other", "rejected"),
        ("eks.amazonaws.com/capacityType", "SPOT", "fits"),
        ("eks.amazonaws.com/capacityType", "spot", "rejected"),
        ("alpha.eksctl.io/cluster-name", "shop", "fits"),
        ("alpha.eksctl.io/nodegroup-name", "general", "fits"),
        ("eks.amazonaws.com/nodegroup-image", "ami-1", "unclear"),
        ("kubernetes.io/hostname", "ip-10-0-0-1", "unclear"),
        ("karpenter.sh/nodepool", "general", "rejected"),
        ("node.kubernetes.io/windows-build", "10.0.20348", "rejected"),
    ],
)
def test_labels_that_nodes_of_a_managed_group_carry_by_themselves(key: str, value: str, expected: str) -> None:
    group = node_group(
        availability_zones=("eu-west-1a", "eu-west-1b"), capacity_type="SPOT", ami_family="AmazonLinux2023"
    )
    assert verdict({"nodeSelector": {key: value}}, group) == expected


@pytest.mark.parametrize(
    ("dialect", "kind", "key", "expected"),
    [
        ("cloudformation", "managed", "alpha.eksctl.io/nodegroup-name", "rejected"),
        ("cloudformation", "managed", "eks.amazonaws.com/nodegroup", "fits"),
        ("eksctl", "self-managed", "eks.amazonaws.com/nodegroup", "rejected"),
        ("eksctl", "self-managed", "alpha.eksctl.io/nodegroup-name", "fits"),
        ("cloudformation", "self-managed", "eks.amazonaws.com/capacityType", "rejected"),
    ],
)
def test_who_makes_the_group_decides_its_labels(dialect: str, kind: str, key: str, expected: str) -> None:
    group = node_group(dialect=dialect, kind=kind, ami_family="AmazonLinux2023")
    assert verdict(affinity([(key, "Exists", [])]), group) == expected


def test_type_and_architecture_have_to_meet_in_one_node() -> None:
    group = node_group(instance_types=("m5.large", "m6g.xlarge"), labels={})
    fitting = {"kubernetes.io/arch": "arm64", "node.kubernetes.io/instance-type": "m6g.xlarge"}
    assert verdict({"nodeSelector": fitting}, group) == "fits"
    crossed = {"kubernetes.io/arch": "amd64", "node.kubernetes.io/instance-type": "m6g.xlarge"}
    placement = place({"nodeSelector": crossed}, group)
    assert placement.verdict is Verdict.REJECTED
    assert placement.causes == (Cause.NO_INSTANCE_TYPE,)
    assert placement.pools[0].reason == (
        "no instance type has kubernetes.io/arch=amd64 and node.kubernetes.io/instance-type=m6g.xlarge"
    )


def test_requests_and_labels_have_to_meet_in_one_node() -> None:
    group = node_group(instance_types=("m5.large", "m6g.4xlarge"))
    large = {"containers": [{"name": "app", "resources": {"requests": {"memory": "32Gi"}}}]}
    assert verdict({**large, "nodeSelector": {"kubernetes.io/arch": "arm64"}}, group) == "fits"
    assert verdict({**large, "nodeSelector": {"kubernetes.io/arch": "amd64"}}, group) == "rejected"


def test_requirements_that_exclude_each_other_are_met_nowhere() -> None:
    spec = {"nodeSelector": {"team": "a"}, **affinity([("team", "In", ["b"])])}
    placement = place(spec, node_group(labels={"team": "a"}), node_group("other", labels={"team": "b"}))
    assert placement.causes == (Cause.CONTRADICTION,)
    assert placement.blamed_label == "team"


def test_the_name_of_a_node_is_known_for_live_nodes_only() -> None:
    spec = affinity([("metadata.name", "In", ["ip-10-0-0-1"])], fields=True)
    assert verdict(spec, live_node("ip-10-0-0-1", allocatable={"cpu": "2", "memory": "4Gi"})) == "fits"
    assert verdict(spec, live_node("ip-10-0-0-2", allocatable={"cpu": "2", "memory": "4Gi"})) == "rejected"
    assert verdict(spec, node_group()) == "unclear"
    # a label of that name is another thing
    assert verdict(affinity([("metadata.name", "In", ["x"])]), live_node(labels={"metadata.name": "x"})) == "fits"


def test_live_nodes_have_the_labels_that_they_have_and_no_others() -> None:
    node = live_node(labels={"kubernetes.io/arch": "arm64", "team": "a"})
    assert verdict({"nodeSelector": {"team": "a"}}, node) == "fits"
    assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1a"}}, node) == "rejected"
    assert verdict({"nodeSelector": {"nvidia.com/gpu.present": "true"}}, node) == "rejected"


def test_zones_that_the_account_decides_are_never_wrong_in_the_region() -> None:
    group = node_group(availability_zones=("zone #0", "zone #1"))
    assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "eu-west-1c"}}, group) == "unclear"
    assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "us-east-1a"}}, group) == "rejected"
    assert verdict(affinity([("topology.kubernetes.io/zone", "NotIn", ["us-east-1a"])]), group) == "fits"
    assert verdict(affinity([("topology.kubernetes.io/zone", "Exists", [])]), group) == "fits"


def test_without_a_region_no_zone_is_wrong() -> None:
    group = node_group(availability_zones=None)
    assert verdict({"nodeSelector": {"topology.kubernetes.io/zone": "us-east-1a"}}, group, region=None) == "unclear"
    assert verdict({"nodeSelector": {"topology.kubernetes.io/region": "us-east-1"}}, group, region=None) == "unclear"


def test_a_generated_name_may_be_anything() -> None:
    group = node_group(name="Workers", labels={}, dialect="cloudformation")
    group.declare(name=Reading(None, group.origin))
    assert verdict({"nodeSelector": {"eks.amazonaws.com/nodegroup": "Workers"}}, group) == "unclear"
    assert verdict(affinity([("eks.amazonaws.com/nodegroup", "DoesNotExist", [])]), group) == "rejected"


def test_an_unknown_value_decides_nothing_but_that_the_label_is_there() -> None:
    group = node_group()
    group.declare(labels=Reading(PartialMapping({"team": unknown()}), group.origin))
    assert verdict({"nodeSelector": {"team": "a"}}, group) == "unclear"
    assert verdict(affinity([("team", "Exists", [])]), group) == "fits"
    assert verdict(affinity([("team", "DoesNotExist", [])]), group) == "rejected"
    assert verdict({"nodeSelector": {"other": "a"}}, group) == "rejected"
    assert verdict({"nodeSelector": {"team": "a", "other": "a"}}, group) == "rejected"


@pytest.mark.parametrize(
    "key",
    [
        "feature.node.kubernetes.io/cpu-cpuid.AVX512F",
        "nvidia.com/gpu.product",
        "node-restriction.kubernetes.io/team",
        "node-role.kubernetes.io/infra",
        "company.example/rack",
    ],
)
def test_labels_that_others_put_on_nodes_are_never_missing(key: str) -> None:
    known = ("company.example/*",)
    assert verdict({"nodeSelector": {key: "x"}}, node_group(), known_node_labels=known) == "unclear"
    assert verdict(affinity([(key, "DoesNotExist", [])]), node_group(), known_node_labels=known) == "fits"


def test_instance_types_without_facts_are_unclear_and_never_wrong() -> None:
    group = node_group(instance_types=("x99.large",))
    assert verdict({"nodeSelector": {"node.kubernetes.io/instance-type": "x99.large"}}, group) == "fits"
    assert verdict({"nodeSelector": {"node.kubernetes.io/instance-type": "x99.large"}, **requests(cpu="1")}, group) == (
        "unclear"
    )
    assert verdict({"nodeSelector": {"node.kubernetes.io/instance-type": "m5.large"}}, group) == "rejected"
    assert verdict({"nodeSelector": {"kubernetes.io/arch": "arm64"}}, group) == "unclear"
    arm = node_group(instance_types=("x99.large",), ami_type="AL2023_ARM_64_STANDARD")
    assert verdict({"nodeSelector": {"kubernetes.io/arch": "amd64"}}, arm) == "rejected"
    chosen_by_attributes = node_group()
    chosen_by_attributes.declare(instance_types=unknown("the instance selector decides"))
    assert (
        verdict({"nodeSelector": {"node.kubernetes.io/instance-type": "m5.large"}}, chosen_by_attributes) == "unclear"
    )

"""Fargate: admission comes before any scheduler, and nobody chooses the labels of its nodes."""

import pytest
from placement_kit import fargate_profile, node_group, node_pool, place, requests, unknown, verdict, workload

from ekslint.model.pool import FargateSelector
from ekslint.model.reading import PartialMapping, Reading
from ekslint.placement.causes import Cause
from ekslint.placement.fargate import chosen_profile, matches_glob, selects
from ekslint.placement.verdicts import Verdict


def deployment(
    namespace: str = "default",
    labels: str = "app: api",
    annotations: str = "",
    spec: str = "",
    kind: str = "Deployment",
) -> str:
    return f"""\
apiVersion: apps/v1
kind: {kind}
metadata: {{name: api, namespace: {namespace}}}
spec:
  template:
    metadata: {{labels: {{{labels}}}, annotations: {{{annotations}}}}}
    spec: {{containers: [{{name: app}}]{spec}}}
"""


@pytest.mark.parametrize(
    ("glob", "text", "expected"),
    [
        ("default", "default", True),
        ("default", "defaults", False),
        ("team-*", "team-a", True),
        ("team-*", "team-", True),
        ("team-*", "teams", False),
        ("*", "", True),
        ("team-?", "team-a", True),
        ("team-?", "team-ab", False),
        ("*-prod-*", "eu-prod-1", True),
        ("*a*b", "xaxbxb", True),
        ("*a*b", "xaxbxc", False),
        ("?", "", False),
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("*" * 40 + "b", "a" * 5000, False),
    ],
)
def test_globs(glob: str, text: str, expected: bool) -> None:
    assert matches_glob(glob, text) is expected


@pytest.mark.parametrize(
    ("namespace", "labels", "expected"),
    [
        ("default", {}, False),
        ("team-a", {}, False),
        ("team-a", {"tier": "web"}, True),
        ("team-a", {"tier": "web", "app": "x"}, True),
        ("team-a", {"tier": "batch"}, False),
        ("jobs", {}, True),
    ],
)
def test_a_profile_selects_by_one_of_its_selectors(namespace: str, labels: dict[str, str], expected: bool) -> None:
    profile = fargate_profile("fp", ("team-*", {"tier": "w*"}), ("jobs", {}))
    assert selects(profile, namespace, labels) is expected


def test_of_several_profiles_the_first_by_name_takes_the_pod() -> None:
    profiles = [fargate_profile("b", ("default", {})), fargate_profile("a", ("*", {}))]
    chosen = chosen_profile(profiles, "default", {})
    assert chosen is profiles[1]
    assert chosen_profile(profiles, "default", {"eks.amazonaws.com/fargate-profile": "b"}) is profiles[0]
    assert chosen_profile(profiles, "default", {"eks.amazonaws.com/fargate-profile": "none"}) is profiles[1]
    assert chosen_profile([profiles[0]], "other", {}) is None


def test_what_fargate_takes_runs_nowhere_else() -> None:
    profile = fargate_profile("fp", ("default", {}))
    placement = place(deployment(), node_group(), profile)
    assert [(each.pool, each.verdict) for each in placement.pools] == [
        (profile, Verdict.FITS),
        (placement.pools[1].pool, Verdict.REJECTED),
    ]
    assert placement.pools[1].cause is Cause.RUNS_ON_FARGATE


def test_what_no_profile_selects_does_not_run_on_fargate() -> None:
    profile = fargate_profile("fp", ("team-a", {"app": "api"}))
    placement = place(deployment("default"), profile)
    assert placement.causes == (Cause.NO_PROFILE_SELECTS,)
    assert placement.pools[0].reason == "no selector matches namespace default"
    placement = place(deployment("team-a", "app: web"), profile)
    assert placement.pools[0].reason == "no selector matches the labels"
    assert place(deployment("default"), profile, node_group()).verdict is Verdict.FITS


def test_files_that_only_add_profiles_say_nothing_of_other_pods() -> None:
    profile = fargate_profile("fp", ("team-a", {}))
    assert place(deployment("default"), profile, has_external_parts=True).verdict is Verdict.UNCLEAR
    assert place(deployment("default", kind="DaemonSet"), profile, has_external_parts=True).verdict is Verdict.UNCLEAR
    assert place(deployment("default"), profile).causes == (Cause.NO_PROFILE_SELECTS,)
    arm = deployment("team-a", spec=", nodeSelector: {kubernetes.io/arch: arm64}")
    assert place(arm, profile, has_external_parts=True).causes == (Cause.LABEL_NOT_ON_FARGATE,)


def test_an_annotation_keeps_a_pod_on_ec2() -> None:
    spec = deployment(annotations='eks.amazonaws.com/compute-type: "ec2"')
    placement = place(spec, fargate_profile("fp", ("default", {})), node_group())
    assert [str(pool) for pool in placement.fitting] == ["node group general"]


def test_a_daemonset_never_runs_on_fargate_and_is_not_taken_by_it() -> None:
    spec = deployment(kind="DaemonSet")
    profile = fargate_profile("fp", ("default", {}))
    assert [str(pool) for pool in place(spec, profile, node_group()).fitting] == ["node group general"]
    assert place(spec, profile).causes == (Cause.DAEMONSET_ON_FARGATE,)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("eks.amazonaws.com/compute-type", "fargate", "fits"),
        ("kubernetes.io/arch", "amd64", "fits"),
        ("kubernetes.io/arch", "arm64", "rejected"),
        ("kubernetes.io/os", "linux", "fits"),
        ("kubernetes.io/os", "windows", "rejected"),
        ("topology.kubernetes.io/region", "eu-west-1", "fits"),
        ("topology.kubernetes.io/zone", "eu-west-1a", "unclear"),
        ("topology.kubernetes.io/zone", "us-east-1a", "rejected"),
        ("node.kubernetes.io/instance-type", "m5.large", "rejected"),
        ("team", "a", "rejected"),
        ("feature.node.kubernetes.io/cpu", "x", "rejected"),
    ],
)
def test_labels_of_fargate_nodes(key: str, value: str, expected: str) -> None:
    assert verdict({"nodeSelector": {key: value}}, fargate_profile("fp", ("default", {}))) == expected


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (requests(cpu="16", memory="119Gi"), None),
        (requests(cpu="17"), Cause.TOO_LARGE),
        (requests(memory="120Gi"), Cause.TOO_LARGE),
        (requests(storage="175Gi"), None),
        (requests(storage="176Gi"), Cause.EPHEMERAL_STORAGE),
        (requests(gpu="1"), Cause.NO_SUCH_DEVICE),
        (requests(**{"example.com/thing": "1"}), Cause.NO_SUCH_DEVICE),
        ({}, None),
    ],
)
def test_sizes_of_fargate(spec: dict[str, object], expected: Cause | None) -> None:
    assert place(spec, fargate_profile("fp", ("default", {}))).cause is expected


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"hostNetwork": True}, "it uses the host's network"),
        (
            {"containers": [{"name": "app", "securityContext": {"privileged": True}}]},
            "container app is privileged",
        ),
        (
            {"containers": [{"name": "app", "ports": [{"containerPort": 80, "hostPort": 80}]}]},
            "container app asks for port 80 of the host",
        ),
        ({"volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}]}, "volume logs is a path of the host"),
    ],
)
def test_what_fargate_does_not_run(spec: dict[str, object], reason: str) -> None:
    placement = place(spec, fargate_profile("fp", ("default", {})), node_group())
    assert placement.causes == (Cause.UNSUPPORTED_ON_FARGATE,)
    said = next(each for each in placement.pools if each.pool.kind == "fargate")
    assert said.reason == f"{reason}, which Fargate does not run"


def test_taints_of_fargate_are_tolerated_by_what_it_takes() -> None:
    profile = fargate_profile("fp", ("default", {}), taints=["eks.amazonaws.com/compute-type=fargate:NoSchedule"])
    assert verdict({}, profile) == "fits"


def test_a_pod_that_wants_fargate_and_that_no_profile_takes() -> None:
    spec = deployment(spec=", nodeSelector: {eks.amazonaws.com/compute-type: fargate}")
    placement = place(spec, node_group(), fargate_profile("fp", ("other", {})))
    assert placement.causes == (Cause.NO_PROFILE_SELECTS,)
    assert placement.blamed_label == "eks.amazonaws.com/compute-type"
    assert place(spec, node_group()).causes == (Cause.LABEL_OF_OTHER_KIND,)
    assert place(spec, node_pool("np", kind="auto")).causes == (Cause.LABEL_OF_OTHER_KIND,)


def test_unknown_selectors_leave_every_pool_unclear() -> None:
    profile = fargate_profile("fp")
    profile.declare(selectors=unknown())
    placement = place(deployment(), profile, node_group(), node_group("tainted", taints=["a:NoSchedule"]))
    assert placement.verdict is Verdict.UNCLEAR
    assert {str(each.pool): each.verdict for each in placement.pools}["node group tainted"] is Verdict.REJECTED


def test_an_unknown_label_of_the_selector_matters_only_if_the_rest_matches() -> None:
    profile = fargate_profile("fp")
    labels = PartialMapping({"tier": unknown(), "app": Reading("web", profile.origin)})
    profile.declare(selectors=Reading((FargateSelector("default", labels),), profile.origin))
    assert selects(profile, "default", {"app": "api", "tier": "x"}) is False
    assert selects(profile, "other", {"app": "web", "tier": "x"}) is False
    assert selects(profile, "default", {"app": "web"}) is not False


def test_an_unknown_namespace_leaves_fargate_open() -> None:
    made = workload(deployment(namespace='"${NAMESPACE}"'))
    assert made.kind == "Deployment"
    placement = place(deployment(namespace='"${NAMESPACE}"'), fargate_profile("fp", ("team", {})), node_group())
    assert placement.verdict is Verdict.UNCLEAR
    anywhere = place(deployment(namespace='"${NAMESPACE}"'), fargate_profile("fp", ("*", {})), node_group())
    assert anywhere.verdict is Verdict.UNCLEAR

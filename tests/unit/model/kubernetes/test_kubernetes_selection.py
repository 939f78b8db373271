"""Selectors, tolerations, affinity: what the scheduler and the controllers make of them."""

import pytest

from ekslint.model.kubernetes.disruption import PodDisruptionBudget
from ekslint.model.kubernetes.scheduling import Toleration
from ekslint.model.kubernetes.services import Service
from ekslint.model.kubernetes.workloads import Deployment, Pod
from ekslint.model.pool import Requirement, Taint
from unit.model.kubernetes.kubernetes_estate import read, why

LABELS = {"app": "api", "tier": "web"}


def selector_of(text: str) -> PodDisruptionBudget:
    return read(f"apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {{name: b}}\nspec: {text}\n").one(
        PodDisruptionBudget
    )


@pytest.mark.parametrize(
    ("selector", "matches"),
    [
        ("{matchLabels: {app: api}}", True),
        ("{matchLabels: {app: api, tier: db}}", False),
        ("{matchLabels: {other: x}}", False),
        ("{}", True),
        ("null", False),
        ("{matchExpressions: [{key: app, operator: In, values: [api, web]}]}", True),
        ("{matchExpressions: [{key: app, operator: In, values: [web]}]}", False),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", True),
        ("{matchExpressions: [{key: zone, operator: NotIn, values: [a]}]}", True),
        ("{matchExpressions: [{key: tier, operator: Exists}]}", True),
        ("{matchExpressions: [{key: zone, operator: Exists}]}", False),
        ("{matchExpressions: [{key: zone, operator: DoesNotExist}]}", True),
        ("{matchExpressions: [{key: zone, operator: Bogus}]}", False),
        ("{matchLabels: {app: api}, matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}", False),
    ],
)
def test_label_selectors(selector: str, matches: bool) -> None:
    assert selector_of(f"{{selector: {selector}}}").selector.matches(LABELS) is matches


def test_absent_selector_matches_nothing() -> None:
    selector = selector_of("{minAvailable: 1}").selector
    assert selector.is_absent
    assert not selector.is_empty
    assert not selector.matches({})


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        ("'${SELECTOR}'", "a template fills it in"),
        ("[a]", "it is not a mapping"),
        ("{matchLabels: {app: '${APP}'}}", "a template fills it in"),
        ("{matchLabels: {'${KEY}': x}}", "a template fills in further keys"),
        ("{matchExpressions: [{key: app, operator: In, values: ['${APP}']}]}", "a template fills it in"),
        ("{matchExpressions: [5]}", "it is not a mapping"),
    ],
)
def test_unknown_selectors(selector: str, reason: str) -> None:
    assert why(lambda: selector_of(f"{{selector: {selector}}}").selector.matches(LABELS)) == reason


def test_one_certain_no_decides_beside_the_unknown() -> None:
    selector = selector_of("{selector: {matchLabels: {x: '${X}', app: web}}}").selector
    assert not selector.matches({"x": "1", "app": "api"})


def test_labels_that_are_no_strings_are_as_written() -> None:
    selector = selector_of("{selector: {matchLabels: {a: yes, b: 1.10}}}").selector
    assert selector.match_labels == {"a": "yes", "b": "1.10"}


def test_an_empty_selector_of_a_service_is_none() -> None:
    service = read("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {}}\n").one(Service)
    assert service.selector.is_absent


TAINT = Taint("dedicated", "batch", "NoSchedule")


@pytest.mark.parametrize(
    ("toleration", "tolerates"),
    [
        (Toleration("dedicated", "Equal", "batch", "NoSchedule"), True),
        (Toleration("dedicated", "", "batch", ""), True),
        (Toleration("dedicated", "Equal", "web", "NoSchedule"), False),
        (Toleration("dedicated", "Equal", "", "NoSchedule"), False),
        (Toleration("dedicated", "Exists", "", ""), True),
        (Toleration("dedicated", "Exists", "", "NoExecute"), False),
        (Toleration("", "Exists", "", ""), True),
        (Toleration("", "Exists", "", "NoSchedule"), True),
        (Toleration("", "Equal", "batch", ""), False),
        (Toleration("other", "Exists", "", ""), False),
        (Toleration("dedicated", "Bogus", "batch", ""), False),
        (Toleration("dedicated", "Equal", "batch", "NoSchedule", 30), True),
    ],
)
def test_tolerations(toleration: Toleration, tolerates: bool) -> None:
    assert toleration.tolerates(TAINT) is tolerates


def test_a_taint_without_value_is_tolerated_without_value() -> None:
    assert Toleration("CriticalAddonsOnly", "", "", "").tolerates(Taint("CriticalAddonsOnly", "", "NoSchedule"))


def test_tolerations_of_a_pod() -> None:
    pod = read(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          tolerations:
            - {key: a, operator: Equal, value: true, effect: NoExecute, tolerationSeconds: 5}
            - key: ${KEY}
            - nonsense
            - operator: Exists
        """
    ).one(Pod)
    tolerations = pod.pod.tolerations
    assert tolerations[0] == Toleration("a", "Equal", "true", "NoExecute", 5)
    assert tolerations[3] == Toleration("", "Exists", "", "")
    assert why(lambda: tolerations[1]) == "a template fills it in"
    assert why(lambda: tolerations[2]) == "it is not a mapping"


AFFINE = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: api}
    spec:
      template:
        spec:
          affinity:
            nodeAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                nodeSelectorTerms:
                  - matchExpressions:
                      - key: zone
                        operator: In
                        values: [a, b]
                  - matchFields:
                      - {key: metadata.name, operator: In, values: [n1]}
                  - {}
              preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 10
                  preference:
                    matchExpressions:
                      - {key: spot, operator: Exists}
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector: {matchLabels: {app: api}}
              preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 5
                  podAffinityTerm:
                    topologyKey: topology.kubernetes.io/zone
                    namespaceSelector: {}
          topologySpreadConstraints:
            - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, minDomains: 3}
            - {maxSkew: 2, topologyKey: host, whenUnsatisfiable: ScheduleAnyway, nodeTaintsPolicy: Honor}
          containers: [{name: api, image: api}]
"""


def test_affinity() -> None:
    estate = read(AFFINE)
    pod = estate.one(Deployment).pod
    terms = pod.required_node_affinity
    assert terms is not None
    first, second, third = terms
    assert first.match_expressions == [Requirement("zone", "In", ("a", "b"))]
    assert estate.line(first.at("matchExpressions", 0, "values", 1)) == "14 b"
    assert estate.line(first.at("matchExpressions", 0, "key")) == "12 zone"
    assert second.match_fields == [Requirement("metadata.name", "In", ("n1",))]
    assert third.match_expressions == ()
    [preferred] = pod.preferred_node_affinity
    assert (preferred.weight, preferred.match_expressions) == (10, [Requirement("spot", "Exists")])
    [required] = pod.pod_anti_affinity
    assert required.is_required
    assert required.topology_key == "kubernetes.io/hostname"
    assert required.label_selector.matches({"app": "api"})
    [soft] = pod.preferred_pod_anti_affinity
    assert not soft.is_required
    assert soft.has_namespace_selector
    assert soft.label_selector.is_absent
    assert pod.pod_affinity == ()
    hard, lax = pod.topology_spread_constraints
    assert (hard.is_hard, hard.max_skew, hard.min_domains, hard.honours_node_affinity) == (True, 1, 3, True)
    assert (lax.is_hard, lax.honours_node_taints) == (False, True)
    assert hard.owner is estate.one(Deployment)


def test_without_affinity_nothing_is_required() -> None:
    pod = read("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {}\n").one(Pod).pod
    assert pod.required_node_affinity is None
    assert pod.node_selector == {}

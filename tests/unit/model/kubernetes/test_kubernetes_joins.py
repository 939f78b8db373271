"""What belongs together: autoscalers, budgets and Services with the workloads that they mean."""

from collections.abc import Sequence

import pytest

from ekslint.model.entity import Entity
from ekslint.model.kubernetes.configuration import ConfigMap
from ekslint.model.kubernetes.disruption import Autoscaler, HorizontalPodAutoscaler, PodDisruptionBudget
from ekslint.model.kubernetes.services import NetworkPolicy, Service
from ekslint.model.kubernetes.storage import StorageClass
from ekslint.model.kubernetes.workloads import DaemonSet, Deployment, Workload
from unit.model.kubernetes.kubernetes_estate import Read, read, why


def deployment(name: str = "api", spec: str = "replicas: 3", metadata: str = "", labels: str = "app: api") -> str:
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{metadata}}}\nspec:\n  {spec}\n"
        f"  selector: {{matchLabels: {{{labels}}}}}\n"
        f"  template: {{metadata: {{labels: {{{labels}}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}\n"
    )


def autoscaler(spec: str = "minReplicas: 2", target: str = "name: api", metadata: str = "") -> str:
    return (
        f"apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: h{metadata}}}\n"
        f"spec: {{{spec}, maxReplicas: 9, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, {target}}}}}\n"
    )


def budget(selector: str = "{matchLabels: {app: api}}", metadata: str = "", version: str = "v1") -> str:
    return (
        f"apiVersion: policy/{version}\nkind: PodDisruptionBudget\nmetadata: {{name: b{metadata}}}\n"
        f"spec: {{minAvailable: 1, selector: {selector}}}\n"
    )


def both(*texts: str) -> Read:
    return read("---\n".join(texts))


def names(found: Sequence[Entity]) -> list[str]:
    return [str(each) for each in found]


SHOP = ", namespace: shop"


def test_the_floor_without_autoscaler() -> None:
    assert both(deployment()).one(Deployment).replica_floor == 3
    assert both(deployment(spec="paused: false")).one(Deployment).replica_floor == 1
    assert both(deployment(spec="replicas: 0")).one(Deployment).replica_floor == 0
    assert why(lambda: both(deployment(spec="replicas: '${N}'")).one(Deployment).replica_floor) == (
        "a template fills it in"
    )


def test_the_floor_of_an_autoscaler() -> None:
    found = both(deployment(), autoscaler())
    api = found.one(Deployment)
    assert names(api.autoscalers) == ["horizontal pod autoscaler h"]
    assert api.replica_floor == 2
    [target] = found.one(HorizontalPodAutoscaler).targets
    assert target is api
    assert both(deployment(), autoscaler(spec="behavior: {}")).one(Deployment).replica_floor == 1


@pytest.mark.parametrize(
    "target",
    [
        "apiVersion: apps/v1, kind: Deployment, name: other",
        "apiVersion: apps/v1, kind: StatefulSet, name: api",
        "apiVersion: argoproj.io/v1alpha1, kind: Deployment, name: api",
        "",
    ],
)
def test_what_an_autoscaler_does_not_target(target: str) -> None:
    found = both(deployment(), autoscaler().replace("apiVersion: apps/v1, kind: Deployment, name: api", target))
    assert found.one(Deployment).autoscalers == []
    assert found.one(HorizontalPodAutoscaler).targets == []


@pytest.mark.parametrize(
    "target", ["kind: Deployment, name: api", "apiVersion: extensions/v1beta1, kind: Deployment, name: api"]
)
def test_what_was_clearly_meant(target: str) -> None:
    found = both(deployment(), autoscaler().replace("apiVersion: apps/v1, kind: Deployment, name: api", target))
    assert found.one(Deployment).replica_floor == 2


def test_an_autoscaler_of_another_namespace() -> None:
    found = both(deployment(metadata=SHOP), autoscaler(metadata=", namespace: other"))
    assert found.one(Deployment).autoscalers == []


def test_an_unknown_target_leaves_it_open() -> None:
    found = both(deployment(), autoscaler(target="name: '${APP}'"))
    assert why(lambda: len(found.one(Deployment).autoscalers)) == "a template fills it in"
    assert why(lambda: found.one(Deployment).replica_floor) == "a template fills it in"


def test_an_unknown_target_elsewhere_does_not() -> None:
    found = both(deployment(metadata=SHOP), autoscaler(target="name: '${APP}'", metadata=", namespace: other"))
    assert found.one(Deployment).replica_floor == 3


def test_keda() -> None:
    scaled = (
        "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: s}\nspec: {scaleTargetRef: {name: api}}\n"
    )
    found = both(deployment(), scaled)
    assert found.one(Deployment).replica_floor == 0
    assert found.one(Autoscaler).maximum == 100


def test_daemon_sets_have_no_floor() -> None:
    daemon = read(
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d}\nspec: {selector: {matchLabels: {a: b}}}\n"
    ).one(DaemonSet)
    assert why(lambda: daemon.replica_floor) == "a daemon set has a pod on every node"
    assert not daemon.has_replicas


@pytest.mark.parametrize(
    ("selector", "version", "selects"),
    [
        ("{matchLabels: {app: api}}", "v1", True),
        ("{matchLabels: {app: web}}", "v1", False),
        ("{matchExpressions: [{key: app, operator: In, values: [api]}]}", "v1", True),
        ("{matchLabels: {app: api}, matchExpressions: [{key: app, operator: DoesNotExist}]}", "v1", False),
        ("{}", "v1", True),
        ("{}", "v1beta1", False),
        ("null", "v1", False),
    ],
)
def test_budgets(selector: str, version: str, selects: bool) -> None:
    found = both(deployment(), budget(selector, version=version))
    assert len(found.one(Deployment).disruption_budgets) == int(selects)
    assert len(found.one(PodDisruptionBudget).workloads) == int(selects)


def test_neighbours_of_which_one_names_no_namespace() -> None:
    found = both(deployment(metadata=SHOP), budget())
    assert why(lambda: len(found.one(Deployment).disruption_budgets)) == "nothing tells the namespace"
    assert both(deployment(metadata=SHOP), budget("{matchLabels: {app: web}}")).one(Deployment).disruption_budgets == []
    assert len(both(deployment(metadata=", namespace: default"), budget()).one(Deployment).disruption_budgets) == 1


def test_strangers_of_which_one_names_no_namespace() -> None:
    found = read({"shop/api.yaml": deployment(metadata=SHOP), "other/budget.yaml": budget()})
    assert found.one(Deployment).disruption_budgets == []
    below = read({"shop/api.yaml": deployment(metadata=SHOP), "shop/extra/budget.yaml": budget()})
    assert why(lambda: len(below.one(Deployment).disruption_budgets)) == "nothing tells the namespace"


def test_twins_are_told_apart_by_their_folders() -> None:
    found = read(
        {
            "apps/dev/api.yaml": deployment(),
            "apps/prod/api.yaml": deployment(),
            "apps/prod/scaling.yaml": f"{autoscaler()}---\n{budget()}",
        }
    )
    dev, prod = found.estate.of(Deployment)
    assert (dev.replica_floor, prod.replica_floor) == (3, 2)
    assert (len(dev.disruption_budgets), len(prod.disruption_budgets)) == (0, 1)
    assert found.one(PodDisruptionBudget).workloads == [prod]
    assert found.one(HorizontalPodAutoscaler).targets == [prod]


def test_of_many_twins_in_one_folder_some_are_enough() -> None:
    """Every one of them means all others: without a bound their number counts three times."""
    found = both(*(f"{autoscaler()}---\n{deployment(spec=f'replicas: {number}')}" for number in range(50)))
    workloads = found.estate.of(Deployment)
    assert len(workloads) == 50
    assert {len(each.autoscalers) for each in workloads} == {20}
    assert {len(each.targets) for each in found.estate.of(HorizontalPodAutoscaler)} == {20}


def test_a_twin_may_go_to_the_same_cluster() -> None:
    found = read({"a/api.yaml": deployment(), "b/api.yaml": deployment(), "c/web.yaml": deployment("web")})
    assert [found.estate.joins.has_twin(each) for each in found.estate.of(Deployment)] == [True, True, False]


def test_services_and_policies() -> None:
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {app: api}, clusterIP: None}\n"
    policy = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: n}\n"
        "spec: {podSelector: {}, egress: [{}]}\n"
    )
    found = both(deployment(), service, policy)
    assert names(found.one(Deployment).services) == ["service s"]
    assert found.one(Service).is_headless
    assert found.one(Service).workloads == [found.one(Deployment)]
    assert found.one(NetworkPolicy).workloads == [found.one(Deployment)]
    assert found.one(NetworkPolicy).policy_types == ("Ingress", "Egress")


def test_finding_by_name() -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%s}\n"
    storage = "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: gp3}\nprovisioner: ebs.csi.aws.com\n"
    found = both(deployment(metadata=SHOP), config % SHOP, config % ", namespace: other", storage)
    api, joins = found.one(Deployment), found.estate.joins
    [own] = joins.named(api, ConfigMap, "c")
    assert own.namespace == "shop"
    assert joins.named(api, ConfigMap, "d") == []
    # What stands in no namespace is found from any.
    assert names(joins.named(api, StorageClass, "gp3")) == ["storage class gp3"]


def test_labels_that_are_unknown_leave_it_open() -> None:
    found = both(deployment(labels="app: '${APP}'"), budget())
    assert why(lambda: len(found.one(Deployment).disruption_budgets)) == "a template fills it in"
    assert why(lambda: len(found.one(PodDisruptionBudget).workloads)) == "a template fills it in"


def test_many_unknown_ones_cost_no_more_than_a_few() -> None:
    """Each pair of them is undecided: past some hundred that is the answer, whatever the rest says."""
    texts = [deployment(f"d{n}", labels="app: '${APP}'") for n in range(300)]
    texts += [budget("{matchLabels: {app: '${APP}'}}", f"{n}") for n in range(300)]
    found = both(*texts)
    first = found.estate.of(Workload)[0]
    assert why(lambda: len(first.disruption_budgets)) == "too much of the rest is unknown"


@pytest.mark.parametrize(
    ("container", "elected"),
    [
        ("args: [--leader-elect]", True),
        ("args: ['--leader-elect=true', -v]", True),
        ("args: [--enable-leader-election]", True),
        ("command: [/manager, --leader-election=1]", True),
        ("args: ['--leader-elect=false']", False),
        ("args: [--leader-elect-namespace=x]", False),
        ("args: [--verbose]", False),
        ("env: [{name: LEADER_ELECTION_ENABLED, value: 'true'}]", True),
        ("env: [{name: LEADER_ELECT, value: 'false'}]", False),
        ("image: i", False),
    ],
)
def test_leader_election(container: str, elected: bool) -> None:
    text = deployment().replace("{name: c, image: i}", f"{{name: c, {container}}}")
    assert read(text).one(Deployment).is_leader_elected is elected

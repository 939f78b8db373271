"""`ekslint placement`: conditions, configured clusters, standard input, JSON."""

import io
import sys
from pathlib import Path

import pytest

from linting import Ran, ekslint, write

CLUSTER = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {{name: {name}, region: eu-west-1, version: "1.34"}}
managedNodeGroups:
- {{name: general, instanceType: m5.large, labels: {{workload: {name}}}, desiredCapacity: 2}}
"""
TEMPLATE = """\
Parameters:
  Env: {Type: String, AllowedValues: [prod, dev]}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
  Shop:
    Type: AWS::EKS::Cluster
    Properties: {Name: shop}
  Prod:
    Type: AWS::EKS::Nodegroup
    Condition: IsProd
    Properties: {ClusterName: !Ref Shop, NodegroupName: prod, Labels: {workload: cpu}, InstanceTypes: [m5.large]}
  Dev:
    Type: AWS::EKS::Nodegroup
    Condition: IsDev
    Properties: {ClusterName: !Ref Shop, NodegroupName: dev, Labels: {workload: dev}, InstanceTypes: [m5.large]}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  selector: {{matchLabels: {{app: api}}}}
  template:
    metadata: {{labels: {{app: api}}}}
    spec:
      nodeSelector: {{workload: {workload}}}
      containers: [{{name: api, image: "registry.example.com/api:1"}}]
"""
NODE = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: ip-10-0-0-1
    labels: {workload: cpu, kubernetes.io/arch: amd64, kubernetes.io/os: linux}
  status: {allocatable: {cpu: 1930m, memory: 7000Mi, pods: "29"}}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: api, namespace: shop}
  spec:
    selector: {matchLabels: {app: api}}
    template:
      metadata: {labels: {app: api}}
      spec:
        nodeSelector: {workload: cpu}
        containers: [{name: api, image: "registry.example.com/api:1"}]
"""


def deployment(workload: str, *, name: str = "api", namespace: str = "shop") -> str:
    return DEPLOYMENT.format(workload=workload, name=name, namespace=namespace)


def pictures(ran: Ran) -> list[tuple[str, str, str]]:
    return [(each["cluster"], each["workload"], each["verdict"]) for each in ran.json["placements"]]


def placed(folder: Path, *options: str) -> Ran:
    return ekslint("placement", folder, "--output-format", "json", *options)


def test_node_groups_that_depend_on_a_condition(tmp_path: Path) -> None:
    files = {"eks.yaml": TEMPLATE, "api.yaml": deployment("cpu"), "web.yaml": deployment("gpu", name="web")}
    ran = placed(write(tmp_path, files), "--isolated")
    assert pictures(ran) == [
        ("shop", "Deployment.apps/shop/api", "unclear"),
        ("shop", "Deployment.apps/shop/web", "rejected"),
    ]
    api, web = ran.json["placements"]
    assert [pool["verdict"] for pool in api["pools"]] == ["unclear", "rejected"]
    assert [pool["reason"] for pool in web["pools"]] == ["workload is cpu", "workload is dev"]


def test_the_configuration_says_which_cluster_it_is(tmp_path: Path) -> None:
    files = {
        "a.yaml": CLUSTER.format(name="a"),
        "b.yaml": CLUSTER.format(name="b"),
        "api.yaml": deployment("b"),
        ".ekslint.yaml": "clusters: [{name: b, files: [api.yaml]}]\n",
    }
    folder = write(tmp_path, files)
    assert pictures(placed(folder)) == [("b", "Deployment.apps/shop/api", "fits")]
    assert len(pictures(placed(folder, "--isolated"))) == 2


def test_several_workloads_of_one_name_are_one_json_document(tmp_path: Path) -> None:
    files = {
        "a.yaml": CLUSTER.format(name="a"),
        "one.yaml": deployment("a", namespace="one"),
        "two.yaml": deployment("a", namespace="two"),
    }
    ran = placed(write(tmp_path, files), "--isolated", "--workload", "api")
    assert [each[1] for each in pictures(ran)] == ["Deployment.apps/one/api", "Deployment.apps/two/api"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "no EKS configuration found (there was no file to look at)"),
        ({"notes.yaml": "hello: world\n"}, "no EKS configuration found (1 file skipped: 'ekslint files' says why)"),
        ({"a.yaml": CLUSTER.format(name="a")}, "the files declare no workload"),
        ({"api.yaml": deployment("a")}, "the files declare no nodes for the workloads"),
    ],
)
def test_nothing_to_place(tmp_path: Path, files: dict[str, str], said: str) -> None:
    folder = write(tmp_path, files)
    ran = placed(folder, "--isolated")
    assert (ran.code, pictures(ran)) == (0, [])
    assert ran.err.startswith(f"warning: {said}\n")
    named = ekslint("placement", folder, "--isolated", "--workload", "api")
    assert (named.code, named.out) == (2, "")
    assert named.err.startswith(f"error: workload api cannot be placed: {said}\n")


class _Input:
    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(NODE))
    ran = ekslint("placement", "-", "--output-format", "json")
    assert [each["verdict"] for each in ran.json["placements"]] == ["fits"]


@pytest.mark.parametrize("text", ["", '{"a', "hello\n", "apiVersion: ["])
def test_standard_input_that_kubectl_did_not_write(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(text))
    ran = ekslint("placement", "-")
    assert (ran.code, ran.out) == (2, "")
    assert "standard input has no Kubernetes objects" in ran.err


def test_templates_of_node_groups_keep_to_themselves(tmp_path: Path) -> None:
    group = """\
Parameters: {{Cluster: {{Type: String}}}}
Resources:
  Group:
    Type: AWS::EKS::Nodegroup
    Properties: {{ClusterName: !Ref Cluster, NodegroupName: {0}, Labels: {{workload: {0}}}, InstanceTypes: [m5.large]}}
"""
    # Whether the second stands in the folder of the first must not decide whether they are of one cluster.
    files = {"a/group.yaml": group.format("a"), "b/group.yaml": group.format("b"), "a/api.yaml": deployment("c")}
    [found] = placed(write(tmp_path, files), "--isolated").json["placements"]
    assert len(found["pools"]) == 1

"""What documents are taken for, and which objects come out of them."""

import pytest

from ekslint.loaders import kubernetes
from ekslint.loaders.helm import HelmCharts
from ekslint.loaders.recognise import Dialect, recognise
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.workloads import Deployment, Pod
from ekslint.model.pool import LiveNode, Taint
from ekslint.source.parsing import parse
from ekslint.source.text import SourceText
from unit.model.kubernetes.kubernetes_estate import read


@pytest.mark.parametrize(
    ("text", "dialect", "words"),
    [
        ("apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n", Dialect.EKSCTL, "eksctl ClusterConfig"),
        ("apiVersion: eksctl.io/v1\nkind: Other\n", Dialect.EKSCTL, "Other (eksctl.io/v1)"),
        ("apiVersion: eksctl.io/v1alpha5\nmetadata: {name: a}\n", Dialect.EKSCTL, "eksctl ClusterConfig"),
        ("kind: ClusterConfig\nmetadata: {region: a}\n", Dialect.EKSCTL, "eksctl ClusterConfig"),
        ("kind: ClusterConfig\nmetadata: {name: a}\n", Dialect.UNRELATED, "ClusterConfig without apiVersion"),
        ("apiVersion: ceph.rook.io/v1\nkind: ClusterConfig\n", Dialect.KUBERNETES, "ClusterConfig (ceph.rook.io/v1)"),
        ("apiVersion: apps/v1\nkind: Deployment\n", Dialect.KUBERNETES, "Deployment (apps/v1)"),
        ("apiVersion: example.com/v1\nkind: Widget\n", Dialect.KUBERNETES, "Widget (example.com/v1)"),
        ("apiVersion: karpenter.sh/v1\nkind: NodePool\n", Dialect.KARPENTER, "NodePool (karpenter.sh/v1)"),
        ("apiVersion: eks.amazonaws.com/v1\nkind: NodeClass\n", Dialect.KARPENTER, "NodeClass"),
        ("apiVersion: v1\nkind: List\nitems: [{}]\n", Dialect.LIST, "of 1 objects"),
        ("apiVersion: v1\nkind: PodList\nitems: []\n", Dialect.LIST, "of 0 objects"),
        ("apiVersion: example.com/v1\nkind: AllowList\nspec: {}\n", Dialect.KUBERNETES, "AllowList"),
        (
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n",
            Dialect.CUSTOM_RESOURCE_DEFINITION,
            "CustomResourceDefinition",
        ),
        ("AWSTemplateFormatVersion: '2010-09-09'\n", Dialect.CLOUDFORMATION, "CloudFormation"),
        ("Resources: {A: {Type: 'AWS::EKS::Cluster'}}\n", Dialect.CLOUDFORMATION, "CloudFormation"),
        ("Resources: {A: {Type: 'Custom::Thing'}, B: 5}\n", Dialect.CLOUDFORMATION, "CloudFormation"),
        ("Resources: {A: {Type: text}}\n", Dialect.UNRELATED, "not EKS configuration"),
        ("Resources: []\n", Dialect.UNRELATED, "not EKS configuration"),
        ("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", Dialect.KUSTOMIZATION, "kustomization"),
        ("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", Dialect.KUSTOMIZATION, "kustomization"),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", Dialect.KUBERNETES, "Kustomization"),
        ("apiVersion: v1\nkind: Config\n", Dialect.UNRELATED, "not an object of a cluster"),
        ("apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n", Dialect.UNRELATED, "not an object of a cluster"),
        ("apiVersion: skaffold/v4beta1\nkind: Config\n", Dialect.UNRELATED, "not an object of a cluster"),
        ("apiVersion: apps/v1\nkind: '{{ .Kind }}'\n", Dialect.TEMPLATE, "a template"),
        ("apiVersion: '${V}'\nkind: 5\n", Dialect.TEMPLATE, "a template"),
        ("kind: Deployment\nmetadata: {name: x}\n", Dialect.UNRELATED, "Deployment without apiVersion"),
        ("apiVersion: v1\nkind: [Pod]\n", Dialect.UNRELATED, "not EKS configuration"),
        ("[{op: add, path: /a, value: b}]\n", Dialect.KUSTOMIZE_PATCH, "JSON patch"),
        ("[1, 2]\n", Dialect.UNRELATED, "a list"),
        ("just text\n", Dialect.UNRELATED, "neither a mapping"),
        ("# nothing\n", Dialect.EMPTY, "empty"),
        ("a: [\n", Dialect.UNREADABLE, "unreadable"),
        ("{{- if .Values.x }}\na: b\n{{- end }}\n", Dialect.TEMPLATE, "Helm template"),
    ],
)
def test_by_content(text: str, dialect: Dialect, words: str) -> None:
    documents = parse(SourceText("some/file.yaml", text))
    recognition = recognise(documents[0]) if documents else None
    if recognition is None:
        assert dialect is Dialect.EMPTY
        return
    assert recognition.dialect is dialect
    assert words in recognition.words


@pytest.mark.parametrize(
    ("path", "text", "dialect"),
    [
        ("a/kustomization.yaml", "resources: [x.yaml]\n", Dialect.KUSTOMIZATION),
        ("a/kustomization.yml", "{}\n", Dialect.KUSTOMIZATION),
        ("a/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n", Dialect.HELM_CHART),
        ("a/values.yaml", "replicaCount: 2\n", Dialect.HELM_VALUES),
        ("a/values-prod.yaml", "replicaCount: 2\n", Dialect.HELM_VALUES),
        ("a/karpenter-values.yml", "replicaCount: 2\n", Dialect.HELM_VALUES),
        ("a/values.yaml", "apiVersion: v1\nkind: Pod\n", Dialect.KUBERNETES),
        ("a/values/karpenter.yaml", "replicas: 2\n", Dialect.HELM_VALUES),
        ("a/helm-values/karpenter.yml", "replicas: 2\n", Dialect.HELM_VALUES),
        ("a/evaluation.yaml", "replicaCount: 2\n", Dialect.UNRELATED),
        ("a/helmfile.yaml", "releases: [{name: a, chart: b/c}]\n", Dialect.HELMFILE),
        ("a/releases.yaml", "releases: [{name: a, version: 1}]\n", Dialect.UNRELATED),
    ],
)
def test_by_name(path: str, text: str, dialect: Dialect) -> None:
    [document] = parse(SourceText(path, text))
    assert recognise(document).dialect is dialect


@pytest.mark.parametrize(
    ("path", "dialect"),
    [
        ("app/templates/deployment.yaml", Dialect.TEMPLATE),
        ("app/templates/deep/x.yaml", Dialect.TEMPLATE),
        ("app/values.yaml", Dialect.HELM_VALUES),
        ("app/values-prod.yaml", Dialect.HELM_VALUES),
        ("app/charts/sub/templates/x.yaml", Dialect.TEMPLATE),
        ("app/crds/x.yaml", None),
        ("app/Chart.yaml", None),
        ("other/templates/x.yaml", None),
        ("other/values.yaml", None),
    ],
)
def test_parts_of_a_chart(path: str, dialect: Dialect | None) -> None:
    charts = HelmCharts(["app/Chart.yaml", "app/charts/sub/Chart.yaml", "x.yaml"])
    recognition = charts.recognise(path)
    assert (recognition.dialect if recognition else None) is dialect


def test_a_chart_in_the_root() -> None:
    assert HelmCharts(["Chart.yaml"]).recognise("templates/x.yaml") is not None


def test_lists_are_resolved() -> None:
    found = read(
        """
        apiVersion: v1
        kind: List
        items:
          - {apiVersion: v1, kind: Pod, metadata: {name: a}}
          - apiVersion: v1
            kind: List
            items:
              - {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
          - text
          - {kind: Pod}
        """
    )
    a, b = found.loaded.objects
    assert isinstance(a, Pod)
    assert isinstance(b, Deployment)
    assert found.line(b.at("name")) == "8 b"
    assert b.path == ("items", 1, "items", 0)


def test_items_of_typed_lists_may_leave_out_their_kind() -> None:
    [pod] = read("apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}]\n").loaded.objects
    assert isinstance(pod, Pod)
    assert pod.api_version == "v1"


@pytest.mark.usefixtures("aliases_without_limit")
def test_what_an_alias_repeats_is_one_object() -> None:
    lines = ["apiVersion: v1", "kind: List", "items:", "  - &a0 {apiVersion: v1, kind: Pod, metadata: {name: a}}"]
    lines += [
        f"  - &a{n} {{apiVersion: v1, kind: List, items: [*a{n - 1}, *a{n - 1}, *a{n - 1}]}}" for n in range(1, 20)
    ]
    loaded = read("\n".join(lines) + "\n").loaded
    assert [str(each) for each in loaded.objects] == ["pod a"]
    assert loaded.problems == []


def test_a_list_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubernetes, "_MOST_OBJECTS", 100)
    items = "\n".join(f"  - {{apiVersion: v1, kind: Pod, metadata: {{name: a{n}}}}}" for n in range(200))
    loaded = read(f"apiVersion: v1\nkind: List\nitems:\n{items}\n").loaded
    assert 90 < len(loaded.objects) <= 100
    [problem] = loaded.problems
    assert problem.kind == "too-deep"
    assert "more than 100 objects" in problem.message


@pytest.mark.parametrize("version", ["apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"])
def test_whatever_the_version(version: str) -> None:
    [found] = read(f"apiVersion: {version}\nkind: Deployment\nmetadata: {{name: a}}\n").loaded.objects
    assert type(found) is Deployment


def test_the_same_kind_of_another_group_is_another() -> None:
    found = read(
        "apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: a}\n---\n"
        "apiVersion: rbac.example.com/v1\nkind: Role\nmetadata: {name: a}\n"
    )
    assert [type(each) for each in found.loaded.objects] == [KubernetesObject, KubernetesObject]


def test_live_nodes_are_pools() -> None:
    found = read(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: ip-10-0-0-1, labels: {disk: ssd}}
        spec:
          unschedulable: true
          taints:
            - {key: node.kubernetes.io/unschedulable, effect: NoSchedule}
            - {key: dedicated, value: gpu, effect: NoSchedule}
        status: {allocatable: {cpu: "4"}}
        """
    )
    node = found.pool()
    assert isinstance(node, LiveNode)
    assert (node.kind, node.name, node.unschedulable) == ("live", "ip-10-0-0-1", True)
    assert node.labels == {"disk": "ssd"}
    assert node.allocatable == {"cpu": "4"}
    assert node.taints == [Taint("dedicated", "gpu", "NoSchedule")]
    assert found.line(node.at("taints", 0)) == "8 dedicated"
    assert found.line(node.at("labels", "disk")) == "3 ssd"

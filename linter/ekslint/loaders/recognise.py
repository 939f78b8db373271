"""What a document is, in words: for the loaders, and for `ekslint files`."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from ekslint.model.kubernetes.sheet import is_template
from ekslint.source.sniffing import template_reason
from ekslint.source.tree import Document, Map, Seq


class Dialect(Enum):
    """What a document is taken for."""

    CLOUDFORMATION = "CloudFormation template"
    CUSTOM_RESOURCE_DEFINITION = "custom resource definition"
    EKSCTL = "eksctl ClusterConfig"
    EMPTY = "empty"
    HELM_CHART = "Helm chart"
    HELMFILE = "helmfile"
    HELM_VALUES = "Helm values"
    KARPENTER = "Karpenter"
    KUBERNETES = "Kubernetes"
    KUSTOMIZATION = "kustomization"
    KUSTOMIZE_PATCH = "kustomize patch"
    LIST = "Kubernetes list"
    TEMPLATE = "template"
    UNREADABLE = "unreadable"
    UNRELATED = "not EKS configuration"

    @property
    def has_objects(self) -> bool:
        """Whether it holds Kubernetes objects, for `load_manifest`."""
        return self in _WITH_OBJECTS


_WITH_OBJECTS = frozenset({Dialect.CUSTOM_RESOURCE_DEFINITION, Dialect.KARPENTER, Dialect.KUBERNETES, Dialect.LIST})


class Recognition(NamedTuple):
    """What a document is taken for, and why."""

    dialect: Dialect
    words: str
    """For `ekslint files`: `Deployment (apps/v1)`, `Helm values: what a chart makes of them is not known here`."""


_KARPENTER_GROUPS = frozenset({"eks.amazonaws.com", "karpenter.k8s.aws", "karpenter.sh"})
_KARPENTER_KINDS = frozenset(
    {"AWSNodeTemplate", "EC2NodeClass", "NodeClaim", "NodeClass", "NodeOverlay", "NodePool", "Provisioner"}
)
# Files with apiVersion and kind that no cluster ever stores.
_CLIENT_GROUPS = frozenset(
    {
        *(
            "apiserver.config.k8s.io",
            "apiserver.k8s.io",
            "audit.k8s.io",
            "backstage.io",
            "builtin",
            "credentialprovider",
        ),
        *("client.authentication.k8s.io", "config.kubernetes.io", "ctlptl.dev", "kind.x-k8s.io", "kubeadm.k8s.io"),
        *("krew.googlecontainertools.github.com", "kubecontrollermanager.config.k8s.io", "kubelet.config.k8s.io"),
        *("kubeproxy.config.k8s.io", "kubescheduler.config.k8s.io", "node.eks.aws", "skaffold", "testing.k8s.io"),
        *("kuttl.dev", "chainsaw.kyverno.io", "cli.kyverno.io", "helm.config.k8s.io", "k3d.io", "telepresence.io"),
    }
)
_RESOURCE_TYPE = re.compile(r"(?:AWS|Alexa|Custom|AWSQS|[A-Z][A-Za-z0-9]+)::[A-Za-z0-9:@_-]+\Z")
_VALUES = re.compile(r"(?:.*[-_.])?values(?:[-_.].*)?\.ya?ml\Z", re.IGNORECASE)
_VALUES_FOLDER = re.compile(r"(?:helm[-_.]?)?values\Z", re.IGNORECASE)
_KUSTOMIZATION_NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "Kustomization"})


def recognise(document: Document) -> Recognition:
    """What a document is by itself; ask `HelmCharts` and `Kustomizations` first, which know its surroundings."""
    root = document.root
    name = document.source.path.rpartition("/")[2]
    if root is None:
        return _without_content(document)
    if isinstance(root, Seq):
        return _of_list(root)
    if not isinstance(root, Map):
        return Recognition(Dialect.UNRELATED, "neither a mapping nor a list of objects")
    if is_cloudformation(root):
        return Recognition(Dialect.CLOUDFORMATION, "CloudFormation template")
    api_version, kind = root.get("apiVersion"), root.get("kind")
    if is_kustomization(document):
        return Recognition(Dialect.KUSTOMIZATION, "kustomization: what it patches is left to it")
    if name in {"Chart.yaml", "Chart.yml"} and isinstance(root.get("name"), str):
        return Recognition(Dialect.HELM_CHART, f"Helm chart {root['name']}")
    if isinstance(api_version, str) and isinstance(kind, str):
        return _of_object(root, api_version, kind)
    if _is_headless_cluster_config(root):
        return Recognition(Dialect.EKSCTL, "eksctl ClusterConfig")
    if is_template(api_version) or is_template(kind):
        return Recognition(Dialect.TEMPLATE, "a template: kind and apiVersion are filled in elsewhere")
    if is_helmfile(root):
        return Recognition(Dialect.HELMFILE, "helmfile: which charts it installs is all that counts here")
    if is_values_file(document.source.path):
        return Recognition(Dialect.HELM_VALUES, "Helm values: what a chart makes of them is not known here")
    if isinstance(kind, str) and "metadata" in root:
        return Recognition(Dialect.UNRELATED, f"{kind} without apiVersion: no Kubernetes object")
    return Recognition(Dialect.UNRELATED, "not EKS configuration: neither apiVersion and kind nor CloudFormation")


def is_values_file(path: str) -> bool:
    """Whether a file holds values for a Helm chart, by its name or its folder's."""
    folders, _, name = path.rpartition("/")
    if _VALUES.match(name):
        return True
    return name.endswith((".yaml", ".yml")) and _VALUES_FOLDER.match(folders.rpartition("/")[2]) is not None


def is_helmfile(root: Mapping[str, object]) -> bool:
    """Whether a mapping is a helmfile: it lists releases, and the chart of each."""
    releases = root.get("releases")
    return (
        "apiVersion" not in root
        and isinstance(releases, list)
        and any(isinstance(each, dict) and isinstance(each.get("chart"), str) for each in releases)
    )


def is_kustomization(document: Document) -> bool:
    """Whether a document is a kustomization: by its file's name, or by what it says it is."""
    root = document.root
    if not isinstance(root, Map):
        return False
    api_version = root.get("apiVersion")
    if isinstance(api_version, str) and api_version.startswith("kustomize.config.k8s.io/"):
        return root.get("kind") in ("Kustomization", "Component")
    return document.source.path.rpartition("/")[2] in _KUSTOMIZATION_NAMES and not isinstance(api_version, str)


def is_cloudformation(root: Mapping[str, object]) -> bool:
    """Whether a mapping is a CloudFormation template."""
    if "AWSTemplateFormatVersion" in root:
        return True
    resources = root.get("Resources")
    return isinstance(resources, dict) and any(
        isinstance(resource, dict)
        and isinstance(resource.get("Type"), str)
        and _RESOURCE_TYPE.match(resource["Type"]) is not None
        for resource in resources.values()
    )


def _is_headless_cluster_config(root: Map) -> bool:
    """Whether a ClusterConfig lacks its kind or its apiVersion, which a rule tells."""
    api_version, kind, metadata = root.get("apiVersion"), root.get("kind"), root.get("metadata")
    if isinstance(api_version, str):
        return kind is None and api_version.startswith("eksctl.io/")
    return api_version is None and kind == "ClusterConfig" and isinstance(metadata, Map) and "region" in metadata


def _without_content(document: Document) -> Recognition:
    if not document.problems:
        return Recognition(Dialect.EMPTY, "empty")
    text = document.source.text[document.start : document.end + 1]
    from ekslint.source.template_languages import template_language

    language = template_language(text) or template_language(document.source.text)
    if language is not None:
        return Recognition(Dialect.TEMPLATE, template_reason(language))
    return Recognition(Dialect.UNREADABLE, f"unreadable: {document.problems[0].message}")


def _of_list(root: Seq) -> Recognition:
    if root and all(isinstance(item, dict) and "op" in item and "path" in item for item in root):
        return Recognition(Dialect.KUSTOMIZE_PATCH, "a JSON patch for kustomize")
    return Recognition(Dialect.UNRELATED, "a list, and no Kubernetes object")


def _of_object(root: Map, api_version: str, kind: str) -> Recognition:
    if is_template(api_version) or is_template(kind):
        return Recognition(Dialect.TEMPLATE, "a template: kind and apiVersion are filled in elsewhere")
    group = api_version.rpartition("/")[0]
    words = f"{kind} ({api_version})"
    if group == "eksctl.io":
        # eksctl knows one kind only: any other is a mistake, which a rule tells.
        return Recognition(Dialect.EKSCTL, "eksctl ClusterConfig" if kind == "ClusterConfig" else words)
    if group in _CLIENT_GROUPS or api_version.startswith("skaffold/") or (not group and kind == "Config"):
        return Recognition(Dialect.UNRELATED, f"{words}: not an object of a cluster")
    if kind.endswith("List") and isinstance(root.get("items"), list):
        items = root["items"]
        return Recognition(Dialect.LIST, f"{words} of {len(items) if isinstance(items, list) else 0} objects")
    if kind == "CustomResourceDefinition":
        return Recognition(Dialect.CUSTOM_RESOURCE_DEFINITION, words)
    if group in _KARPENTER_GROUPS and kind in _KARPENTER_KINDS:
        return Recognition(Dialect.KARPENTER, words)
    if "$patch" in root:
        return Recognition(Dialect.KUSTOMIZE_PATCH, f"a kustomize patch of a {kind}")
    return Recognition(Dialect.KUBERNETES, words)

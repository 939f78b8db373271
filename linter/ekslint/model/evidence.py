"""What the files install on a cluster: controllers and agents, by whatever means.

A component counts as installed where its own workload is declared, a Helm release or chart of it, an Argo CD or Flux
object that is named after it, or where values for its chart are kept. Its clients (NodePools, Ingresses,
ServiceMonitors) do not: they only need it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ekslint.model.kubernetes.containers import Container
from ekslint.model.kubernetes.images import parse_image
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.packaging import HelmChart, Kustomization
from ekslint.model.kubernetes.workloads import Workload
from ekslint.model.reading import Undecided
from ekslint.source.tree import TooManyNodes, walk

if TYPE_CHECKING:
    from ekslint.model.cluster import Cluster
    from ekslint.model.entity import Entity
    from ekslint.model.estate import Estate


class Component(NamedTuple):
    """How a component is recognised."""

    images: tuple[str, ...]
    """Ends of image repositories, from a slash on."""
    names: tuple[str, ...]
    """Names of its charts, releases, applications, folders and workloads."""


COMPONENTS: Mapping[str, Component] = {
    "argo-cd": Component(("argoproj/argocd",), ("argo-cd", "argocd")),
    "aws-ebs-csi-driver": Component(
        ("aws-ebs-csi-driver", "ebs-csi-driver/aws-ebs-csi-driver"), ("aws-ebs-csi-driver", "ebs-csi-controller")
    ),
    "aws-efs-csi-driver": Component(("aws-efs-csi-driver",), ("aws-efs-csi-driver", "efs-csi-controller")),
    "aws-for-fluent-bit": Component(("aws-for-fluent-bit",), ("aws-for-fluent-bit",)),
    "aws-fsx-csi-driver": Component(
        ("aws-fsx-csi-driver",), ("aws-fsx-csi-driver", "aws-fsx-openzfs-csi-driver", "fsx-csi-controller")
    ),
    "aws-gateway-controller": Component(
        ("aws-gateway-controller", "aws-gateway-api-controller"),
        ("aws-gateway-controller", "aws-gateway-api-controller", "aws-gateway-controller-chart"),
    ),
    "aws-load-balancer-controller": Component(
        ("aws-load-balancer-controller", "aws-alb-ingress-controller"),
        ("aws-load-balancer-controller", "aws-alb-ingress-controller", "alb-ingress-controller"),
    ),
    "aws-mountpoint-s3-csi-driver": Component(
        ("aws-s3-csi-driver", "aws-mountpoint-s3-csi-driver"),
        ("aws-mountpoint-s3-csi-driver", "aws-s3-csi-driver", "s3-csi-node"),
    ),
    "aws-network-policy-agent": Component(("aws-network-policy-agent",), ("aws-network-policy-agent",)),
    "aws-node-termination-handler": Component(("aws-node-termination-handler",), ("aws-node-termination-handler",)),
    "calico": Component(
        ("calico/node", "calico/kube-controllers", "tigera/operator"), ("calico", "tigera-operator", "calico-node")
    ),
    "cert-manager": Component(("cert-manager-controller",), ("cert-manager",)),
    "cilium": Component(("cilium/cilium",), ("cilium",)),
    "cloudwatch-agent": Component(
        ("cloudwatch-agent", "cloudwatch-agent-operator"),
        ("amazon-cloudwatch-observability", "aws-cloudwatch-metrics", "cloudwatch-agent"),
    ),
    "cluster-autoscaler": Component(("cluster-autoscaler",), ("cluster-autoscaler",)),
    "cluster-proportional-autoscaler": Component(
        ("cluster-proportional-autoscaler", "cluster-proportional-autoscaler-amd64"),
        ("cluster-proportional-autoscaler",),
    ),
    "coredns": Component(("coredns",), ("coredns",)),
    "datadog-cluster-agent": Component(
        ("datadog/cluster-agent",), ("datadog", "datadog-operator", "datadog-cluster-agent")
    ),
    "eks-node-monitoring-agent": Component(("eks-node-monitoring-agent",), ("eks-node-monitoring-agent",)),
    "eks-pod-identity-agent": Component(("eks-pod-identity-agent",), ("eks-pod-identity-agent",)),
    "external-dns": Component(("external-dns",), ("external-dns",)),
    "external-secrets": Component(("external-secrets",), ("external-secrets",)),
    "flux": Component(("fluxcd/source-controller", "fluxcd/kustomize-controller"), ("flux", "flux2", "flux-operator")),
    "gatekeeper": Component(("openpolicyagent/gatekeeper",), ("gatekeeper",)),
    "ingress-nginx": Component(("ingress-nginx/controller", "nginx-ingress-controller"), ("ingress-nginx",)),
    "k8s-cloudwatch-adapter": Component(("k8s-cloudwatch-adapter",), ("k8s-cloudwatch-adapter",)),
    "karpenter": Component(("karpenter/controller", "karpenter/karpenter"), ("karpenter",)),
    "keda": Component(("kedacore/keda",), ("keda", "keda-operator")),
    "kube-metrics-adapter": Component(("kube-metrics-adapter",), ("kube-metrics-adapter",)),
    "kube-proxy": Component(("kube-proxy",), ("kube-proxy",)),
    "kyverno": Component(("kyverno/kyverno",), ("kyverno",)),
    "metrics-server": Component(("metrics-server", "metrics-server-amd64"), ("metrics-server",)),
    "neuron-device-plugin": Component(
        ("neuron-device-plugin",), ("neuron-device-plugin", "neuron-device-plugin-daemonset", "neuron-helm-chart")
    ),
    "node-feature-discovery": Component(("node-feature-discovery",), ("node-feature-discovery",)),
    "nvidia-device-plugin": Component(
        ("nvidia/k8s-device-plugin", "nvcr.io/nvidia/k8s-device-plugin"),
        ("nvidia-device-plugin", "nvidia-device-plugin-daemonset"),
    ),
    "nvidia-gpu-operator": Component(("nvidia/gpu-operator",), ("gpu-operator", "nvidia-gpu-operator")),
    "prometheus": Component(
        ("prom/prometheus", "prometheus/prometheus", "prometheus-operator"),
        ("prometheus", "kube-prometheus-stack", "prometheus-operator"),
    ),
    "prometheus-adapter": Component(
        ("prometheus-adapter", "k8s-prometheus-adapter", "k8s-prometheus-adapter-amd64"),
        ("prometheus-adapter", "prometheus-adapter-custom-metrics"),
    ),
    "secrets-store-csi-driver": Component(
        ("csi-secrets-store/driver", "secrets-store-csi-driver"), ("secrets-store-csi-driver", "csi-secrets-store")
    ),
    "snapshot-controller": Component(
        ("sig-storage/snapshot-controller", "external-snapshotter/snapshot-controller"),
        ("snapshot-controller", "external-snapshotter", "csi-snapshot-controller"),
    ),
    "vertical-pod-autoscaler": Component(
        ("vpa-recommender", "vpa-updater"), ("vertical-pod-autoscaler", "vpa", "vpa-recommender")
    ),
    "vpc-cni": Component(("amazon-k8s-cni",), ("aws-vpc-cni", "vpc-cni", "aws-node")),
}
"""The components that rules ask for, by the name of their EKS add-on or project."""

# What stands behind a component's name where only its custom resources or settings are meant.
_MERE_SETTINGS = re.compile(
    r"(?:class(?:es)?|config\w*|crds?|dashboards?|ec2nodeclass(?:es)?|examples?|iam|monitors?|node-?class(?:es)?"
    r"|node-?pools?|policies|pools?|provisioners?|resources|roles?|rules|secrets|service-?accounts?|values)\Z"
)
_GITOPS = {
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
    ("helm.cattle.io", "HelmChart"),
    ("helm.toolkit.fluxcd.io", "HelmRelease"),
    ("kustomize.toolkit.fluxcd.io", "Kustomization"),
    ("source.toolkit.fluxcd.io", "HelmChart"),
}
_FIELDS = frozenset({"chart", "name", "path", "releaseName", "repoURL", "url", "values", "addonChart", "component"})
"""Fields of such objects, at any depth, that name what is installed; values of generators are named freely."""
_MOST_NODES = 2_000
_WORD = re.compile(r"[a-z0-9-]+")
_VALUES = re.compile(r"(?<![a-z0-9])values(?![a-z0-9])")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[^a-z0-9]+")


def installs(component: str, cluster: "Cluster", estate: "Estate") -> bool:
    """Whether anything in the files installs a component on a cluster, or may: KeyError for an unknown component."""
    if component not in COMPONENTS:
        raise KeyError(f"no component is called {component}")
    installers = (each.origin.document.source.path for each in estate.installations.get(component, ()))
    for path in chain(installers, estate.values_of_charts.get(component, ())):
        clusters = estate.scope.candidates(path)
        if not clusters or any(each is cluster for each in clusters):
            return True
    return False


def find_values_of_charts(paths: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The values files of components' charts, by component: the name of the file tells, or else that of its folder.

    Nobody writes values for a chart that nobody installs; the command that does stands in no file that is read.
    """
    by_name = {name: component for component, signs in COMPONENTS.items() for name in signs.names}
    found: dict[str, list[str]] = {}
    for path in paths:
        folders, _, name = path.lower().rpartition("/")
        own = _VALUES.split(_NEITHER_LETTER_NOR_DIGIT.sub("-", name.rpartition(".")[0]))
        components = [_component_of(part.strip("-"), by_name) for part in own]
        if not any(components):
            components = [_component_of(_NEITHER_LETTER_NOR_DIGIT.sub("-", folders.rpartition("/")[2]), by_name)]
        for component in dict.fromkeys(filter(None, components)):
            found.setdefault(component, []).append(path)
    return found


def find_installations(estate: "Estate") -> Mapping[str, Sequence["Entity"]]:
    """What installs which component, in order; one pass over everything."""
    by_image: dict[str, list[tuple[str, str]]] = {}
    by_name: dict[str, str] = {}
    for component, signs in COMPONENTS.items():
        for image in signs.images:
            by_image.setdefault(image.rpartition("/")[2], []).append((f"/{image}", component))
        by_name.update(dict.fromkeys(signs.names, component))
    found: dict[str, list[Entity]] = {}
    for entity in estate.entities:
        for component in dict.fromkeys(_installed_by(entity, by_image, by_name)):
            found.setdefault(component, []).append(entity)
    return found


def _installed_by(
    entity: "Entity", by_image: Mapping[str, Sequence[tuple[str, str]]], by_name: Mapping[str, str]
) -> Iterator[str]:
    if isinstance(entity, Workload):
        name = entity.known_name
        if name is not None and name in by_name:
            yield by_name[name]
        for image in _images(entity):
            reference = parse_image(image)
            whole = f"/{reference.registry}/{reference.repository}"
            yield from (component for end, component in by_image.get(reference.name, ()) if whole.endswith(end))
    elif isinstance(entity, KubernetesObject):
        if (entity.group, entity.kind) in _GITOPS:
            yield from _named(_texts(entity), by_name)
    elif isinstance(entity, Kustomization):
        yield from _named([*entity.helm_charts, *entity.remote_resources], by_name)
    elif isinstance(entity, HelmChart):
        yield from _named(entity.dependencies, by_name)


def _images(workload: Workload) -> Iterator[str]:
    for part in workload.parts:
        if isinstance(part, Container):
            try:
                image = part.image
            except Undecided:
                continue
            if image is not None:
                yield image


def _texts(object_: KubernetesObject) -> Iterator[str]:
    """Every text of a GitOps object that may name what it installs; placeholders do no harm."""
    try:
        for path, node in walk(object_.node, budget=_MOST_NODES):
            if isinstance(node, str) and path and (path[-1] in _FIELDS or "generators" in path):
                yield node
    except TooManyNodes:
        return


def _named(texts: Iterable[str], by_name: Mapping[str, str]) -> Iterator[str]:
    """The components that are named: as a whole, behind or before another word, or as a step of a path."""
    for text in texts:
        if len(text) > 500:
            continue
        steps = re.split(r"[/:@?]", text.lower())
        for position, step in enumerate(steps):
            following = steps[position + 1] if position + 1 < len(steps) else ""
            component = _component_of(step, by_name)
            if component is not None and not _MERE_SETTINGS.match(following):
                yield component


def _component_of(word: str, by_name: Mapping[str, str]) -> str | None:
    """`prod-karpenter`, `karpenter`, `karpenter-eu`; but not `karpenter-nodepools`, and no word within a word."""
    if not _WORD.fullmatch(word):
        return None
    parts = word.split("-")
    for length in range(len(parts), 0, -1):
        for start in range(len(parts) - length + 1):
            component = by_name.get("-".join(parts[start : start + length]))
            if component is not None:
                rest = "-".join(parts[start + length :])
                return None if rest and _MERE_SETTINGS.match(rest) else component
    return None

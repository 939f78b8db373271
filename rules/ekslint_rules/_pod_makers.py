"""What may make pods that no file shows: Helm releases, operators, and whatever EKS installs by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ekslint import Estate, KubernetesObject, Kustomization, Workload

_CORE_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
_MERE_SETTINGS = (
    *(".k8s.io", ".k8s.aws", "autoscaling.k8s.io", "bitnami.com", "cert-manager.io", "cilium.io", "containo.us"),
    *("crd.projectcalico.org", "eks.amazonaws.com", "external-secrets.io", "istio.io", "karpenter.sh", "kyverno.io"),
    *("image.toolkit.fluxcd.io", "notification.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "traefik.io"),
    *("upbound.io", "crossplane.io", "x-k8s.io", "projectcalico.org"),
)
"""Ends of API groups whose objects make no pods."""
_HARMLESS_KINDS = frozenset(
    {
        *("AlertmanagerConfig", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"),
        *("AnalysisTemplate", "AppProject", "ClusterAnalysisTemplate", "ScaledObject", "TriggerAuthentication"),
    }
)
_RELEASES = frozenset({("helm.toolkit.fluxcd.io", "HelmRelease"), ("helm.cattle.io", "HelmChart")})
_SYSTEM_NAMESPACE = "kube-system"
_FOUND: WeakKeyDictionary[Estate, Sequence[KubernetesObject]] = WeakKeyDictionary()


def may_make_pods_beside(anchor: KubernetesObject) -> bool:
    """Whether pods may run in the namespace of an object, on its cluster, that no workload of the files makes.

    Undecided where that depends on what is unknown.
    """
    if anchor.namespace == _SYSTEM_NAMESPACE or _inflates_charts(anchor):
        return True
    return any(_makes_pods_for(other, anchor) for other in _makers(anchor.estate))


def _makers(estate: Estate) -> Sequence[KubernetesObject]:
    """What may make pods somewhere: looked for once an estate, as that depends on groups and kinds alone."""
    found = _FOUND.get(estate)
    if found is None:
        found = _FOUND[estate] = [each for each in estate.of(KubernetesObject) if _is_maker(each)]
    return found


def _is_maker(each: KubernetesObject) -> bool:
    if each.group in _CORE_GROUPS or isinstance(each, Workload) or each.kind in _HARMLESS_KINDS:
        return False
    return not each.group.endswith(_MERE_SETTINGS)


def _inflates_charts(anchor: KubernetesObject) -> bool:
    """Whether a kustomization of its folder, or of one above, brings in what is not here."""
    mine = _folder(anchor.sheet.document.source.path)
    for each in anchor.estate.of(Kustomization):
        folder = _folder(each.origin.document.source.path)
        if mine.startswith(folder) and (each.helm_charts or each.remote_resources):
            return True
    return False


def _folder(path: str) -> str:
    return path[: path.rfind("/") + 1]


def _makes_pods_for(other: KubernetesObject, anchor: KubernetesObject) -> bool:
    group, kind = other.group, other.kind
    if not _may_share_cluster(other, anchor):
        return False
    if (group, kind) in _RELEASES:
        target = other.text("spec", "targetNamespace")
        return target == anchor.namespace if target is not None else other.shares_namespace(anchor)
    if group == "argoproj.io" and kind in {"Application", "ApplicationSet"}:
        spec = ("spec",) if kind == "Application" else ("spec", "template", "spec")
        target = other.text(*spec, "destination", "namespace")
        return target in {None, anchor.namespace} and not _is_from_these_files(other, other.mapping(*spec))
    if group == "kustomize.toolkit.fluxcd.io":
        target = other.text("spec", "targetNamespace")
        return target in {None, anchor.namespace} and not _is_from_these_files(other, other.mapping("spec"))
    return other.is_namespaced and other.shares_namespace(anchor)


def _is_from_these_files(other: KubernetesObject, spec: Mapping[str, Any]) -> bool:
    """Whether everything that it applies lies in folders that were read."""
    sources = [spec.get("source"), *(spec.get("sources") or ())] if "source" in spec or "sources" in spec else [spec]
    paths = [source.get("path") for source in sources if isinstance(source, Mapping)]
    folders = [f"/{path.strip('./')}/" for path in paths if isinstance(path, str)]
    if not folders or len(folders) < len(paths):
        return False
    known = {f"/{each.sheet.document.source.path}" for each in other.estate.of(KubernetesObject)}
    return all(any(folder in path for path in known) for folder in folders)


def _may_share_cluster(one: KubernetesObject, other: KubernetesObject) -> bool:
    clusters = {id(cluster) for cluster in one.clusters}
    return not clusters or not other.clusters or any(id(cluster) in clusters for cluster in other.clusters)

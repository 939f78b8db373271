"""What may make pods that no file shows: Helm releases, operators, and whatever EKS installs by itself."""

from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from ekslint import Cluster, Estate, KubernetesObject, Kustomization, Workload

_CORE_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "extensions", "policy"})
_MERE_SETTINGS = (
    *(".k8s.io", ".k8s.aws", "autoscaling.k8s.io", "bitnami.com", "cert-manager.io", "cilium.io", "containo.us"),
    *("crd.projectcalico.org", "eks.amazonaws.com", "external-secrets.io", "istio.io", "karpenter.sh", "kyverno.io"),
    *("image.toolkit.fluxcd.io", "notification.toolkit.fluxcd.io", "source.toolkit.fluxcd.io", "traefik.io"),
    *("upbound.io", "crossplane.io", "x-k8s.io", "projectcalico.org"),
)
"""Ends of API groups whose objects make no pods."""
_MAKING_GROUPS = frozenset({"jobset.x-k8s.io", "leaderworkerset.x-k8s.io", "sparkoperator.k8s.io"})
"""API groups with such an end whose objects do."""
_HARMLESS_KINDS = frozenset(
    {
        *("AlertmanagerConfig", "PodMonitor", "Probe", "PrometheusRule", "ScrapeConfig", "ServiceMonitor"),
        *("AnalysisTemplate", "AppProject", "ClusterAnalysisTemplate", "ScaledObject", "TriggerAuthentication"),
    }
)
_RELEASES = frozenset({("helm.toolkit.fluxcd.io", "HelmRelease"), ("helm.cattle.io", "HelmChart")})
_ARGO = "argoproj.io"
_SYSTEM_NAMESPACE = "kube-system"
_FOUND: WeakKeyDictionary[Estate, Sequence[KubernetesObject]] = WeakKeyDictionary()


def may_make_pods_beside(anchor: KubernetesObject) -> bool:
    """Whether pods may run in the namespace of an object, on its cluster, that no workload of the files makes.

    Undecided where that depends on what is unknown.
    """
    if anchor.stands_in(_SYSTEM_NAMESPACE) or _inflates_charts(anchor):
        return True
    return any(_makes_pods_for(other, anchor) for other in _makers(anchor.estate))


def may_make_pods_on(cluster: Cluster) -> bool:
    """Whether pods may run on a cluster that no workload of the files makes.

    Undecided where that depends on what is unknown.
    """
    if any(each.helm_charts or each.remote_resources for each in cluster.estate.of(Kustomization)):
        return True
    return any(
        not _applies_these_files(each) and any(cluster is other for other in each.clusters or (cluster,))
        for each in _makers(cluster.estate)
    )


def _makers(estate: Estate) -> Sequence[KubernetesObject]:
    """What may make pods somewhere: looked for once an estate, as that depends on groups and kinds alone."""
    found = _FOUND.get(estate)
    if found is None:
        found = _FOUND[estate] = [each for each in estate.of(KubernetesObject) if _is_maker(each)]
    return found


def _is_maker(each: KubernetesObject) -> bool:
    if each.group in _CORE_GROUPS or isinstance(each, Workload) or each.kind in _HARMLESS_KINDS:
        return False
    return each.group in _MAKING_GROUPS or not each.group.endswith(_MERE_SETTINGS)


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
        return anchor.stands_in(target) if target is not None else other.shares_namespace(anchor)
    applied = _applied(other)
    if applied is not None:
        namespace = ("destination", "namespace") if group == _ARGO else ("targetNamespace",)
        target = other.text(*applied, *namespace)
        return (target is None or anchor.stands_in(target)) and not _applies_these_files(other)
    return other.is_namespaced and other.shares_namespace(anchor)


def _applied(other: KubernetesObject) -> Sequence[str] | None:
    """Where an application of Argo CD or Flux says what it applies; None for anything else."""
    if other.group == _ARGO and other.kind in {"Application", "ApplicationSet"}:
        return ("spec",) if other.kind == "Application" else ("spec", "template", "spec")
    return ("spec",) if other.group == "kustomize.toolkit.fluxcd.io" else None


def _applies_these_files(other: KubernetesObject) -> bool:
    """Whether it is an application of Argo CD or Flux all of whose folders were read."""
    applied = _applied(other)
    if applied is None:
        return False
    spec: Mapping[str, Any] = other.mapping(*applied)
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

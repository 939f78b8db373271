from collections.abc import Iterator

from ekslint import Cluster, Finding, KubernetesObject, Place, Severity, api_lifetimes, kubernetes_versions, rule


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",))
def deprecated_api(object_: KubernetesObject) -> Iterator[Finding]:
    """An object has an apiVersion that its cluster no longer serves, or loses with the next upgrade.

    ## Why is this bad?
    The API server refuses the object: no matches for kind. Charts and pipelines that worked yesterday fail after the
    upgrade.

    ## When it stays silent
    Versions that are deprecated but stay for the next minor version too, and custom resources. Of a cluster whose
    version is not known (or with no cluster in the files) the oldest version that EKS supports is taken, and what that
    one does not serve is a warning. With several clusters the object must be refused by each.

    ## References
    - Kubernetes documentation, deprecated API migration guide
    - Amazon EKS user guide, update existing cluster to new Kubernetes version
    """
    lifetime = api_lifetimes.api_lifetime(object_.api_version, object_.kind)
    if lifetime is None or lifetime.removed is None:
        return
    version, place = _oldest(object_)
    following = None if version is None else _next(version)
    if version is None or following is None or not lifetime.is_removed_in(following):
        return
    is_gone = lifetime.is_removed_in(version)
    who = _who(object_, version, is_known=place is not None)
    if is_gone:
        what = f"which is gone since Kubernetes {lifetime.removed}: {who} refuses it"
    else:
        what = f"which goes with Kubernetes {lifetime.removed}, the next version of {who}"
    is_certain = is_gone and place is not None and place.by_default is None
    instead = _replacement(lifetime.replacement)
    yield Finding(
        object_.at("apiVersion"),
        f"{object_} is {object_.api_version}, {what}",
        label=f"removed in {lifetime.removed}",
        help=f"use {instead}" if instead is not None else "nothing takes its place",
        related=[(place, f"Kubernetes {version}")] if place is not None else [],
        severity=Severity.ERROR if is_certain else Severity.WARNING,
    )


def _oldest(object_: KubernetesObject) -> tuple[str | None, Place | None]:
    """The oldest version among the clusters that the object may go to, and where it is said; else EKS's oldest."""
    supported = kubernetes_versions.supported_versions(object_.estate.as_of)
    found = [_version(cluster) for cluster in object_.clusters] or [None]
    known = [each for each in found if each is not None]
    if supported and len(known) < len(found):
        known.append((supported[0], None))
    return min(known, key=lambda each: kubernetes_versions.minor(each[0]) or (0, 0), default=(None, None))


def _version(cluster: Cluster) -> tuple[str, Place | None] | None:
    if cluster.unknown("version") or cluster.version is None or kubernetes_versions.minor(cluster.version) is None:
        return None
    return cluster.version, cluster.at("version")


def _next(version: str) -> str | None:
    number = kubernetes_versions.minor(version)
    return None if number is None else f"{number[0]}.{number[1] + 1}"


def _who(object_: KubernetesObject, version: str, *, is_known: bool) -> str:
    clusters = object_.clusters
    if not is_known:
        return f"Kubernetes {version}, the oldest that EKS supports,"
    if len(clusters) == 1:
        return f"{clusters[0]} ({version})"
    return f"every cluster that it may go to ({version} and newer)"


def _replacement(text: str | None) -> str | None:
    if text is None:
        return None
    api_version, _, kind = text.partition(" ")
    return f"kind {kind} of {api_version}" if kind else f"apiVersion: {api_version}"

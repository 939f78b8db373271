from collections.abc import Iterator

from ekslint import (
    Cluster,
    Container,
    Finding,
    HelmChart,
    KubernetesObject,
    Kustomization,
    Place,
    Severity,
    rule,
)
from ekslint_rules._releases import releases
from ekslint_rules.karpenter._controller import CHART, is_controller
from ekslint_rules.karpenter._versions import needed_version, newest_meant, shown

_TAG = ("controller", "image", "tag")


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "versions"), dialects=("eksctl", "kubernetes"))
def karpenter_version_vs_kubernetes(subject: Cluster | Container | KubernetesObject) -> Iterator[Finding]:
    """Karpenter is too old for the cluster's Kubernetes version.

    ## Why is this bad?
    Every release of Karpenter is made and tested for certain versions of Kubernetes. On a newer one it says once in its
    log that it is not compatible, and goes on: with requests that the API server no longer takes, and with images of
    nodes that it does not know how to start.

    ## When it stays silent
    Clusters without a version, Kubernetes versions that are newer than the table, images by digest alone, ranges of
    chart versions, and applications for other clusters. Where a manifest may go to several clusters, it must be too old
    for each of them.

    ## References
    - Karpenter documentation, upgrading, compatibility matrix
    """
    if isinstance(subject, Cluster):
        yield from _of(subject, subject.karpenter_version, subject.at("karpenter_version"))
        yield from _of_charts(subject)
    elif isinstance(subject, Container):
        image = subject.image_reference
        if image is not None and image.tag is not None and is_controller(subject):
            yield from _of(subject.cluster, image.tag, subject.at("image"))
    else:
        for release in releases(subject, CHART):
            tag = release.setting(*_TAG)
            if isinstance(tag, str) and tag:
                yield from _of(subject.cluster, tag, release.place(*_TAG))
            else:
                yield from _of(subject.cluster, release.version, release.version_place)


def _of_charts(cluster: Cluster) -> Iterator[Finding]:
    """The charts that bring Karpenter along, and the kustomizations that inflate it; said at their first cluster."""
    estate = cluster.estate
    for owner in (*estate.of(HelmChart), *estate.of(Kustomization)):
        candidates = estate.scope.candidates(owner.origin.document.source.path)
        version = owner.chart_versions.get(CHART)
        if version is None or not candidates or candidates[0] is not cluster:
            continue
        found = [list(_of(each, version, owner.at("chart_versions", CHART))) for each in candidates]
        if all(found):
            yield from found[0]


def _of(cluster: Cluster | None, version: str | None, place: Place) -> Iterator[Finding]:
    declared = newest_meant(version) if version is not None else None
    least = needed_version(cluster) if declared is not None else None
    if cluster is None or declared is None or least is None or declared >= least:
        return
    yield Finding(
        place,
        f"Karpenter {version} on {cluster} does not support Kubernetes {cluster.version}, which needs {shown(least)}+",
        label=f"needs {shown(least)}",
        related=[(cluster.at("version"), f"Kubernetes {cluster.version}")],
    )

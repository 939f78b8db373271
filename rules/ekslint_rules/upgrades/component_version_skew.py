from collections.abc import Iterator

from ekslint import Cluster, Container, Finding, KubernetesObject, Place, Severity, addons, rule
from ekslint_rules._releases import releases
from ekslint_rules.upgrades._component_versions import complaint, parse_version, version_text

_REPOSITORIES = {
    "amazon-k8s-cni": "vpc-cni",
    "aws-load-balancer-controller": "aws-load-balancer-controller",
    "cluster-autoscaler": "cluster-autoscaler",
    "cluster-autoscaler-amd64": "cluster-autoscaler",
    "cluster-autoscaler-arm64": "cluster-autoscaler",
    "coredns": "coredns",
    "kube-proxy": "kube-proxy",
}
"""Ends of image repositories."""
_CHARTS = ("aws-load-balancer-controller", "cluster-autoscaler")
"""Charts of this name, whose image is the value `image.tag`."""
_CLUSTER_DNS_NAMESPACE = "kube-system"
_TITLES = {
    "aws-load-balancer-controller": "the AWS Load Balancer Controller",
    "cluster-autoscaler": "the Cluster Autoscaler",
    "coredns": "CoreDNS",
    "kube-proxy": "kube-proxy",
    "vpc-cni": "the VPC CNI",
}


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "kubernetes"))
def component_version_skew(subject: Container | KubernetesObject | Cluster) -> Iterator[Finding]:
    """A component of the cluster does not go with its Kubernetes version.

    ## Why is this bad?
    Upgrading the control plane leaves what runs on it as it was. A Cluster Autoscaler of another minor version decides
    by another scheduler; kube-proxy, CoreDNS, the VPC CNI and the AWS Load Balancer Controller talk to APIs that are
    gone or not there yet, and EKS takes no version of an add-on that it does not offer for the cluster's.

    ## When it stays silent
    Images by digest alone, `latest` and the like, clusters of unknown version, and versions that the component
    supports: the same minor version of the Cluster Autoscaler; kube-proxy that is not newer and at most three minor
    versions older; CoreDNS of the minor version that EKS gives that Kubernetes, or newer; the VPC CNI that is
    recommended or newer; the load balancer controller from 2.4 on. CoreDNS outside of kube-system is no cluster's DNS.
    Karpenter is what `karpenter-version-vs-kubernetes` reports.

    ## References
    - Kubernetes documentation, version skew policy
    - EKS best practices guide, cluster upgrades
    - Amazon EKS user guide, manage CoreDNS for DNS in Amazon EKS clusters
    - AWS Load Balancer Controller, installation: supported Kubernetes versions
    """
    if isinstance(subject, Cluster):
        yield from _of_addons(subject)
    elif isinstance(subject, Container):
        yield from _of_container(subject)
    else:
        for chart in _CHARTS:
            for release in releases(subject, chart):
                tag = release.setting("image", "tag")
                if isinstance(tag, str):
                    yield from _of_image(chart, tag, str(subject), release.place("image", "tag"), subject)


def _of_container(container: Container) -> Iterator[Finding]:
    image = container.image_reference
    component = _component(image.repository) if image is not None else None
    if image is None or image.tag is None or component is None:
        return
    if component == "coredns" and not container.workload.stands_in(_CLUSTER_DNS_NAMESPACE):
        return
    yield from _of_image(component, image.tag, str(container), container.at("image"), container)


def _of_image(
    component: str, tag: str, who: str, place: Place, subject: Container | KubernetesObject
) -> Iterator[Finding]:
    version = parse_version(tag)
    cluster = subject.cluster if version is not None else None
    if version is None or cluster is None or cluster.version is None:
        return
    wrong = complaint(component, version, cluster.version)
    if wrong is not None:
        yield Finding(
            place,
            f"{who} runs {_TITLES[component]} {version_text(version)} on {cluster} (Kubernetes {cluster.version}): "
            f"{wrong}",
            label=f"not for Kubernetes {cluster.version}",
            help="upgrade it together with the cluster",
            related=[(cluster.at("version"), f"Kubernetes {cluster.version}")],
        )


def _of_addons(cluster: Cluster) -> Iterator[Finding]:
    for name in addons.CORE_ADDONS:
        if cluster.version is None or name not in cluster.addons:
            continue
        addon = cluster.addons[name]
        if addon.unknown("version") or addon.version is None:
            continue
        version = parse_version(addon.version)
        wrong = None if version is None else complaint(name, version, cluster.version)
        if version is not None and wrong is not None:
            yield Finding(
                addon.at("version"),
                f"{cluster} (Kubernetes {cluster.version}) has {_TITLES[name]} {version_text(version)}: {wrong}",
                label=f"not for Kubernetes {cluster.version}",
                help="choose a version for the cluster's own: aws eks describe-addon-versions",
                related=[(cluster.at("version"), f"Kubernetes {cluster.version}")],
            )


def _component(repository: str) -> str | None:
    for end, component in _REPOSITORIES.items():
        if repository == end or repository.endswith(f"/{end}"):
            return component
    return None

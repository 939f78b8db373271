from collections.abc import Iterator

from ekslint import Cluster, Container, Finding, Severity, rule
from ekslint_rules.upgrades._component_versions import complaint, parse_version, version_text

_REPOSITORIES = {
    "amazon-k8s-cni": "vpc-cni",
    "aws-alb-ingress-controller": "aws-load-balancer-controller",
    "aws-load-balancer-controller": "aws-load-balancer-controller",
    "cluster-autoscaler": "cluster-autoscaler",
    "karpenter/controller": "karpenter",
    "kube-proxy": "kube-proxy",
}
"""Ends of image repositories."""
_ADDONS = ("kube-proxy", "vpc-cni")
_TITLES = {
    "aws-load-balancer-controller": "the AWS Load Balancer Controller",
    "cluster-autoscaler": "the Cluster Autoscaler",
    "karpenter": "Karpenter",
    "kube-proxy": "kube-proxy",
    "vpc-cni": "the VPC CNI",
}


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "kubernetes"))
def component_version_skew(subject: Container | Cluster) -> Iterator[Finding]:
    """A component of the cluster does not go with its Kubernetes version.

    ## Why is this bad?
    Upgrading the control plane leaves what runs on it as it was. A Cluster Autoscaler of another minor version decides
    by another scheduler; kube-proxy, the VPC CNI, the AWS Load Balancer Controller and Karpenter talk to APIs that are
    gone or not there yet.

    ## When it stays silent
    Images by digest alone, `latest` and the like, clusters of unknown version, and versions that the component
    supports: the same minor version of the Cluster Autoscaler; kube-proxy that is not newer and at most three minor
    versions older; the VPC CNI that is recommended or newer; the load balancer controller from 2.4 on; Karpenter by its
    matrix.

    ## References
    - Kubernetes documentation, version skew policy
    - EKS best practices guide, cluster upgrades
    - Karpenter documentation, compatibility
    - AWS Load Balancer Controller, installation: supported Kubernetes versions
    """
    if isinstance(subject, Cluster):
        yield from _of_addons(subject)
        return
    image = subject.image_reference
    if image is None or image.tag is None:
        return
    component = _component(image.repository)
    version = parse_version(image.tag)
    cluster = subject.cluster if component is not None and version is not None else None
    if component is None or version is None or cluster is None or cluster.version is None:
        return
    wrong = complaint(component, version, cluster.version)
    if wrong is not None:
        yield Finding(
            subject.at("image"),
            f"{subject} runs {_TITLES[component]} {version_text(version)} on {cluster} (Kubernetes {cluster.version}): "
            f"{wrong}",
            label=f"not for Kubernetes {cluster.version}",
            help="upgrade it together with the cluster",
            related=[(cluster.at("version"), f"Kubernetes {cluster.version}")],
        )


def _of_addons(cluster: Cluster) -> Iterator[Finding]:
    for name in _ADDONS:
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

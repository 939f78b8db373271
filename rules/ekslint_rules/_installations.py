"""What is installed on a cluster, as far as the files tell."""

from collections.abc import Iterator, Sequence

from ekslint import Cluster, ClusterConfig, Entity, KubernetesObject

_REST_OF_A_CLUSTER = (
    *("accessConfig", "addons", "availabilityZones", "cloudWatch", "iam", "kubernetesNetworkConfig"),
    *("privateCluster", "secretsEncryption", "vpc"),
)
"""What a ClusterConfig says that makes a cluster, and does not merely add nodes or profiles to one."""


def doubt_about(cluster: Cluster, *, may_be_addon: bool) -> int:
    """Steps by which it counts less that something is not installed on a cluster: 1 where nobody can tell, else 0.

    The files may merely add to the cluster, may declare it a second time, or may install nothing of the sort at all:
    no controller and no chart, and for what is an EKS add-on too, no add-on.
    """
    if cluster.may_be_partial or not (_installs_charts(cluster) or (may_be_addon and cluster.addons)):
        return 1
    return int(any(each is not cluster and _may_be_one(each, cluster) for each in cluster.estate.clusters))


def holds_pools_only(cluster: Cluster) -> bool:
    """Whether the files say nothing but the cluster's name and its pools, as those do that add one to a cluster."""
    configs = [each for each in cluster.estate.of(ClusterConfig) if each.cluster is cluster]
    return bool(configs) and not any(config.has(field) for config in configs for field in _REST_OF_A_CLUSTER)


def _installs_charts(cluster: Cluster) -> bool:
    """Whether a manifest, a chart or an application of the files installs any controller that is known."""
    estate = cluster.estate
    return any(estate.has_evidence_of(name, cluster) for name in estate.installations)


def _may_be_one(one: Cluster, other: Cluster) -> bool:
    if one.unknown("name") or other.unknown("name"):
        return one.unknown("name") and other.unknown("name")
    return one.name is not None and one.name == other.name


def installed_on(component: str, cluster: Cluster) -> Iterator[Entity]:
    """What installs a component on a cluster, or may, in order."""
    for entity in cluster.estate.installations.get(component, ()):
        candidates = cluster.estate.scope.candidates(entity.origin.document.source.path)
        if not candidates or any(each is cluster for each in candidates):
            yield entity


def serves(cluster: Cluster, api: str) -> bool:
    """Whether an APIService of the files serves an API group (`custom.metrics.k8s.io`) on a cluster."""
    return any(
        each.kind == "APIService" and each.get("spec", "group") == api and may_go_to(each, cluster)
        for each in cluster.estate.of(KubernetesObject)
    )


def reported_for(object_: KubernetesObject, cluster: Cluster) -> bool:
    """Whether a finding about an object's cluster is said at this one: of several that it may go to, the first."""
    clusters: Sequence[Cluster] = object_.clusters
    return bool(clusters) and clusters[0] is cluster


def goes_to(object_: KubernetesObject, cluster: Cluster) -> bool:
    """Whether an object goes to a cluster for certain."""
    return len(object_.clusters) == 1 and object_.clusters[0] is cluster


def may_go_to(object_: KubernetesObject, cluster: Cluster) -> bool:
    """Whether an object goes to a cluster, or may."""
    return not object_.clusters or any(each is cluster for each in object_.clusters)

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from ekslint import Cluster, FargateProfile, FargateSelector, Finding, Severity, rule
from ekslint_rules._installations import holds_pools_only

_NAMESPACE = "kube-system"
_COREDNS_LABELS = {"k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns"}
_ADDON = "coredns"


@rule(Severity.ERROR, since="0.1.0", tags=("fargate",))
def fargate_kube_system_coredns(cluster: Cluster) -> Iterator[Finding]:
    """The cluster has Fargate alone, but CoreDNS cannot run there.

    ## Why is this bad?
    CoreDNS stays Pending, so no pod of the cluster resolves a name. Its pods need a profile that selects them in
    `kube-system`, and the add-on must be told that they go to Fargate: by default it keeps them for EC2 nodes.

    ## When it stays silent
    Clusters with other nodes, be they Auto Mode's, Karpenter's, hybrid ones or some that other files may bring. The
    add-on's setting under eksctl, which sets it for clusters of Fargate alone, and where the files do not list the
    add-on coredns. Advice only for an eksctl file of nothing but profiles, which may add to a cluster that exists.

    ## References
    - Amazon EKS user guide, get started with AWS Fargate for your cluster: update CoreDNS
    """
    if cluster.is_implicit or cluster.auto_mode is not None or cluster.has_unseen_pools:
        return
    pools = cluster.pools
    profiles = [pool for pool in pools if isinstance(pool, FargateProfile)]
    if not profiles or len(profiles) < len(pools):
        return
    if not any(_selects_coredns(selector) for profile in profiles for selector in profile.selectors):
        namespaces = (
            profile.at("selectors", index, "namespace")
            for profile in profiles
            for index in range(len(profile.selectors))
        )
        yield Finding(
            # A namespace that a parameter gives may be another one.
            next((place for place in namespaces if place.by_default), profiles[0].at("selectors")),
            f"{cluster} has Fargate alone, and no profile selects CoreDNS in {_NAMESPACE}: it stays Pending, "
            "and no pod resolves a name",
            label=f"nothing for {_NAMESPACE}",
            help=f"add a selector for the namespace {_NAMESPACE}",
            lower=2 if holds_pools_only(cluster) else cluster.may_be_partial,
        )
        return
    addon = cluster.addons.get(_ADDON)
    if addon is None or cluster.dialect == "eksctl":
        return
    configuration = addon.configuration
    if configuration is None or str(configuration.get("computeType", "")).lower() == "fargate":
        return
    yield Finding(
        addon.at("configuration_values"),
        f"{cluster} has Fargate alone, but its add-on coredns keeps CoreDNS for EC2 nodes: it stays Pending, "
        "and no pod resolves a name",
        label="without computeType Fargate",
        help='set the configuration values of the add-on to {"computeType": "Fargate"}',
        lower=cluster.may_be_partial,
    )


def _selects_coredns(selector: FargateSelector) -> bool:
    labels: Mapping[str, str] = selector.labels
    return fnmatchcase(_NAMESPACE, selector.namespace) and all(
        key in _COREDNS_LABELS and fnmatchcase(_COREDNS_LABELS[key], value) for key, value in labels.items()
    )

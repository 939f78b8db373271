from collections.abc import Iterator

from ekslint import (
    AccessEntry,
    Cluster,
    DaemonSet,
    Finding,
    HybridNodes,
    NodeSelectorTerm,
    Severity,
    cni_settings_of,
    every,
    rule,
    some,
)

_TYPE = "HYBRID_LINUX"
_COMPUTE_TYPE = "eks.amazonaws.com/compute-type"
_HYBRID = "hybrid"
_PLUGINS = ("cilium", "calico")


@rule(Severity.ERROR, since="0.1.0", tags=("network", "hybrid"), dialects=("eksctl", "cloudformation", "kubernetes"))
def hybrid_nodes_config(cluster: Cluster) -> Iterator[Finding]:
    """Hybrid nodes are to join the cluster, which is not prepared for them.

    ## Why is this bad?
    EKS reaches machines outside of AWS only through the networks of RemoteNetworkConfig, and takes those only for
    IPv4 clusters with access entries. Without an entry of type HYBRID_LINUX no machine may join; without Cilium or
    Calico none gets Ready; and the VPC CNI, which cannot run there, must keep away from them.

    ## When it stays silent
    What eksctl itself refuses (`eksctl-remote-network`), and the access entry, which eksctl makes. The authentication
    mode where `access-entry-with-configmap-mode` or `auto-auth-mode` tells of it. Access entries where aws-auth may
    name the role as well (API_AND_CONFIG_MAP). The VPC CNI as EKS brings it, which keeps away from
    hybrid nodes. A missing network plugin only counts where the files install other things on the cluster, and as a
    warning. Ranges that overlap are for `hybrid-cidr-overlap` to say.

    ## References
    - Amazon EKS user guide, create an Amazon EKS cluster with hybrid nodes
    - Amazon EKS user guide, prepare cluster access for hybrid nodes
    - Amazon EKS user guide, configure CNI for hybrid nodes
    """
    if cluster.is_implicit:
        return
    pool = next((each for each in cluster.pools if isinstance(each, HybridNodes)), None)
    if pool is None:
        yield from _entry_without_networks(cluster)
        return
    if cluster.dialect == "cloudformation":
        yield from _refused(cluster, pool)
    yield from _no_plugin(cluster, pool)
    yield from _cni_everywhere(cluster, pool)
    if cluster.dialect == "cloudformation":
        yield from _no_entry(cluster, pool)


def _entry_without_networks(cluster: Cluster) -> Iterator[Finding]:
    if cluster.has_hidden_parts:
        return
    for entry in cluster.access_entries:
        if not entry.unknown("type") and entry.type == _TYPE:
            yield Finding(
                entry.at("type"),
                f"{entry} is for hybrid nodes, but {cluster} has no remote networks: none of them can join",
                label="no RemoteNetworkConfig",
                help="give the cluster the ranges of the machines and of their pods: RemoteNetworkConfig, "
                "remoteNetworkConfig in eksctl",
                related=[(cluster.at("name"), f"{cluster}")],
                lower=cluster.may_be_partial,
                discriminator="networks",
            )


def _refused(cluster: Cluster, pool: HybridNodes) -> Iterator[Finding]:
    """What the API refuses, and eksctl before it."""
    if _switches_entries_off(cluster):
        yield Finding(
            cluster.at("authentication_mode"),
            f"hybrid nodes join {cluster} by access entries, which its authentication mode CONFIG_MAP switches off",
            label="needs access entries",
            help="set AccessConfig.AuthenticationMode to API_AND_CONFIG_MAP or API",
            related=[(pool.at("node_networks"), "networks of hybrid nodes")],
            discriminator="authentication",
        )
    if not cluster.unknown("ip_family") and cluster.ip_family.lower() == "ipv6":
        yield Finding(
            cluster.at("ip_family"),
            f"hybrid nodes cannot join {cluster}, which uses IPv6",
            label="not with hybrid nodes",
            related=[(pool.at("node_networks"), "networks of hybrid nodes")],
            discriminator="ipv6",
        )


def _switches_entries_off(cluster: Cluster) -> bool:
    """Whether access entries are off, and `access-entry-with-configmap-mode` does not say so for those that exist."""
    # The API's default, too, is CONFIG_MAP.
    if cluster.unknown("authentication_mode") or cluster.authentication_mode not in {None, "CONFIG_MAP"}:
        return False
    return cluster.auto_mode is None and not some(cluster.access_entries, lambda entry: True)


def _no_entry(cluster: Cluster, pool: HybridNodes) -> Iterator[Finding]:
    if cluster.authentication_mode != "API" or some(cluster.access_entries, _is_hybrid):
        return
    yield Finding(
        pool.at("node_networks"),
        f"{cluster} has networks for hybrid nodes, but no access entry of type {_TYPE}: none of them may join",
        label="nobody may join from here",
        help=f"add an AWS::EKS::AccessEntry of type {_TYPE} for the role of the nodes",
        related=[(entry.at("type"), f"{entry}") for entry in cluster.access_entries],
        # Where no entry at all is in the template, another stack may bring them all.
        lower=max(cluster.may_be_partial, int(not cluster.access_entries)),
        discriminator="entry",
    )


def _is_hybrid(entry: AccessEntry) -> bool:
    return entry.type == _TYPE


def _no_plugin(cluster: Cluster, pool: HybridNodes) -> Iterator[Finding]:
    if any(cluster.estate.has_evidence_of(name, cluster) for name in _PLUGINS) or not _installs_anything(cluster):
        return
    yield Finding(
        pool.at("node_networks"),
        f"{cluster} has hybrid nodes, but nothing in the files installs Cilium or Calico there: they stay NotReady",
        label="no network plugin",
        help="install Cilium on nodes with eks.amazonaws.com/compute-type=hybrid",
        severity=Severity.WARNING,
        discriminator="plugin",
    )


def _installs_anything(cluster: Cluster) -> bool:
    """Whether the files install anything on this very cluster, and so would install its network plugin too."""
    return not cluster.may_be_partial and any(
        len(clusters := cluster.estate.scope.candidates(entity.origin.document.source.path)) == 1
        and clusters[0] is cluster
        for found in cluster.estate.installations.values()
        for entity in found
    )


def _cni_everywhere(cluster: Cluster, pool: HybridNodes) -> Iterator[Finding]:
    settings = cni_settings_of(cluster)
    daemon_set = None if settings is None else settings.daemon_set
    if daemon_set is None or _keeps_away(daemon_set):
        return
    yield Finding(
        daemon_set.pod.at("affinity", "nodeAffinity"),
        f"{daemon_set} may run on the hybrid nodes of {cluster}, where the VPC CNI cannot work",
        label="does not keep away from hybrid nodes",
        help=f"require {{key: {_COMPUTE_TYPE}, operator: NotIn, values: [fargate, {_HYBRID}]}} of nodes",
        related=[(pool.at("node_networks"), "networks of hybrid nodes")],
        discriminator="affinity",
    )


def _keeps_away(daemon_set: DaemonSet) -> bool:
    """Whether the pods of aws-node cannot run on hybrid nodes, by their selector or all alternatives of affinity."""
    selector = daemon_set.pod.node_selector
    if _COMPUTE_TYPE in selector:
        return selector[_COMPUTE_TYPE] != _HYBRID
    terms = daemon_set.pod.required_node_affinity
    return terms is not None and every(terms, _excludes)


def _excludes(term: NodeSelectorTerm) -> bool:
    def excludes(key: str, operator: str, values: tuple[str, ...]) -> bool:
        if key != _COMPUTE_TYPE:
            return False
        if operator == "NotIn":
            return _HYBRID in values
        return operator == "DoesNotExist" or (operator == "In" and _HYBRID not in values)

    return some(term.match_expressions, lambda each: excludes(each.key, each.operator, tuple(each.values)))

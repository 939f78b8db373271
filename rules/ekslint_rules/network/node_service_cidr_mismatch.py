from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, network_limits, rule
from ekslint_rules.network._ranges import range_of


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def node_service_cidr_mismatch(group: NodeGroup) -> Iterator[Finding]:
    """The user data of nodes gives another range of Services than the cluster has.

    ## Why is this bad?
    nodeadm takes the tenth address of `spec.cluster.cidr` for the cluster's DNS and writes it into every pod. If
    CoreDNS is at another address, nodes become ready, but no pod resolves a name.

    ## When it stays silent
    Clusters with IPv6 and clusters that are declared elsewhere. Ranges that are known only at deploy time. Where the
    cluster names no range, EKS takes one of two, and either will do. A NodeConfig that sets `clusterDNS` itself.

    ## References
    - Amazon EKS API reference, KubernetesNetworkConfigRequest
    - amazon-eks-ami, nodeadm: ClusterDetails, and where its kubelet configuration gets clusterDNS
    """
    cluster, user_data = group.cluster, group.user_data
    if group.dialect != "cloudformation" or user_data is None or cluster is None or cluster.is_implicit:
        return
    told = user_data.service_cidr
    if told is None or cluster.ip_family.lower() == "ipv6" or "clusterDNS" in (user_data.text or ""):
        return
    network = range_of(told)
    given = cluster.service_cidr
    possible = (given,) if given is not None else network_limits.SERVICE_RANGES_BY_DEFAULT
    if network is None or any(range_of(each) in {None, network} for each in possible):
        return
    shown = given if given is not None else f"{' or '.join(possible)} by default"
    yield Finding(
        user_data.at("service_cidr"),
        f"the user data of {group} takes {told} for the range of Services of {cluster}, but that is {shown}: "
        "its pods look for DNS at an address that nothing answers",
        label=f"write {given}?" if given is not None else "not the cluster's range",
        related=[(cluster.at("service_cidr"), "the range of the cluster")],
    )

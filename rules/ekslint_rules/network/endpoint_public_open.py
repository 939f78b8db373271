from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule, some

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def endpoint_public_open(cluster: Cluster) -> Iterator[Finding]:
    """The API server of a cluster can be reached from the whole internet.

    ## Why is this bad?
    Authentication is then all that stands between the internet and the cluster: a leaked credential or a flaw in the
    API server is enough. EKS and eksctl open the endpoint by default.

    ## When it stays silent
    Private endpoints, and public ones with a list of networks; Outposts, see `outposts-limits`. Advice only outside
    production, and where the files may add to an existing cluster without a word on its endpoint.

    ## References
    - Amazon EKS user guide, cluster API server endpoint
    - EKS best practices guide, security, identity and access management
    """
    if not cluster.public_access or cluster.is_on_outpost:
        return
    cidrs = cluster.public_access_cidrs
    if cidrs is None:
        place = cluster.at("public_access")
        how = "its public endpoint has no list of allowed networks"
        label = "no publicAccessCIDRs" if place.is_written else "the endpoint is public by default"
    elif some(cidrs, lambda cidr: cidr in _EVERYWHERE):
        index, cidr = next((index, cidr) for index, cidr in enumerate(cidrs) if cidr in _EVERYWHERE)
        place = cluster.at("public_access_cidrs", index)
        how, label = f"its public endpoint allows {cidr}", "everywhere"
    else:
        return
    yield Finding(
        place,
        f"the API server of {cluster} can be reached from anywhere: {how}",
        label=label,
        help="allow your own networks only (publicAccessCIDRs), or make the endpoint private",
        lower=cluster.tolerance + (0 if place.is_written else cluster.may_be_partial),
    )

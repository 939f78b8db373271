from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def endpoint_both_disabled(cluster: Cluster) -> Iterator[Finding]:
    """Neither the public nor the private endpoint of the API server is on.

    ## Why is this bad?
    Nobody could reach the API server, neither people nor nodes. EKS refuses such a cluster.

    ## When it stays silent
    eksctl files, which `eksctl-vpc` is about. The private endpoint is off, and the public one on, unless something else
    is said.

    ## References
    - Amazon EKS user guide, control network access to cluster API server endpoint
    """
    if cluster.is_implicit or cluster.dialect == "eksctl" or cluster.public_access or cluster.private_access:
        return
    private = cluster.at("private_access")
    yield Finding(
        cluster.at("public_access"),
        f"neither endpoint of {cluster} is on: nobody could reach the API server",
        label="no endpoint at all",
        help="set EndpointPrivateAccess: true",
        related=[(private, "off")] if private.is_written else [],
    )

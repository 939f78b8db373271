from collections.abc import Iterator

from ekslint import Cluster, Finding, PodIdentityAssociation, Severity, rule

_AGENT = "eks-pod-identity-agent"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def pod_identity_agent_missing(cluster: Cluster) -> Iterator[Finding]:
    """Pod identity associations are declared, but nothing hands the credentials to pods.

    ## Why is this bad?
    The add-on eks-pod-identity-agent answers the pods' requests for credentials on every node. Without it the SDKs find
    none, and fall back to the node's role, or fail.

    ## When it stays silent
    Auto Mode has the agent built in; Outposts, see `outposts-limits`; clusters with nothing but Fargate, where there is
    none; an agent from manifests; clusters that are declared elsewhere. In ClusterConfigs `eksctl-pia-shape` speaks.

    ## References
    - Amazon EKS user guide, set up the Amazon EKS Pod Identity Agent
    """
    if cluster.dialect != "cloudformation" or cluster.is_implicit or cluster.is_on_outpost:
        return
    if cluster.auto_mode is not None:
        return
    first = _first(cluster)
    if first is None or _AGENT in cluster.addons or cluster.estate.has_evidence_of(_AGENT, cluster):
        return
    if cluster.pools and all(pool.kind == "fargate" for pool in cluster.pools):
        return
    yield Finding(
        first.at("role"),
        f"{first} has no effect: {cluster} has no add-on {_AGENT} to hand out the credentials",
        label=f"needs {_AGENT}",
        help=f"add an AWS::EKS::Addon {_AGENT}",
        related=[(cluster.at("addons"), "this cluster")],
        lower=cluster.may_be_partial,
    )


def _first(cluster: Cluster) -> PodIdentityAssociation | None:
    for association in cluster.pod_identity_associations:
        return association
    for addon in cluster.addons.values():
        for association in addon.pod_identity_associations:
            return association
    return None

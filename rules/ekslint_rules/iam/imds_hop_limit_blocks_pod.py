from collections.abc import Iterator

from ekslint import (
    Cluster,
    Container,
    Finding,
    NodeGroup,
    Place,
    Placement,
    Pool,
    Severity,
    Verdict,
    rule,
)
from ekslint_rules._instance_metadata import metadata_blocked_at, why_blocked
from ekslint_rules._permissions import SET_DESIRED_CAPACITY, nodes_lack_action
from ekslint_rules.iam._pod_credentials import has_own_identity

_AUTOSCALER = "cluster-autoscaler"
_NEEDS_CREDENTIALS = {
    "aws-ebs-csi-driver": "the EBS CSI driver",
    "aws-efs-csi-driver": "the EFS CSI driver",
    _AUTOSCALER: "the Cluster Autoscaler",
    "external-dns": "ExternalDNS",
    "karpenter": "Karpenter",
}


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def imds_hop_limit_blocks_pod(placement: Placement) -> Iterator[Finding]:
    """A controller takes its credentials from the node, but its pods cannot reach them.

    ## Why is this bad?
    With a hop limit of 1 the answers of the metadata service do not get into pods. A controller that has no role of its
    own then gets no credentials, and restarts. Nodes of Amazon Linux 2023 in a managed node group without a launch
    template, and those of Karpenter, have this limit unless something else is said.

    ## When it stays silent
    Pods on the host network; a role of its own (IRSA, Pod Identity) or keys; nodes with a hop limit of 2, or with the
    image's own; pods that may run on such a node; service accounts that no file declares. The AWS Load Balancer
    Controller, which has rules of its own: lbc-iam-missing and lbc-vpcid-region; and a Cluster Autoscaler that the
    nodes' roles would not help either, of which cluster-autoscaler-no-iam speaks.

    ## References
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    - Amazon EKS user guide, AL2023: instance metadata
    """
    workload = placement.workload
    needed = _needed(placement)
    if needed is None or placement.verdict is not Verdict.FITS or workload.pod.uses_host_network:
        return
    pools = placement.possible
    places = [place for place in map(_block, pools) if place is not None]
    if len(places) < len(pools) or has_own_identity(workload, placement.cluster) is not False:
        return
    title, container = needed
    yield Finding(
        container.at("name"),
        f"{title} has no role of its own and takes the node's from the instance metadata, which pods cannot reach: "
        f"{why_blocked(pools[0])}",
        label="out of reach for pods",
        help="give its service account a role (Pod Identity or IRSA)",
        related=[(place, why_blocked(pool)) for place, pool in zip(places, pools, strict=True)],
    )


def _needed(placement: Placement) -> tuple[str, Container] | None:
    """The component that a workload is, with its container."""
    workload, installations = placement.workload, placement.cluster.estate.installations
    if not workload.has_replicas:
        return None
    for component, title in _NEEDS_CREDENTIALS.items():
        if any(each is workload for each in installations.get(component, ())):
            container = next(iter(workload.pod.containers), None)
            said = component == _AUTOSCALER and _lacks_permission(placement.cluster)
            return None if container is None or said else (title, container)
    return None


def _lacks_permission(cluster: Cluster) -> bool:
    """Whether the nodes of a cluster surely do not allow the autoscaler its work."""
    if cluster.is_implicit or cluster.may_be_partial:
        return False
    return nodes_lack_action(cluster, SET_DESIRED_CAPACITY)


def _block(pool: Pool) -> Place | None:
    """Where a pool with a hop limit of its own keeps pods from the metadata service; None where it does not, or may."""
    return metadata_blocked_at(pool) if isinstance(pool, NodeGroup) or pool.kind == "karpenter" else None

from collections.abc import Iterator

from ekslint import (
    Container,
    EC2NodeClass,
    Finding,
    KarpenterPool,
    NodeGroup,
    Place,
    Placement,
    Pool,
    Severity,
    Verdict,
    rule,
)
from ekslint_rules.iam._pod_credentials import has_own_identity

_NEEDS_CREDENTIALS = {
    "aws-ebs-csi-driver": "the EBS CSI driver",
    "aws-efs-csi-driver": "the EFS CSI driver",
    "cluster-autoscaler": "the Cluster Autoscaler",
    "external-dns": "ExternalDNS",
    "karpenter": "Karpenter",
}
_LOAD_BALANCER_CONTROLLER = "aws-load-balancer-controller"
_TITLE = "the AWS Load Balancer Controller"
_NETWORK_FLAGS = ("--aws-vpc-id", "--aws-vpc-tags")
_REGION_FLAG = "--aws-region"
_REGION_VARIABLES = frozenset({"AWS_DEFAULT_REGION", "AWS_REGION"})


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def imds_hop_limit_blocks_pod(placement: Placement) -> Iterator[Finding]:
    """A controller needs the instance metadata, but its pods cannot reach them.

    ## Why is this bad?
    With a hop limit of 1 the answers of the metadata service do not get into pods. A controller that takes its
    credentials from the node, or asks for region and VPC there, hangs and restarts. Nodes of Amazon Linux 2023 in a
    managed node group without a launch template, and those of Karpenter, have this limit unless something else is said.

    ## When it stays silent
    Pods on the host network; a role of its own (IRSA, Pod Identity) or keys, and for the AWS Load Balancer Controller
    `--aws-vpc-id` or `--aws-vpc-tags` as well; nodes with a hop limit of 2, or with the image's own; pods that may run
    on such a node. Service accounts that no file declares.

    ## References
    - AWS Load Balancer Controller, installation: using metadata service version 2
    - EKS best practices guide, security, identity and access management: restrict access to the instance profile
    - Amazon EKS user guide, AL2023: instance metadata
    """
    workload, cluster = placement.workload, placement.cluster
    needed = _needed(placement)
    if needed is None or placement.verdict is not Verdict.FITS or workload.pod.uses_host_network:
        return
    pools = placement.possible
    blocked = [_block(pool) for pool in pools]
    places = [place for place in blocked if place is not None]
    if len(places) < len(blocked):
        return
    component, container = needed
    identity = has_own_identity(workload, cluster)
    if component == _LOAD_BALANCER_CONTROLLER:
        missing = _missing_flags(container, has_role=identity is True)
        what = f"{_TITLE} asks the instance metadata for its {' and its '.join(missing)}"
        fix = "set --aws-region and --aws-vpc-id"
        if not missing and identity is False:
            what = f"{_TITLE} has no role of its own and takes the node's from the instance metadata"
            fix = "give its service account a role (Pod Identity or IRSA)"
        elif not missing:
            return
    elif identity is False:
        what = f"{_NEEDS_CREDENTIALS[component]} has no role of its own and takes the node's from the instance metadata"
        fix = "give its service account a role (Pod Identity or IRSA)"
    else:
        return
    yield Finding(
        container.at("args") if component == _LOAD_BALANCER_CONTROLLER else container.at("name"),
        f"{what}, which pods cannot reach on {pools[0]}: the hop limit is 1",
        label="out of reach for pods",
        help=f"{fix}, or raise the hop limit to 2",
        related=[(place, f"hop limit 1 of {pool}") for place, pool in zip(places, pools, strict=True)],
    )


def _needed(placement: Placement) -> tuple[str, Container] | None:
    """The component that a workload is, with its container."""
    workload, installations = placement.workload, placement.cluster.estate.installations
    if not workload.has_replicas:
        return None
    for component in (_LOAD_BALANCER_CONTROLLER, *_NEEDS_CREDENTIALS):
        if any(each is workload for each in installations.get(component, ())):
            container = next(iter(workload.pod.containers), None)
            return None if container is None else (component, container)
    return None


def _missing_flags(container: Container, *, has_role: bool) -> list[str]:
    """What the load balancer controller is not told; with a role it gets the region too."""
    words = [word for word in (*container.command, *container.arguments) if isinstance(word, str)]
    given = {word.partition("=")[0] for word in words}
    missing = []
    knows_region = has_role or _REGION_FLAG in given
    if not knows_region and not any(each.name in _REGION_VARIABLES for each in container.environment):
        missing.append("region")
    if given.isdisjoint(_NETWORK_FLAGS):
        missing.append("VPC")
    return missing


def _block(pool: Pool) -> Place | None:
    """Where a pool says that pods cannot reach the metadata service; None where they can, or may."""
    if isinstance(pool, NodeGroup):
        blocks = not pool.unknown("http_put_response_hop_limit") and pool.http_put_response_hop_limit == 1
        return pool.at("http_put_response_hop_limit") if blocks else None
    if not isinstance(pool, KarpenterPool) or pool.kind != "karpenter" or pool.unknown("node_class"):
        return None
    node_class = pool.node_class
    if not isinstance(node_class, EC2NodeClass) or node_class.version != "v1":
        return None
    path = ("spec", "metadataOptions", "httpPutResponseHopLimit")
    if node_class.unknown(*path) or node_class.get(*path) not in {None, 1}:
        return None
    place = node_class.at(*path)
    return place if place.is_written else node_class.at("metadata", "name")

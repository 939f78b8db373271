from collections.abc import Iterator, Sequence

from ekslint import Cluster, FargateProfile, Finding, NodeGroup, Place, Pool, Severity, Subnet, known, rule

_ON_DEMAND = "ON_DEMAND"
_VOLUME_TYPE = "gp2"
_LINUX = ("AmazonLinux2", "AmazonLinux2023")


@rule(Severity.ERROR, since="0.1.0", tags=("outposts",), dialects=("eksctl", "cloudformation"))
def outposts_limits(subject: Cluster | NodeGroup | FargateProfile) -> Iterator[Finding]:
    """The cluster or its nodes are on an Outpost, where something that they ask for does not exist.

    ## Why is this bad?
    EKS on Outposts offers less than in a region: nodes are self-managed on-demand instances with gp2 volumes; a local
    cluster, whose control plane is on the Outpost, has no add-ons of EKS, Fargate, Auto Mode, Pod Identity, encryption
    of Secrets, IPv6 or public endpoint either, and runs Amazon Linux alone. EKS or EC2 refuses the rest.

    ## When it stays silent
    What eksctl itself refuses, which is said by `eksctl-outposts` and `eksctl-managed-unsupported`; volumes without a
    type; subnets and launch templates that stand elsewhere. A cluster in a region that merely has nodes on an Outpost
    may have add-ons, Fargate, Auto Mode and Pod Identity.

    ## References
    - Amazon EKS user guide, deploy Amazon EKS on-premises with AWS Outposts: comparing the deployment options
    - Amazon EKS user guide, managed node groups; AWS Fargate; EKS Pod Identity: considerations
    """
    match subject:
        case Cluster():
            yield from _cluster(subject)
        case NodeGroup():
            yield from _node_group(subject)
        case FargateProfile():
            yield from _fargate_profile(subject)


def _cluster(cluster: Cluster) -> Iterator[Finding]:
    if not cluster.is_on_outpost:
        for subnet in known(cluster.subnets):
            if subnet.is_on_outpost:
                yield Finding(
                    cluster.at("subnets", key=True),
                    f"the control plane of {cluster} cannot have {subnet}, which is on an Outpost",
                    label="on an Outpost",
                    help="leave it to self-managed nodes, or create a local cluster with OutpostConfig",
                    related=[(subnet.at("is_on_outpost"), "an Outpost")],
                    discriminator=str(subnet),
                )
        return
    related = [(cluster.at("is_on_outpost"), "the control plane is on an Outpost")]
    for place, what, why in _beyond_local_clusters(cluster):
        yield Finding(
            place,
            f"{what} is not possible on Outposts: {why}",
            label="not on Outposts",
            related=related,
            discriminator=str(place.path[0]),
        )


def _beyond_local_clusters(cluster: Cluster) -> Iterator[tuple[Place, str, str]]:
    """What a local cluster does not have: place, what it is, and why not."""
    for association in cluster.pod_identity_associations:
        yield association.at("service_account"), f"{association} of {cluster}", "there is no Pod Identity"
    if cluster.dialect == "eksctl":
        return
    if cluster.auto_mode is not None:
        yield cluster.at("auto_mode"), f"Auto Mode of {cluster}", "nodes are self-managed alone"
    for addon in cluster.addons.values():
        yield addon.at("name"), f"{addon} of {cluster}", "add-ons are installed by hand, EKS offers none"
    if cluster.secrets_key is not None:
        yield cluster.at("secrets_key"), f"encryption of the Secrets of {cluster} by KMS", "etcd is on the Outpost"
    if cluster.ip_family.lower() == "ipv6":
        yield cluster.at("ip_family"), f"IPv6 of {cluster}", "there is IPv4 alone"
    if cluster.public_access and cluster.at("public_access").is_written:
        yield cluster.at("public_access"), f"a public endpoint of {cluster}", "the API server is private"


def _node_group(group: NodeGroup) -> Iterator[Finding]:
    related = _outpost_of(group)
    if related is None:
        return
    if group.kind == "managed":
        if group.dialect != "eksctl":
            yield Finding(
                group.at("name"),
                f"{group} is managed, but there are no managed node groups on Outposts",
                label="not on Outposts",
                help="create an Auto Scaling group of self-managed nodes",
                related=[related],
                discriminator="managed",
            )
        return
    if group.capacity_type != _ON_DEMAND:
        yield Finding(
            group.at("capacity_type"),
            f"{group} is on an Outpost, whose instances are on-demand alone, not {group.capacity_type}",
            label="on-demand only",
            related=[related],
            discriminator="capacity",
        )
    is_local = _local_cluster(group) is not None
    if not (is_local and group.dialect == "eksctl"):
        if group.volume_type not in (None, _VOLUME_TYPE):
            yield Finding(
                group.at("volume_type"),
                f"an Outpost has no {group.volume_type} volumes for {group}, only {_VOLUME_TYPE}",
                label=f"{_VOLUME_TYPE} only",
                related=[related],
                discriminator="volume",
            )
        if is_local and group.ami_family is not None and group.ami_family not in _LINUX:
            yield Finding(
                group.at("ami_family"),
                f"{group} of a cluster on Outposts runs Amazon Linux, not {group.ami_family}",
                label="Amazon Linux only",
                related=[related],
                discriminator="family",
            )


def _fargate_profile(profile: FargateProfile) -> Iterator[Finding]:
    if profile.dialect == "eksctl":
        return
    related = _local_cluster(profile) or _first_on_outpost(profile.subnets)
    if related is not None:
        yield Finding(
            profile.at("name"),
            f"{profile} runs no pods, as there is no Fargate on Outposts",
            label="not on Outposts",
            related=[related],
            discriminator="fargate",
        )


def _local_cluster(pool: Pool) -> tuple[Place, str] | None:
    """The local cluster of a pool as a related place; None where the control plane is in a region."""
    cluster = pool.cluster
    if cluster is None or cluster.unknown("is_on_outpost") or not cluster.is_on_outpost:
        return None
    return cluster.at("is_on_outpost"), "the control plane is on an Outpost"


def _outpost_of(group: NodeGroup) -> tuple[Place, str] | None:
    """What puts a node group on an Outpost, and what to say there."""
    if group.is_on_outpost:
        return group.at("is_on_outpost"), "on an Outpost"
    return _local_cluster(group) or _first_on_outpost(group.subnets)


def _first_on_outpost(subnets: Sequence[Subnet]) -> tuple[Place, str] | None:
    subnet = next((each for each in subnets if each.is_on_outpost), None)
    return None if subnet is None else (subnet.at("is_on_outpost"), f"{subnet} is on an Outpost")

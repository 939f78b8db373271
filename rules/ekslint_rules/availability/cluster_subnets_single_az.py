from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("reliability",))
def cluster_subnets_single_az(cluster: Cluster) -> Iterator[Finding]:
    """The control plane's subnets are in fewer than two availability zones.

    ## Why is this bad?
    EKS refuses to create such a cluster: it places its network interfaces in at least two zones.

    ## When it stays silent
    Two or more subnets of which the files do not tell the zones, and clusters on Outposts.

    ## References
    - Amazon EKS user guide, networking requirements for VPC and subnets
    """
    if cluster.is_on_outpost:
        return
    # A single subnet has one zone, whichever it is.
    if len(cluster.subnets) == 1:
        place, what = cluster.at("subnets"), "subnet"
    elif cluster.availability_zones is not None and len(set(cluster.availability_zones)) == 1:
        place, what = cluster.at("availability_zones"), "availability zone"
    else:
        return
    yield Finding(
        place,
        f"the control plane of {cluster} has a single {what}: EKS wants subnets in at least two availability zones",
        label=f"only one {what}",
        help="name subnets in two or three availability zones",
    )

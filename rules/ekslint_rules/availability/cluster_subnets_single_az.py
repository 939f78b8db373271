from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule

_LEAST = 2


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
    if cluster.availability_zones is not None:
        count, field, what = len(set(cluster.availability_zones)), "availability_zones", "availability zone"
    else:
        # A subnet whose zone nothing tells may be in one of its own.
        zones = {subnet.availability_zone or f"?{index}" for index, subnet in enumerate(cluster.subnets)}
        count, field = len(zones), "subnets"
        what = "subnet" if len(cluster.subnets) == 1 else "availability zone"
    if 0 < count < _LEAST:
        yield Finding(
            cluster.at(field),
            f"the control plane of {cluster} has a single {what}: EKS wants subnets in at least two availability zones",
            label=f"only one {what}",
            help="name subnets in two or three availability zones",
        )

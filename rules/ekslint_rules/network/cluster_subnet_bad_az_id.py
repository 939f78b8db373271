from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, regions, rule


@rule(Severity.ERROR, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def cluster_subnet_bad_az_id(cluster: Cluster) -> Iterator[Finding]:
    """A subnet of the control plane is in a zone that EKS does not use.

    ## Why is this bad?
    In a few old zones EKS has no control planes. It refuses to create the cluster (UnsupportedAvailabilityZone).

    ## When it stays silent
    Subnets whose zone is not given by its ID: the letter of a zone differs from account to account.

    ## References
    - Amazon EKS user guide, networking requirements for VPC and subnets: subnet requirements for clusters
    """
    for index, subnet in enumerate(cluster.subnets):
        if subnet.unknown("zone_id") or subnet.zone_id not in regions.CONTROL_PLANE_EXCLUDED_ZONE_IDS:
            continue
        yield Finding(
            cluster.at("subnets", index),
            f"the control plane of {cluster} is to use {subnet} in {subnet.zone_id}, where EKS has none",
            label=f"in {subnet.zone_id}",
            help="name a subnet in another zone; nodes can stay in this one",
            related=[(subnet.at("zone_id"), "this zone")],
        )

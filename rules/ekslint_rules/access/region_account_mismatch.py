import re
from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Place, Severity, regions, rule

_REGIONAL_ARN = re.compile(r"arn:(aws[a-z-]*):[a-z0-9-]+:([a-z0-9-]+):")


@rule(Severity.ERROR, since="0.1.0", dialects=("eksctl", "cloudformation"))
def region_account_mismatch(subject: Cluster | NodeGroup) -> Iterator[Finding]:
    """Something of a cluster lies in another region than the cluster.

    ## Why is this bad?
    Zones, subnets and keys of another region do not exist for the cluster: EKS or eksctl refuses it.

    ## When it stays silent
    Clusters whose region is not in the files, as in most templates; names that are no zones.

    ## References
    - Amazon EKS user guide, VPC and subnet considerations
    - AWS general reference, regions and zones
    """
    cluster = subject if isinstance(subject, Cluster) else subject.cluster
    # A template tells its region by its zones alone: there is nothing to compare them with.
    if cluster is None or cluster.dialect != "eksctl" or cluster.region is None:
        return
    region = cluster.region
    for index, zone in enumerate(subject.availability_zones or ()):
        theirs = regions.region_of_zone(zone)
        place = subject.at("availability_zones", index)
        # Zones that were worked out from elsewhere are blamed there.
        if theirs is not None and theirs != region and place.is_written:
            yield _finding(place, f"zone {zone} of {subject}", theirs, cluster)
    if isinstance(subject, Cluster) and not subject.unknown("secrets_key") and subject.secrets_key is not None:
        match = _REGIONAL_ARN.match(subject.secrets_key)
        if match is not None and match[2] != region:
            yield _finding(subject.at("secrets_key"), f"the key for the Secrets of {subject}", match[2], cluster)


def _finding(place: Place, what: str, theirs: str, cluster: Cluster) -> Finding:
    return Finding(
        place,
        f"{what} lies in {theirs}, but {cluster} is in {cluster.region}",
        label=f"not in {cluster.region}",
        related=[(cluster.at("region"), "the region")],
    )

from collections.abc import Iterator

from ekslint import FargateProfile, Finding, Severity, rule

_ENOUGH = 2


@rule(Severity.WARNING, since="0.1.0", tags=("fargate", "reliability"))
def fargate_single_subnet(profile: FargateProfile) -> Iterator[Finding]:
    """All subnets of a Fargate profile are in one availability zone.

    ## Why is this bad?
    Its pods go down with that zone, however many replicas there are.

    ## When it stays silent
    Two or more subnets of which the files do not tell the zones; profiles that name none, and get the private subnets
    of the cluster. Advice only outside production.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched
    - EKS best practices guide, reliability, data plane
    """
    subnets = list(profile.subnets)
    if not subnets:
        return
    zones = {subnet.availability_zone for subnet in subnets}
    if len(subnets) >= _ENOUGH and (None in zones or len(zones) >= _ENOUGH):
        return
    cluster = None if profile.unknown("cluster") else profile.cluster
    what = (
        f"{subnets[0]} alone" if len(subnets) == 1 else f"{len(subnets)} subnets, all in {subnets[0].availability_zone}"
    )
    yield Finding(
        profile.at("subnets"),
        f"{profile} has {what}: its pods go down with that zone",
        label="one zone",
        help="name private subnets in two or three zones",
        lower=cluster.tolerance if cluster is not None else 0,
    )

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, is_given, knows_all_items, text, written

_MOST_ZONES = 8


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_az_count(config: ClusterConfig) -> Iterator[Finding]:
    """The zones of the cluster do not go with its subnets, or are too many.

    ## Why is this bad?
    Subnets that exist are in zones already, local zones need a VPC that eksctl creates, and eksctl cuts its VPC into 16
    subnets at most, two for each zone. It refuses the file.

    ## When it stays silent
    Fewer than two zones are the matter of the rule cluster-subnets-single-az.

    ## References
    - eksctl, VPC configuration
    - eksctl, pkg/ctl/cmdutils/configfile.go, pkg/vpc/vpc.go (getSubnetNetworkSize) and
      pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateVPCConfig)
    """
    sides = [side for side in ("private", "public") if is_given(config, "vpc", "subnets", side)]
    if sides and is_given(config, "availabilityZones"):
        yield Finding(
            config.at("availabilityZones", key=True),
            "the cluster's subnets are listed, and so are its zones: the zones follow from the subnets",
            label="not with vpc.subnets",
            help="remove availabilityZones, or vpc.subnets to let eksctl create subnets in these zones",
            related=[(config.at("vpc", "subnets", key=True), "subnets that exist")],
            lower=config.cluster.may_be_partial,
        )
    if is_given(config, "localZones"):
        place = config.at("localZones", key=True)
        if is_given(config, "vpc", "id"):
            yield Finding(
                place,
                "eksctl creates the subnets of local zones, but the VPC exists already",
                label="not with an existing VPC",
                related=[(config.at("vpc", "id"), "this VPC exists")],
            )
        if text(config, "vpc", "nat", "gateway") == "HighlyAvailable":
            yield Finding(
                place,
                "local zones cannot have a NAT gateway each, as vpc.nat.gateway HighlyAvailable asks for",
                label="not with HighlyAvailable",
                related=[(config.at("vpc", "nat", "gateway"), "a NAT gateway in every zone")],
                discriminator="nat",
            )
    zones = _count(config, "availabilityZones") + _count(config, "localZones")
    if zones > _MOST_ZONES and is_absent(config, "vpc", "subnets"):
        field = "availabilityZones" if is_given(config, "availabilityZones") else "localZones"
        yield Finding(
            config.at(field, key=True),
            f"a VPC of eksctl has room for {_MOST_ZONES} zones, not for {zones}",
            label=f"{zones} zones",
            discriminator="many",
        )


def _count(config: ClusterConfig, field: str) -> int:
    listed = written(config, field)
    return len(listed) if isinstance(listed, list) and knows_all_items(config, field) else 0

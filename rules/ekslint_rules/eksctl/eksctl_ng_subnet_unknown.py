from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, nearest, regions, rule
from ekslint_rules.eksctl._reading import is_given, is_unknown, texts, written

_SIDES = ("private", "public")
_ID = "subnet-"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_ng_subnet_unknown(config: ClusterConfig) -> Iterator[Finding]:
    """A node group names a subnet that the file does not list.

    ## Why is this bad?
    eksctl looks for the name among the subnets under `vpc.subnets`, and takes it for the ID of a subnet otherwise. EC2
    knows no such ID, and the node group is not made.

    ## When it stays silent
    IDs of subnets, and names of zones, by which subnets that eksctl creates are called, unless the VPC is one's own.
    Files that list no subnets: eksctl knows them from the cluster's stack. Names that a template fills in.

    ## References
    - eksctl, custom subnets for node groups
    - eksctl, pkg/vpc/vpc.go (selectNodeGroupSubnetsFromIDs, findInConfiguredVPC)
    """
    if any(is_unknown(config, "vpc", "subnets", side) for side in _SIDES):
        return
    sides = [written(config, "vpc", "subnets", side) for side in _SIDES]
    listed = [alias for side in sides if isinstance(side, dict) for alias in side]
    if not listed:
        return
    makes_subnets = not is_given(config, "vpc", "id")
    for group in config.parts:
        for path, name in texts(group, "subnets"):
            if name in listed or name.startswith(_ID) or (makes_subnets and regions.region_of_zone(name) is not None):
                continue
            meant = nearest(name, listed)
            yield Finding(
                group.at(*path),
                f"{group} is to be in the subnet {name}, which vpc.subnets does not list: eksctl takes it for an ID, "
                "and finds no such subnet",
                label=f"did you mean {meant}?" if meant is not None else "not listed",
                help=f"it is one of {', '.join(listed)}",
                related=[(config.at("vpc", "subnets", key=True), "the subnets of this file")],
                discriminator=name,
            )

from collections.abc import Iterator

from ekslint import FargateProfile, Finding, Place, Severity, Subnet, rule


@rule(Severity.ERROR, since="0.1.0", tags=("fargate", "network"))
def fargate_public_subnet(profile: FargateProfile) -> Iterator[Finding]:
    """A Fargate profile names a public subnet.

    ## Why is this bad?
    Pods on Fargate run in private subnets only. EKS refuses a profile with a subnet whose routes lead straight to an
    internet gateway.

    ## When it stays silent
    Subnets of which the files do not tell whether they are public, and profiles that leave the choice to eksctl.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched
    """
    public: dict[object, tuple[Place, list[Subnet]]] = {}
    for index, subnet in enumerate(profile.subnets):
        if not subnet.unknown("is_public") and subnet.is_public:
            # A list that is imported as a whole stands in one place.
            place = profile.at("subnets", index)
            public.setdefault(place.location, (place, []))[1].append(subnet)
    for place, subnets in public.values():
        others = f" and {len(subnets) - 1} more" if len(subnets) > 1 else ""
        yield Finding(
            place,
            f"{profile} names {subnets[0]}{others}, which {'are' if others else 'is'} public: "
            "EKS takes private subnets only for Fargate",
            label="public subnets" if others else "a public subnet",
            help="name subnets that reach the internet through a NAT gateway, or not at all",
            related=[(subnet.at("is_public"), "this subnet") for subnet in subnets],
        )

from collections.abc import Iterator

from ekslint import FargateProfile, Finding, Severity, rule


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
    for index, subnet in enumerate(profile.subnets):
        if subnet.unknown("is_public") or not subnet.is_public:
            continue
        yield Finding(
            profile.at("subnets", index),
            f"{profile} names {subnet}, which is public: EKS takes private subnets only for Fargate",
            label="a public subnet",
            help="name subnets that reach the internet through a NAT gateway, or not at all",
            related=[(subnet.at("is_public"), "this subnet")],
        )

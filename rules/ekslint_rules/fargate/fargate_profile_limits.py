from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, Severity, fargate, rule


@rule(Severity.ERROR, since="0.1.0", tags=("fargate",), dialects=("eksctl", "cloudformation"))
def fargate_profile_limits(subject: FargateProfile | Cluster) -> Iterator[Finding]:
    """A Fargate profile has more selectors or labels than EKS takes, or a cluster more profiles.

    ## Why is this bad?
    EKS refuses the profile. A name that begins with `eks-` is AWS's own, and a selector without a namespace matches no
    pod.

    ## When it stays silent
    The name and the namespaces of profiles in an eksctl file, which `eksctl-fargate-profile` is about. A warning only
    for the number of profiles: AWS raises that quota on request.

    ## References
    - Amazon EKS user guide, define which Pods use AWS Fargate when launched
    - Amazon EKS user guide, service quotas
    """
    if isinstance(subject, Cluster):
        yield from _number_of_profiles(subject)
        return
    if subject.dialect != "eksctl":
        yield from _name(subject)
    most = fargate.MAX_SELECTORS_PER_PROFILE
    selectors = subject.selectors
    if len(selectors) > most:
        yield Finding(
            subject.at("selectors", most),
            f"{subject} has {len(selectors)} selectors, and EKS takes {most} for a profile",
            label=f"more than {most} selectors",
            help="make a second profile, or select several namespaces with * and ?",
            discriminator="selectors",
        )
    for index, selector in enumerate(selectors):
        if len(selector.labels) > fargate.MAX_LABELS_PER_SELECTOR:
            yield Finding(
                subject.at("selectors", index, "labels"),
                f"a selector of {subject} has {len(selector.labels)} labels, and EKS takes "
                f"{fargate.MAX_LABELS_PER_SELECTOR} for a selector",
                label=f"more than {fargate.MAX_LABELS_PER_SELECTOR} labels",
                discriminator=f"labels {index}",
            )
        if not selector.namespace and subject.dialect != "eksctl":
            yield Finding(
                subject.at("selectors", index, "namespace"),
                f"a selector of {subject} has no namespace: it could match no pod",
                label="namespace is missing",
                discriminator=f"namespace {index}",
            )


def _name(profile: FargateProfile) -> Iterator[Finding]:
    if profile.unknown("name") or profile.name is None:
        return
    if profile.name.startswith(fargate.RESERVED_NAME_PREFIX):
        yield Finding(
            profile.at("name"),
            f"the name of {profile} begins with {fargate.RESERVED_NAME_PREFIX}, which AWS keeps for itself",
            label="reserved name",
            discriminator="name",
        )
    elif len(profile.name) > fargate.MAX_NAME_LENGTH:
        yield Finding(
            profile.at("name"),
            f"the name of the profile has {len(profile.name)} characters, and EKS takes {fargate.MAX_NAME_LENGTH}",
            label="too long",
            discriminator="name",
        )


def _number_of_profiles(cluster: Cluster) -> Iterator[Finding]:
    profiles, most = cluster.fargate_profiles, fargate.MAX_PROFILES_PER_CLUSTER
    if len(profiles) > most:
        yield Finding(
            profiles[most].at("name"),
            f"{profiles[most]} is one of {len(profiles)} profiles of {cluster}, and the quota of EKS is {most}",
            label=f"more than {most} profiles",
            help="select several namespaces in one profile, or have the quota raised",
            lower=1,
            discriminator="profiles",
        )

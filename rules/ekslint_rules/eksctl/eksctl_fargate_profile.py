from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, items, named, text

_RESERVED = "eks-"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "fargate"))
def eksctl_fargate_profile(config: ClusterConfig) -> Iterator[Finding]:
    """A Fargate profile has no name, a name of AWS, or no selector that could match a pod.

    ## Why is this bad?
    eksctl and EKS refuse it. Names that begin with `eks-` are AWS's own, and a selector without a namespace matches
    nothing.

    ## When it stays silent
    A selector needs no labels.

    ## References
    - eksctl, EKS Fargate support
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (FargateProfile.Validate)
    """
    for path in items(config, "fargateProfiles"):
        title = named(config, "Fargate profile", *path)
        name = text(config, *path, "name")
        if name is not None and name.startswith(_RESERVED):
            yield Finding(
                config.at(*path, "name"),
                f"the name of {title} begins with {_RESERVED}, which AWS keeps for itself",
                label="reserved name",
            )
        elif is_absent(config, *path, "name"):
            yield Finding(config.at(*path, "name"), f"{title} has no name", label="name is missing")
        if is_absent(config, *path, "selectors"):
            yield Finding(
                config.at(*path, "selectors"),
                f"{title} has no selectors: no pod could match it",
                label="selectors is missing",
            )
        for selector in items(config, *path, "selectors"):
            if is_absent(config, *selector, "namespace"):
                yield Finding(
                    config.at(*selector, "namespace"),
                    f"a selector of {title} has no namespace: it could match no pod",
                    label="namespace is missing",
                )

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._access_policies import access_policy_problems
from ekslint_rules.eksctl._reading import is_absent, is_set, is_unknown, items, named, text

_ARGO_CD = "ARGOCD"
_IDENTITY_CENTER = ("configuration", "argocd", "awsIdc")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_capability(config: ClusterConfig) -> Iterator[Finding]:
    """An EKS capability has no name or type, or Argo CD nobody who could sign in.

    ## Why is this bad?
    eksctl refuses it. People sign in to the managed Argo CD with IAM Identity Center, and in no other way.

    ## When it stays silent
    ACK and kro need no configuration.

    ## References
    - eksctl, EKS capabilities
    - eksctl, pkg/apis/eksctl.io/v1alpha5/capability.go
    """
    for path in items(config, "capabilities"):
        title = named(config, "capability", *path)
        for field in ("name", "type"):
            if is_absent(config, *path, field):
                yield Finding(config.at(*path, field), f"{title} has no {field}", label=f"{field} is missing")
        yield from access_policy_problems(config, path, title)
        center = (*path, *_IDENTITY_CENTER)
        if text(config, *path, "type") == _ARGO_CD and not is_set(config, *center) and not is_unknown(config, *center):
            place = config.at(*path, "configuration")
            yield Finding(
                config.at(*center) if place.is_written else config.at(*path, "type"),
                f"{title} is Argo CD, but does not say with which IAM Identity Center people sign in",
                label="configuration.argocd.awsIdc is missing",
                discriminator="identity center",
            )

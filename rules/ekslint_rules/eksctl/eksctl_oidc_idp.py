from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_absent, items, named, text

_NEEDED = ("name", "clientID", "issuerURL")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_oidc_idp(config: ClusterConfig) -> Iterator[Finding]:
    """An identity provider is of an unknown type, or lacks its name, its client or its issuer.

    ## Why is this bad?
    The API server must know whose tokens it trusts (`issuerURL`), and for which client they are made (`clientID`).
    eksctl refuses the file.

    ## When it stays silent
    The claims for user names and groups have defaults.

    ## References
    - eksctl, OIDC identity providers
    - eksctl, pkg/apis/eksctl.io/v1alpha5/identity_provider.go and validation.go
    """
    for path in items(config, "identityProviders"):
        title = named(config, "identity provider", *path)
        kind = text(config, *path, "type")
        if kind is None and is_absent(config, *path, "type"):
            yield Finding(config.at(*path, "type"), f"{title} has no type: eksctl knows oidc", label="type is missing")
        elif kind is not None and kind != "oidc":
            yield Finding(
                config.at(*path, "type"), f"{title} is of type {kind}: eksctl knows oidc only", label="write oidc"
            )
        for field in _NEEDED:
            if is_absent(config, *path, field):
                yield Finding(config.at(*path, field), f"{title} has no {field}", label=f"{field} is missing")

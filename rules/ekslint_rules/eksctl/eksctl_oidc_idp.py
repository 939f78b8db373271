from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import Path, is_absent, items, named, text, written

_NEEDED = ("name", "clientID", "issuerURL")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_oidc_idp(config: ClusterConfig) -> Iterator[Finding]:
    """An identity provider is of an unknown type, or lacks its name, its client or its issuer.

    ## Why is this bad?
    The API server must know whose tokens it trusts (`issuerURL`), and for which client they are made (`clientID`).
    eksctl refuses the file.

    ## When it stays silent
    The claims for user names and groups have defaults. Here, and nowhere else, eksctl takes fields in any case of
    letters (`clientId`), and passes over those that it does not know.

    ## References
    - eksctl, OIDC identity providers
    - eksctl, pkg/apis/eksctl.io/v1alpha5/identity_provider.go and validation.go
    """
    for path in items(config, "identityProviders"):
        title = named(config, "identity provider", *path)
        place = _as_written(config, path, "type")
        kind = text(config, *place)
        if kind is None and is_absent(config, *place):
            yield Finding(config.at(*place), f"{title} has no type: eksctl knows oidc", label="type is missing")
        elif kind is not None and kind != "oidc":
            yield Finding(config.at(*place), f"{title} is of type {kind}: eksctl knows oidc only", label="write oidc")
        for field in _NEEDED:
            place = _as_written(config, path, field)
            if is_absent(config, *place):
                yield Finding(config.at(*place), f"{title} has no {field}", label=f"{field} is missing")


def _as_written(config: ClusterConfig, path: Path, field: str) -> Path:
    node = written(config, *path)
    keys = [key for key in node if key.lower() == field.lower()] if isinstance(node, dict) else []
    return (*path, keys[0] if keys else field)

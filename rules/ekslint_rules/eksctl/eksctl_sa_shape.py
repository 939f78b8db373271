from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, dotted, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._reading import Path, is_absent, is_set, is_unknown, items, text, well_known_policies

_SOURCES = ("wellKnownPolicies", "attachPolicyARNs", "attachPolicy", "attachRoleARN")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_sa_shape(config: ClusterConfig) -> Iterator[Finding]:
    """An entry of `iam.serviceAccounts` has no name, no policy, or the name of another.

    ## Why is this bad?
    eksctl creates one role for each service account: it must know which account it is for, and what it may do.

    ## When it stays silent
    Accounts of one name in different namespaces; a missing namespace is `default`.

    ## References
    - eksctl, IAM roles for service accounts
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateClusterConfig)
    """
    seen: dict[str, Path] = {}
    for path in items(config, "iam", "serviceAccounts"):
        metadata = (*path, "metadata")
        name, namespace = text(config, *metadata, "name"), text(config, *metadata, "namespace")
        shown = f"service account {name}" if name is not None else dotted(path)
        if is_absent(config, *metadata, "name"):
            yield Finding(config.at(*metadata, "name"), f"{shown} has no metadata.name", label="name is missing")
        elif name is not None and (namespace is not None or is_absent(config, *metadata, "namespace")):
            full_name = f"{namespace or 'default'}/{name}"
            if full_name in seen:
                yield Finding(
                    config.at(*metadata, "name"),
                    f"the service account {full_name} is listed twice: one account has one role",
                    label="listed before",
                    related=[(config.at(*seen[full_name], "metadata", "name"), "listed here first")],
                )
            seen.setdefault(full_name, path)
        if _has_no_source(config, path):
            yield Finding(
                config.at(*path, "attachPolicyARNs"),
                f"{shown} gets no policy: eksctl would create a role that allows nothing, and refuses to",
                label="no policy",
                help=f"set one of {enumerated(_SOURCES, 'or')}",
            )


def _has_no_source(config: ClusterConfig, path: Path) -> bool:
    return (
        well_known_policies(config, *path, "wellKnownPolicies") is False
        and is_absent(config, *path, "attachPolicyARNs")
        # An empty document counts as one.
        and not is_set(config, *path, "attachPolicy")
        and not is_unknown(config, *path, "attachPolicy")
        and is_absent(config, *path, "attachRoleARN")
    )

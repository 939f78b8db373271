from collections.abc import Iterator

from ekslint import DeclaredServiceAccount, Finding, ServiceAccount, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl"))
def irsa_sa_not_declared(account: ServiceAccount) -> Iterator[Finding]:
    """A manifest declares a service account that eksctl makes with a role, and leaves the role out.

    ## Why is this bad?
    eksctl makes the service account and annotates it with its role. The manifest declares the same account without:
    whoever makes it first, a tool that prunes (Argo CD, Flux, `kubectl replace`) takes the annotation away, and the
    pods lose their role.

    ## When it stays silent
    Accounts with `roleOnly: true`, which the manifest is meant to make. Manifests with the annotation.

    ## References
    - eksctl, IAM roles for service accounts
    """
    cluster, name = account.cluster, account.known_name
    if cluster is None or name is None or account.role is not None:
        return
    declared = _declared(account, list(cluster.service_accounts), name)
    if declared is not None and not declared.role_only:
        yield Finding(
            account.at("name"),
            f"{account} stands here without the role that eksctl gives it: applying this may take the role away",
            label="no eks.amazonaws.com/role-arn",
            help="remove the manifest, or set roleOnly: true and annotate the account here",
            related=[(declared.at("name"), "made by eksctl")],
        )


def _declared(
    account: ServiceAccount, accounts: list[DeclaredServiceAccount], name: str
) -> DeclaredServiceAccount | None:
    for each in accounts:
        if each.name == name and each.namespace == account.namespace:
            return each
    return None

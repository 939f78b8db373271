from collections.abc import Iterator

from ekslint import Cluster, DeclaredServiceAccount, Estate, Finding, Role, ServiceAccount, Severity, Statement, rule
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION, is_web_identity, lets_in, subjects

_SHOWN = 3


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl", "cloudformation"))
def irsa_sub_mismatch(subject: ServiceAccount | Cluster) -> Iterator[Finding]:
    """The IAM role of a service account does not trust that service account.

    ## Why is this bad?
    The trust policy of the role names the service accounts that may assume it (`…:sub`). Pods of any other one get
    AccessDenied at their first call to AWS: mostly the namespace, or the name, was changed in one place alone.

    ## When it stays silent
    Roles that the files do not declare, or whose name is generated (eksctl's without `roleName`); trust policies with
    placeholders that could be anything; patterns (`StringLike`) that match. Manifests without a namespace are compared
    by name alone.

    ## References
    - Amazon EKS user guide, assign IAM roles to Kubernetes service accounts
    """
    if isinstance(subject, ServiceAccount):
        yield from _of_manifest(subject)
        yield from _of_another_account(subject)
        return
    for account in subject.service_accounts:
        role = _named(account.role, subject.estate)
        if role is not None and account.name and not lets_in(role, account.namespace, account.name):
            yield _finding(account, ("role",), f"{account.namespace}/{account.name}", role)


def _named(arn: str | None, estate: Estate) -> Role | None:
    """The role of the files that an ARN names, if it is known whom it trusts."""
    role = estate.role_named(arn) if arn else None
    return None if role is None or role.unknown("trust") else role


def _of_manifest(account: ServiceAccount) -> Iterator[Finding]:
    role, name = _named(account.role, account.estate), account.known_name
    if role is None or name is None:
        return
    namespaces = sorted(account.namespace_options, key=str)
    if not any(lets_in(role, namespace, name) for namespace in namespaces):
        shown = f"{namespaces[0]}/{name}" if namespaces[0] else name
        yield _finding(account, ("metadata", "annotations", ROLE_ANNOTATION), shown, role)


def _of_another_account(account: ServiceAccount) -> Iterator[Finding]:
    """The role that eksctl creates for one service account trusts that one alone."""
    cluster, role, name = account.cluster, account.role, account.known_name
    if cluster is None or role is None or name is None or "$" in role:
        return
    wanted = role.rpartition("/")[2]
    makers = [each for each in cluster.service_accounts if each.role_name == wanted and each.name is not None]
    namespaces = account.namespace_options
    if len(makers) != 1 or any(_is_same(makers[0], namespace, name) for namespace in namespaces):
        return
    [maker] = makers
    shown = "/".join(each for each in (min(namespaces, key=str), name) if each)
    yield Finding(
        account.at("metadata", "annotations", ROLE_ANNOTATION),
        f"eksctl creates the role {wanted} for the {maker}, and it trusts no other: pods of {shown} cannot assume it",
        label="not in its trust policy",
        help="make namespace and name the same in both places",
        related=[(maker.at("name"), "the service account that it is for")],
    )


def _is_same(maker: DeclaredServiceAccount, namespace: str | None, name: str) -> bool:
    return maker.name == name and namespace in {None, maker.namespace}


def _finding(
    subject: ServiceAccount | DeclaredServiceAccount, path: tuple[str, ...], shown: str, role: Role
) -> Finding:
    return Finding(
        subject.at(*path),
        f"{role} does not trust the service account {shown}, but {_trusted(role)}: its pods cannot assume the role",
        label="not in its trust policy",
        help="make namespace and name in the condition …:sub those of the service account",
        related=[(role.at("trust"), "the trust policy")],
    )


def _trusted(role: Role) -> str:
    statements: list[Statement] = [statement for statement in role.trust if is_web_identity(statement)]
    if not statements:
        return "no OIDC provider at all"
    values = list(dict.fromkeys(value for statement in statements for _, value in subjects(statement)))
    return f"{', '.join(values[:_SHOWN])}{' …' if len(values) > _SHOWN else ''}" if values else "others"

from collections.abc import Iterator

from ekslint import (
    Binding,
    BindingSubject,
    ClusterRole,
    ClusterRoleBinding,
    Finding,
    KubernetesRole,
    RoleBinding,
    Severity,
    every,
    rule,
)

_ANYBODY = {("User", "system:anonymous"), ("Group", "system:unauthenticated")}
_HARMLESS_ROLES = frozenset({"system:public-info-viewer", "system:service-account-issuer-discovery"})
_HARMLESS_URLS = ("/.well-known/openid-configuration", "/healthz", "/livez", "/openid/v1/jwks", "/readyz", "/version")


@rule(Severity.WARNING, since="0.1.0", tags=("security",))
def rbac_anonymous_subject(binding: RoleBinding | ClusterRoleBinding) -> Iterator[Finding]:
    """A role is granted to everybody who does not log in.

    ## Why is this bad?
    Whoever reaches the endpoint of the cluster, which is public unless somebody closed it, has what the role allows,
    without any credentials. The audit log shows no name.

    ## When it stays silent
    The built-in roles that are made for this (`system:public-info-viewer`, `system:service-account-issuer-discovery`),
    and roles of the files that allow nothing but health checks, the version and the keys of the token issuer.

    ## References
    - Kubernetes documentation, role based access control good practices
    - EKS best practices guide, security, identity and access management: review and revoke unnecessary anonymous access
    """
    for index, subject in enumerate(binding.subjects):
        if not _is_anybody(subject):
            continue
        reference = binding.role_reference
        if reference is None or reference.name in _HARMLESS_ROLES or _is_harmless(binding, reference.kind):
            return
        yield Finding(
            binding.at("subjects", index, "name"),
            f"{binding} gives {reference.kind} {reference.name} to {subject.name}: to everybody who reaches the API "
            "server, without logging in",
            label="everybody",
            help="name the users, groups or service accounts that need it",
            related=[(binding.at("roleRef", "name"), "what they get")],
        )


def _is_anybody(subject: BindingSubject) -> bool:
    return (subject.kind, subject.name) in _ANYBODY


def _is_harmless(binding: Binding, kind: str) -> bool:
    """Whether the role stands in the files, and opens nothing but pages that say how the API server is."""
    reference = binding.role_reference
    if reference is None:
        return True
    kinds = ClusterRole if kind == "ClusterRole" else KubernetesRole
    roles = binding.estate.joins.named(binding, kinds, reference.name)
    return any(
        every(role.rules, lambda rule: bool(rule.urls) and all(url in _HARMLESS_URLS for url in rule.urls))
        and len(role.rules) > 0
        for role in roles
    )

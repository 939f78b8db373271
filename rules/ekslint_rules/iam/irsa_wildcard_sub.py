from collections.abc import Iterator

from ekslint import Finding, Role, Severity, rule
from ekslint_rules.iam._web_identity import is_web_identity, open_patterns


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "security"), dialects=("cloudformation",))
def irsa_wildcard_sub(role: Role) -> Iterator[Finding]:
    """A role trusts the service accounts of every namespace.

    ## Why is this bad?
    With `system:serviceaccount:*` whoever may make a pod anywhere in the cluster has the role, and so has whoever may
    make a namespace that the pattern covers.

    ## When it stays silent
    Patterns for the service accounts of one namespace.

    ## References
    - EKS best practices guide, security, identity and access management: scope the IAM role trust policy
    """
    if role.dialect != "cloudformation":
        return
    for index, statement in enumerate(role.trust):
        if not is_web_identity(statement):
            continue
        for pattern in open_patterns(statement):
            yield Finding(
                role.at("trust", index),
                f"{role} trusts {pattern}: service accounts of any namespace that the pattern covers have it",
                label="of any namespace",
                help="name the namespace and the service account",
                discriminator=pattern,
            )

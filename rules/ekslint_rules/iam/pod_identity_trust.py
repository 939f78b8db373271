from collections.abc import Iterator

from ekslint import Addon, Cluster, Finding, PodIdentityAssociation, Role, Severity, node_policies, rule
from ekslint_rules.iam._trust import in_words, trusted_services, trusts


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl"))
def pod_identity_trust(subject: PodIdentityAssociation | Addon | Cluster) -> Iterator[Finding]:
    """The role of a pod identity association cannot be assumed by EKS Pod Identity.

    ## Why is this bad?
    Pod Identity assumes the role as pods.eks.amazonaws.com and tags the session: the trust policy has to allow both
    sts:AssumeRole and sts:TagSession, or EKS refuses the association.

    ## When it stays silent
    Roles that are declared elsewhere, and trust policies that are known only at deploy time.

    ## References
    - Amazon EKS user guide, create IAM role with trust policy required by EKS Pod Identity
    """
    if isinstance(subject, PodIdentityAssociation):
        if subject.dialect == "cloudformation" and subject.declared_role is not None:
            yield from _check(subject, subject.declared_role)
    elif isinstance(subject, Addon):
        for association in subject.pod_identity_associations if subject.dialect == "cloudformation" else ():
            if association.declared_role is not None:
                yield from _check(association, association.declared_role)
    elif subject.dialect == "eksctl":
        for association in subject.pod_identity_associations:
            role = subject.estate.role_named(association.role, subject) if association.role is not None else None
            if role is not None:
                yield from _check(association, role)


def _check(association: PodIdentityAssociation, role: Role) -> Iterator[Finding]:
    if role.dialect != "cloudformation":
        return
    wanted = node_policies.trust_of(node_policies.Principal.POD_IDENTITY)
    missing = [action for action in wanted.actions if not trusts(role, wanted.services, action)]
    if not missing:
        return
    if len(missing) == len(wanted.actions):
        what = f"{in_words(trusted_services(role))}, and not {wanted.services[0]}"
    else:
        what = f"does not let {wanted.services[0]} do {' and '.join(missing)}"
    # Associations that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("trust"),
        f"{role} {what}: Pod Identity cannot give it to pods",
        label="not for Pod Identity",
        help=f"let {wanted.services[0]} do {' and '.join(wanted.actions)}",
        related=[(association.at("role"), f"{association}")],
    )

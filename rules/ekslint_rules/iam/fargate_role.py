from collections.abc import Iterator

from ekslint import FargateProfile, Finding, Role, Severity, node_policies, rule
from ekslint_rules.iam._policies import has_own_statements, lacks
from ekslint_rules.iam._roles import declared_role
from ekslint_rules.iam._trust import in_words, trusted_services, trusts


@rule(Severity.ERROR, since="0.1.0", tags=("iam", "fargate"), dialects=("cloudformation", "eksctl"))
def fargate_role(profile: FargateProfile) -> Iterator[Finding]:
    """The pod execution role of a Fargate profile cannot be used by Fargate, or by too many.

    ## Why is this bad?
    Fargate assumes this role to register its nodes and to pull images: EKS refuses a role that
    eks-fargate-pods.amazonaws.com cannot assume, and without the policy pods stay in ImagePullBackOff. Without a
    condition on aws:SourceArn any cluster of any account may be made to use it (advice).

    ## When it stays silent
    Roles that are declared elsewhere, what is known only at deploy time, and the role that eksctl creates.

    ## References
    - Amazon EKS user guide, Amazon EKS pod execution IAM role
    """
    role = declared_role(profile)
    if role is None or role.dialect != "cloudformation":
        return
    yield from _policies(profile, role)
    principal = node_policies.trust_of(node_policies.Principal.FARGATE_POD_EXECUTION)
    if not trusts(role, principal.services):
        yield Finding(
            role.at("trust"),
            f"{role} {in_words(trusted_services(role))}: Fargate cannot assume it to run pods",
            label=f"not {principal.services[0]}",
            help=f"let the service {principal.services[0]} do sts:AssumeRole in its trust policy",
            related=[(profile.at("role"), f"{profile} uses it")],
        )
    elif not any(statement.has_conditions for statement in role.trust):
        yield Finding(
            role.at("trust"),
            f"{role} may be used by Fargate on behalf of any cluster",
            label="no condition on aws:SourceArn",
            help="add a condition ArnLike on aws:SourceArn with the ARNs of the cluster's Fargate profiles",
            related=[(profile.at("role"), f"{profile} uses it")],
            severity=Severity.INFO,
            discriminator="source",
        )


def _policies(profile: FargateProfile, role: Role) -> Iterator[Finding]:
    if lacks(role, node_policies.Need.ECR_PULL):
        policy = node_policies.FARGATE_POD_EXECUTION_POLICY
        yield Finding(
            role.at("managed_policies"),
            f"{role} lacks {policy}: Fargate cannot pull images for pods",
            label=f"no {policy}",
            help=f"attach arn:aws:iam::aws:policy/{policy}",
            related=[(profile.at("role"), f"{profile} uses it")],
            lower=int(has_own_statements(role)),
        )

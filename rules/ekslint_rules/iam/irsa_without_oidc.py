import re
from collections.abc import Iterator

from ekslint import Finding, Role, ServiceAccount, Severity, rule, some
from ekslint_rules.iam._web_identity import ROLE_ANNOTATION, is_for_cluster, is_web_identity

_BY_EKSCTL = "-addon-iamserviceaccount-"
"""Stands in the names of the stacks, and so of the roles, that eksctl makes for service accounts."""
_ROLE = re.compile(r"arn:aws[a-z-]*:iam::[0-9]{12}:role/")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl", "cloudformation"))
def irsa_without_oidc(account: ServiceAccount) -> Iterator[Finding]:
    """A service account has an IAM role, but its cluster has no OIDC provider.

    ## Why is this bad?
    The role trusts the cluster's OIDC provider in IAM. Without that provider nobody accepts the pods' tokens, and every
    call to AWS ends with InvalidIdentityToken.

    ## When it stays silent
    Clusters that are declared elsewhere. Where another template has a role that trusts an EKS OIDC provider, since the
    provider then is somewhere. Roles that `eksctl create iamserviceaccount` has made, as it asks for the provider
    itself. ARNs without an account number. Where eksctl makes service accounts with roles, `eksctl-sa-without-oidc`
    speaks. A warning unless `withOIDC: false` is written, since a provider may be made by hand.

    ## References
    - Amazon EKS user guide, create an IAM OIDC provider for your cluster
    - eksctl, IAM roles for service accounts
    """
    arn = account.role
    if arn is None or _BY_EKSCTL in arn or not _ROLE.match(arn):
        return
    cluster = account.cluster
    if cluster is None or cluster.is_implicit or cluster.oidc_provider:
        return
    if cluster.dialect == "eksctl" and cluster.service_accounts:
        return
    if some(cluster.estate.of(Role), _trusts_cluster):
        return
    is_eksctl = cluster.dialect == "eksctl"
    is_refused = is_eksctl and cluster.at("oidc_provider").is_written
    yield Finding(
        account.at("metadata", "annotations", ROLE_ANNOTATION),
        f"{account} has the role {arn}, but {cluster} has no OIDC provider, so that no pod can assume it",
        label="no OIDC provider",
        help="set iam.withOIDC: true, or use Pod Identity"
        if is_eksctl
        else "add an AWS::IAM::OIDCProvider for the cluster, or use Pod Identity",
        related=[(cluster.at("oidc_provider"), "this cluster")],
        lower=max(int(not is_refused), cluster.may_be_partial),
    )


def _trusts_cluster(role: Role) -> bool:
    return some(role.trust, lambda statement: is_web_identity(statement) and is_for_cluster(statement))

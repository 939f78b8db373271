from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import is_given, is_off, is_on_outposts


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_sa_without_oidc(config: ClusterConfig) -> Iterator[Finding]:
    """Service accounts get IAM roles, but the cluster gets no OIDC provider.

    ## Why is this bad?
    A role for a service account (IRSA) trusts the cluster's OIDC provider. eksctl creates that only with
    `iam.withOIDC: true`, and refuses the file otherwise: to leave it out is the same as false.

    ## When it stays silent
    Roles by Pod Identity (`iam.podIdentityAssociations`) need no OIDC provider.

    ## References
    - eksctl, IAM roles for service accounts
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateClusterConfig)
    """
    if not is_given(config, "iam", "serviceAccounts") or not is_off(config, "iam", "withOIDC"):
        return
    place = config.at("iam", "withOIDC")
    on_outposts = is_on_outposts(config)
    yield Finding(
        place if place.is_written else config.at("iam", "serviceAccounts", key=True),
        f"{config.cluster} has service accounts with IAM roles, but iam.withOIDC is not true: eksctl refuses the file",
        label="withOIDC is false" if place.is_written else "iam.withOIDC is missing",
        help="use iam.podIdentityAssociations: there is no OIDC provider on Outposts"
        if on_outposts
        else "set iam.withOIDC: true, or use iam.podIdentityAssociations",
    )

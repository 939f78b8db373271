from collections.abc import Iterator

from ekslint import Finding, Role, Severity, rule
from ekslint_rules.iam._web_identity import has_audience, has_open_keys, has_subject, is_for_cluster, is_web_identity


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "security"), dialects=("cloudformation",))
def irsa_trust_missing_sub(role: Role) -> Iterator[Finding]:
    """A role trusts the OIDC provider of a cluster without saying which service account.

    ## Why is this bad?
    Without a condition on `…:sub` every pod of the cluster can assume the role with its own token. Without one on
    `…:aud` any audience will do that the provider lists (advice).

    ## When it stays silent
    Providers that are not those of EKS (GitHub, GitLab …), and conditions whose keys are filled in at deployment.

    ## References
    - EKS best practices guide, security, identity and access management: scope the IAM role trust policy
    """
    if role.dialect != "cloudformation":
        return
    for index, statement in enumerate(role.trust):
        if not is_web_identity(statement) or not is_for_cluster(statement) or has_open_keys(statement):
            continue
        missing = [name for name, has in (("sub", has_subject), ("aud", has_audience)) if not has(statement)]
        if missing:
            who = "any pod of the cluster" if "sub" in missing else "a token for any audience of the provider"
            verb = "can assume it" if "sub" in missing else "will do"
            yield Finding(
                role.at("trust", index),
                f"{role} has no condition on :{' and :'.join(missing)} of the OIDC token: {who} {verb}",
                label=f"no condition on :{' or :'.join(missing)}",
                help="add StringEquals on …:sub (system:serviceaccount:namespace:name) and …:aud (sts.amazonaws.com)",
                # The provider itself has a list of audiences: without :aud that still stands.
                severity=None if "sub" in missing else Severity.INFO,
                discriminator=str(index),
            )

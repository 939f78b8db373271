from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, addons, node_policies, rule
from ekslint_rules.iam._addon_permissions import nobody_gives

_ADDON = "amazon-cloudwatch-observability"
_POLICY = "CloudWatchAgentServerPolicy"


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("eksctl", "cloudformation"))
def observability_addon_iam(cluster: Cluster) -> Iterator[Finding]:
    """The add-on for Container Insights is installed, but may not write to CloudWatch.

    ## Why is this bad?
    The agent and Fluent Bit run, are refused by CloudWatch, and nothing arrives: no metrics, no logs, no alarm. What
    should tell of trouble is silent, which is noticed when it is needed.

    ## When it stays silent
    A role, policies or a pod identity association for the add-on or its service account; nodes whose role allows it
    (eksctl: `withAddonPolicies.cloudWatch`), or may (a role from elsewhere); Auto Mode; clusters whose nodes the files
    do not show.

    ## References
    - Amazon CloudWatch user guide, install the CloudWatch agent with the Amazon EKS add-on
    - Amazon EKS user guide, AWS add-ons
    """
    if _ADDON not in cluster.addons or cluster.addons[_ADDON].has_own_identity:
        return
    facts = addons.addon(_ADDON)
    if facts is None or facts.namespace is None or facts.service_account is None:
        return
    if nobody_gives(cluster, (facts.namespace, facts.service_account), node_policies.Need.CLOUDWATCH_AGENT):
        addon = cluster.addons[_ADDON]
        yield Finding(
            addon.at("name"),
            f"{addon} of {cluster} has no permission to write to CloudWatch: neither a role of its own, nor the nodes'",
            label="no IAM role",
            help=f"give it {_POLICY}, by Pod Identity or a role for service accounts",
            lower=cluster.may_be_partial,
        )

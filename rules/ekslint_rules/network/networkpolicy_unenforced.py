from collections.abc import Iterator

from ekslint import Cluster, Finding, NetworkPolicy, Severity, rule
from ekslint_rules._addon_configuration import is_on
from ekslint_rules._installations import reported_for

_ADDON = "vpc-cni"
_ENGINES = ("calico", "cilium", "aws-network-policy-agent")


@rule(
    Severity.WARNING, since="0.1.0", tags=("network", "security"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def networkpolicy_unenforced(cluster: Cluster) -> Iterator[Finding]:
    """There are network policies, but nothing on the cluster enforces them.

    ## Why is this bad?
    Kubernetes stores a NetworkPolicy without a word, whether anybody acts on it or not. The VPC CNI does only if its
    add-on is told so; until then every pod can reach every other.

    ## When it stays silent
    `enableNetworkPolicy` in the configuration of the add-on vpc-cni; Calico or Cilium; a VPC CNI that a chart or
    manifests install; Auto Mode; clusters whose VPC CNI no file manages. Advice only where the files list no
    add-on, or may merely add to a cluster.

    ## References
    - Amazon EKS user guide, limit Pod traffic with Kubernetes network policies
    - EKS best practices guide, security, network security
    """
    if cluster.is_implicit or not _ignores_policies(cluster):
        return
    policies = [
        policy
        for policy in cluster.estate.of(NetworkPolicy)
        if reported_for(policy, cluster) and all(_ignores_policies(other) for other in policy.clusters[1:])
    ]
    if not policies:
        return
    who = str(policies[0]) if len(policies) == 1 else f"{policies[0]} and {len(policies) - 1} more"
    declared = _ADDON in cluster.addons
    place = cluster.addons[_ADDON].at("name") if declared else cluster.at("addons")
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"nothing on {cluster} enforces {who}, as the VPC CNI is not told to: every pod can reach every other",
        label="without enableNetworkPolicy" if declared else "the VPC CNI is not configured",
        help='set enableNetworkPolicy: "true" in the configuration values of the add-on vpc-cni',
        related=[(policy.at("name"), f"{policy} has no effect") for policy in policies],
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )


def _ignores_policies(cluster: Cluster) -> bool:
    """Whether the VPC CNI is managed in the files, without policies, and no other engine is in sight."""
    if cluster.auto_mode is not None or any(cluster.estate.has_evidence_of(name, cluster) for name in _ENGINES):
        return False
    addon = cluster.addons.get(_ADDON)
    if addon is None:
        # eksctl installs the add-on; where nobody does, the CNI that EKS brings along is configured by other means.
        managed = cluster.dialect == "eksctl" and _ADDON in cluster.default_addons
        return managed and not cluster.estate.has_evidence_of(_ADDON, cluster)
    configuration = addon.configuration
    return configuration is not None and not is_on(configuration.get("enableNetworkPolicy"))

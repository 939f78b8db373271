from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, NetworkPolicy, Severity, Workload, known, placements_on, rule
from ekslint_rules._addon_configuration import is_on
from ekslint_rules._installations import goes_to, may_go_to, reported_for
from ekslint_rules.automode._auto import is_auto_only

_ADDON = "vpc-cni"
_CONFIG_MAP, _SWITCH = "amazon-vpc-cni", "enable-network-policy-controller"
_ENGINES = ("calico", "cilium", "aws-network-policy-agent")


@rule(
    Severity.WARNING, since="0.1.0", tags=("network", "security"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def networkpolicy_unenforced(cluster: Cluster) -> Iterator[Finding]:
    """There are network policies, but nothing on the cluster enforces them.

    ## Why is this bad?
    Kubernetes stores a NetworkPolicy without a word, whether anybody acts on it or not. The VPC CNI does only if its
    add-on is told so, and Auto Mode only if a ConfigMap says so; until then every pod can reach every other. Pods on
    Fargate are out of reach of any policy, and of the VPC CNI's those on Windows nodes too.

    ## When it stays silent
    `enableNetworkPolicy` in the configuration of the add-on vpc-cni; Calico or Cilium; a VPC CNI that a chart or
    manifests install; clusters whose VPC CNI no file manages; Auto Mode beside other nodes, and with
    `enable-network-policy-controller` in the ConfigMap amazon-vpc-cni. Advice only where the files list no add-on, or
    may merely add to a cluster.

    ## References
    - Amazon EKS user guide, limit Pod traffic with Kubernetes network policies
    - Amazon EKS user guide, use network policies with EKS Auto Mode
    - EKS best practices guide, security, network security
    """
    if cluster.is_implicit:
        return
    if not _ignores_policies(cluster):
        yield from _beyond_reach(cluster)
        return
    policies = [
        policy
        for policy in cluster.estate.of(NetworkPolicy)
        if reported_for(policy, cluster) and all(_ignores_policies(other) for other in policy.clusters[1:])
    ]
    if not policies:
        return
    who = str(policies[0]) if len(policies) == 1 else f"{policies[0]} and {len(policies) - 1} more"
    related = [(policy.at("name"), f"{policy} has no effect") for policy in policies]
    if cluster.auto_mode is not None:
        yield Finding(
            cluster.auto_mode.at(),
            f"nothing on {cluster} enforces {who}, as Auto Mode is not told to: every pod can reach every other",
            label=f"without the ConfigMap {_CONFIG_MAP}",
            help=f'set {_SWITCH}: "true" in the ConfigMap {_CONFIG_MAP} of kube-system',
            related=related,
            # One line of kubectl does it, as the user guide shows.
            severity=Severity.INFO,
        )
        return
    declared = _ADDON in cluster.addons
    place = cluster.addons[_ADDON].at("name") if declared else cluster.at("addons")
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"nothing on {cluster} enforces {who}, as the VPC CNI is not told to: every pod can reach every other",
        label="without enableNetworkPolicy" if declared else "the VPC CNI is not configured",
        help='set enableNetworkPolicy: "true" in the configuration values of the add-on vpc-cni',
        related=related,
        lower=max(cluster.may_be_partial, int(not cluster.addons)),
    )


def _beyond_reach(cluster: Cluster) -> Iterator[Finding]:
    """Policies about pods on Fargate or on Windows nodes, whatever enforces them elsewhere."""
    nodes = {id(workload): where for workload, where in _out_of_reach(cluster)}
    found = []
    for policy in cluster.estate.of(NetworkPolicy) if nodes else ():
        if goes_to(policy, cluster) and not policy.unknown("spec", "podSelector"):
            found += [(policy, each, nodes[id(each)]) for each in known(policy.workloads) if id(each) in nodes]
    if not found:
        return
    policy, workload, where = found[0]
    others = list(dict.fromkeys(str(each) for _, each, _ in found))[1:]
    more = f" and {len(others)} more" if others else ""
    yield Finding(
        policy.at("name"),
        f"{policy} is not enforced for {workload}{more}: nothing on the cluster does that on {where}",
        label=f"not on {where}",
        help="use security groups for these pods, or run them on Linux EC2 nodes",
        related=[(each.at("name"), f"{each} runs on {place}") for _, each, place in found],
    )


def _out_of_reach(cluster: Cluster) -> Iterator[tuple[Workload, str]]:
    placements = placements_on(cluster, only_certain=True)
    for placement in known(placements, lambda each: each.fargate_profile is not None):
        yield placement.workload, "Fargate"
    if cluster.estate.has_evidence_of("calico", cluster):
        return  # it has an agent for Windows
    for placement in known(placements, lambda each: each.workload.pod.is_windows):
        yield placement.workload, "Windows nodes"


def _ignores_policies(cluster: Cluster) -> bool:
    """Whether the VPC CNI is managed in the files, without policies, and no other engine is in sight."""
    if any(cluster.estate.has_evidence_of(name, cluster) for name in _ENGINES):
        return False
    if cluster.auto_mode is not None:
        return is_auto_only(cluster) and not _is_switched_on(cluster)
    addon = cluster.addons.get(_ADDON)
    if addon is None:
        # eksctl installs the add-on; where nobody does, the CNI that EKS brings along is configured by other means.
        managed = cluster.dialect == "eksctl" and _ADDON in cluster.default_addons
        return managed and not cluster.estate.has_evidence_of(_ADDON, cluster)
    configuration = addon.configuration
    return configuration is not None and not is_on(configuration.get("enableNetworkPolicy"))


def _is_switched_on(cluster: Cluster) -> bool:
    """Whether the ConfigMap of the VPC CNI tells Auto Mode to enforce policies."""
    maps = (
        each for each in cluster.estate.of(ConfigMap) if each.known_name == _CONFIG_MAP and may_go_to(each, cluster)
    )
    return any(is_on(each.get("data", _SWITCH)) for each in maps)

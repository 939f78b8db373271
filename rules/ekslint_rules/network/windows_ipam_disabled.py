from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, NodeGroup, Severity, ami_families, rule, vpc_cni
from ekslint_rules._addon_configuration import is_on
from ekslint_rules._installations import may_go_to

_CONFIG_MAP = "amazon-vpc-cni"
_KEY = "enable-windows-ipam"


@rule(Severity.ERROR, since="0.1.0", tags=("network", "windows"), dialects=("cloudformation", "kubernetes"))
def windows_ipam_disabled(cluster: Cluster) -> Iterator[Finding]:
    """The cluster has Windows nodes, but gives Windows pods no addresses.

    ## Why is this bad?
    The VPC resource controller of the control plane hands out addresses to Windows pods only once it is told to.
    Until then they wait for `vpc.amazonaws.com/PrivateIPv4Address`, which no node has.

    ## When it stays silent
    `enableWindowsIpam` of the add-on vpc-cni, or `enable-windows-ipam` in the ConfigMap amazon-vpc-cni; clusters for
    which the files have neither; eksctl, which switches it on.

    ## References
    - Amazon EKS user guide, deploy Windows nodes on EKS clusters
    """
    if cluster.is_implicit or cluster.dialect == "eksctl":
        return
    windows = [group for group in cluster.node_groups if _is_windows(group)]
    if not windows:
        return
    maps = [
        each for each in cluster.estate.of(ConfigMap) if each.known_name == _CONFIG_MAP and may_go_to(each, cluster)
    ]
    if any(is_on(each.get("data", _KEY)) for each in maps):
        return
    addon = cluster.addons.get(vpc_cni.ADDON)
    configuration = None if addon is None else addon.configuration
    if configuration is not None and is_on(configuration.get("enableWindowsIpam")):
        return
    if maps:
        place = maps[0].at("data", _KEY)
    elif addon is not None and configuration is not None:
        place = addon.at("name")
    else:
        return
    yield Finding(
        place,
        f"{windows[0]} has Windows nodes, but {cluster} hands out no addresses to Windows pods: they stay Pending",
        label="Windows IPAM is off",
        help='set enableWindowsIpam: "true" in the configuration values of the add-on vpc-cni',
        related=[(group.at("ami_type"), f"Windows nodes of {group}") for group in windows],
    )


def _is_windows(group: NodeGroup) -> bool:
    if group.unknown("ami_family") or group.ami_family is None:
        return False
    family = ami_families.from_eksctl(group.ami_family)
    return family is not None and family.is_windows

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule
from ekslint_rules._wording import enumerated

_PROPERTIES = {
    "compute": "ComputeConfig.Enabled",
    "elasticLoadBalancing": "KubernetesNetworkConfig.ElasticLoadBalancing.Enabled",
    "blockStorage": "StorageConfig.BlockStorage.Enabled",
}


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("cloudformation",))
def auto_capabilities_mixed(cluster: Cluster) -> Iterator[Finding]:
    """The three switches of Auto Mode (compute, load balancing, block storage) are not all on, or all off.

    ## Why is this bad?
    EKS accepts them together only: the request fails, and so does the stack. A switch that is not written counts as
    off.

    ## When it stays silent
    Clusters of eksctl, which sets all three. Switches that are known only at deploy time.

    ## References
    - Amazon EKS user guide, enable EKS Auto Mode on an existing cluster
    - AWS CloudFormation, AWS::EKS::Cluster
    """
    switches = cluster.auto_mode_switches
    states = {name: switches.get(name) for name in _PROPERTIES}
    on = [name for name, state in states.items() if state]
    off = [name for name, state in states.items() if not state]
    if not on or not off:
        return
    written = [name for name in off if states[name] is not None]
    place = cluster.at("auto_mode_switches", written[0] if written else on[0])
    yield Finding(
        place,
        f"{cluster} turns on {enumerated(on)}, but not {enumerated(off)}: EKS takes the three switches of Auto Mode "
        "together",
        label="off" if written else "on, but not the others",
        help=f"set {enumerated([_PROPERTIES[name] for name in off])} to true",
        related=[(cluster.at("auto_mode_switches", name), "on") for name in on] if written else [],
    )

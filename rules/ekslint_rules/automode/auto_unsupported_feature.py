from collections.abc import Iterator

from ekslint import Finding, KubernetesObject, Severity, rule
from ekslint_rules.automode._auto import is_auto_only

_UNSUPPORTED = {
    (
        "crd.k8s.amazonaws.com",
        "ENIConfig",
    ): "use podSubnetSelectorTerms and podSecurityGroupSelectorTerms of a NodeClass",
    ("vpcresources.k8s.aws", "SecurityGroupPolicy"): "use podSecurityGroupSelectorTerms of a NodeClass",
}


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "network"))
def auto_unsupported_feature(object_: KubernetesObject) -> Iterator[Finding]:
    """A manifest configures a feature of the VPC CNI that Auto Mode does not have.

    ## Why is this bad?
    Auto Mode has a network of its own. Custom networking (ENIConfig) and security groups for pods (SecurityGroupPolicy)
    are features of the VPC CNI: the pods run, but with the addresses and the security groups of the node class.

    ## When it stays silent
    Clusters that also have nodes of another kind, where the VPC CNI runs, and clusters that are declared elsewhere.

    ## References
    - Amazon EKS user guide, learn about VPC networking and load balancing in EKS Auto Mode
    """
    instead = _UNSUPPORTED.get((object_.group, object_.kind))
    if instead is None:
        return
    cluster = object_.cluster
    if cluster is None or not is_auto_only(cluster):
        return
    yield Finding(
        object_.at("kind"),
        f"{object_} has no effect on {cluster}: Auto Mode does not support {object_.kind}",
        label="not in Auto Mode",
        help=instead,
        related=[(cluster.at("auto_mode"), "Auto Mode is on, and no other nodes")],
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("cloudformation",))
def auto_bootstrap_addons(cluster: Cluster) -> Iterator[Finding]:
    """A cluster with Auto Mode asks for the self-managed networking add-ons as well.

    ## Why is this bad?
    Auto Mode runs the VPC CNI, kube-proxy and CoreDNS as parts of its nodes. EKS refuses to create a cluster that has
    both Auto Mode and `BootstrapSelfManagedAddons: true`.

    ## When it stays silent
    Where the property is not written. Clusters of eksctl, which always turns it off.

    ## References
    - Amazon EKS API reference, CreateCluster
    - AWS CloudFormation, AWS::EKS::Cluster
    """
    if cluster.auto_mode is not None and cluster.bootstraps_addons:
        yield Finding(
            cluster.at("bootstraps_addons"),
            f"{cluster} has Auto Mode and asks for the self-managed networking add-ons, which Auto Mode replaces",
            label="not with Auto Mode",
            help="set BootstrapSelfManagedAddons to false",
            related=[(cluster.at("auto_mode"), "Auto Mode is on")],
        )

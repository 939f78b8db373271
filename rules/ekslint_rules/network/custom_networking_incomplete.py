from collections.abc import Iterator

from ekslint import Cluster, Finding, KubernetesObject, Severity, cni_settings_of, rule, vpc_cni
from ekslint_rules.automode._auto import is_auto_only
from ekslint_rules.network._cni import ENI_CONFIG, made_by_addon, objects_on


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def custom_networking_incomplete(cluster: Cluster) -> Iterator[Finding]:
    """Custom networking is on, but no ENIConfig tells which subnets pods get.

    ## Why is this bad?
    The VPC CNI waits for an ENIConfig that fits the node. Until there is one, no pod of it gets an address.

    ## When it stays silent
    ENIConfigs in the files, or made by the add-on itself (`eniConfig.create`); scans without any manifest for the
    cluster, whose ENIConfigs are elsewhere; Auto Mode, where `auto-unsupported-feature` speaks, and IPv6, where
    `ipv6-node-requirements` does.

    ## References
    - Amazon EKS user guide, deploy Pods in alternate subnets with custom networking
    - EKS best practices guide, networking, custom networking
    """
    if cluster.is_implicit or is_auto_only(cluster) or cluster.ip_family.lower() == "ipv6":
        return
    settings = cni_settings_of(cluster)
    if settings is None or not settings.is_on(vpc_cni.CUSTOM_NETWORKING):
        return
    if made_by_addon(settings) or objects_on(cluster, *ENI_CONFIG):
        return
    if not any(cluster in each.clusters for each in cluster.estate.of(KubernetesObject)):
        return
    yield Finding(
        settings.places[vpc_cni.CUSTOM_NETWORKING],
        f"the VPC CNI of {cluster} uses custom networking, but no ENIConfig is in the files: without one, "
        "pods get no address",
        label="custom networking",
        help="write an ENIConfig for each zone, or let the add-on make them with eniConfig.create",
        lower=cluster.may_be_partial,
    )

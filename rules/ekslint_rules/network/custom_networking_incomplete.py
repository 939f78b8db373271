from collections.abc import Iterator, Mapping

from ekslint import Cluster, Finding, KubernetesObject, Severity, rule
from ekslint_rules._addon_configuration import environment_of, is_on
from ekslint_rules.network._cni import ADDON, cni_configuration, objects_on


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("eksctl", "cloudformation", "kubernetes"))
def custom_networking_incomplete(cluster: Cluster) -> Iterator[Finding]:
    """Custom networking is on, but no ENIConfig tells which subnets pods get.

    ## Why is this bad?
    The VPC CNI waits for an ENIConfig that fits the node. Until there is one, no pod of it gets an address.

    ## When it stays silent
    ENIConfigs in the files, or made by the add-on itself (`eniConfig.create`); scans without any manifest for the
    cluster, whose ENIConfigs are elsewhere.

    ## References
    - Amazon EKS user guide, deploy Pods in alternate subnets with custom networking
    - EKS best practices guide, networking, custom networking
    """
    configuration = cni_configuration(cluster)
    if configuration is None or cluster.is_implicit:
        return
    if not is_on(environment_of(configuration).get("AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG")):
        return
    made = configuration.get("eniConfig")
    if isinstance(made, Mapping) and is_on(made.get("create")):
        return
    if objects_on(cluster, "crd.k8s.amazonaws.com", "ENIConfig"):
        return
    if not any(cluster in each.clusters for each in cluster.estate.of(KubernetesObject)):
        return
    yield Finding(
        cluster.addons[ADDON].at("configuration_values"),
        f"the VPC CNI of {cluster} uses custom networking, but no ENIConfig is in the files: without one, "
        "pods get no address",
        label="custom networking",
        help="write an ENIConfig for each zone, or let the add-on make them with eniConfig.create",
        lower=cluster.may_be_partial,
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, StorageClass, csi_drivers, rule

_IMMEDIATE = "Immediate"


@rule(Severity.WARNING, since="0.1.0", tags=("storage", "scheduling"))
def storageclass_immediate_binding(storage_class: StorageClass) -> Iterator[Finding]:
    """A storage class makes EBS volumes before it is known where their pods will run.

    ## Why is this bad?
    An EBS volume exists in one zone. With volumeBindingMode Immediate, which is the default, it is made as soon as
    somebody claims it, in any zone: the pod then has to run there, whatever its selectors, affinities and spread ask
    for, and stays Pending where there is no room ("volume node affinity conflict").

    ## When it stays silent
    Classes that allow a single zone, and clusters whose node groups are all in one. Other drivers: EFS and FSx volumes
    are not bound to the zone of a node.

    ## References
    - Kubernetes documentation, storage classes: volume binding mode
    - EKS best practices guide, cost optimization, storage
    """
    if storage_class.provisioner not in csi_drivers.EBS_PROVISIONERS:
        return
    if storage_class.volume_binding_mode != _IMMEDIATE:
        return
    zones = storage_class.allowed_zones
    if zones is not None and len(set(zones)) == 1:
        return
    cluster = storage_class.cluster
    if cluster is not None and _has_one_zone(cluster):
        return
    place = storage_class.at("volumeBindingMode")
    is_said = place.is_written
    yield Finding(
        place if is_said else storage_class.at("provisioner"),
        f"{storage_class} makes EBS volumes as soon as they are claimed, in any zone: pods have to follow them there",
        label="made too early" if is_said else "volumeBindingMode is Immediate by default",
        help="set volumeBindingMode: WaitForFirstConsumer",
    )


def _has_one_zone(cluster: Cluster) -> bool:
    """Whether all nodes of a cluster are in one zone."""
    groups = cluster.node_groups
    if not groups or cluster.karpenter_pools or cluster.has_unseen_pools:
        return False
    zones: set[str] = set()
    for group in groups:
        if group.availability_zones is None:
            return False
        zones.update(group.availability_zones)
    return len(zones) == 1

"""Whether a storage driver is wanted on a cluster that nobody installs on it."""

from collections.abc import Iterator

from ekslint import (
    Claim,
    Cluster,
    Finding,
    KubernetesObject,
    PersistentVolume,
    PersistentVolumeClaim,
    Place,
    PodTemplate,
    StatefulSet,
    StorageClass,
    csi_drivers,
)
from ekslint_rules._installations import reported_for


def missing(cluster: Cluster, driver: csi_drivers.CsiDriver) -> Iterator[Finding]:
    """The finding that a cluster lacks a driver that its storage needs."""
    # Where no add-on is listed, somebody else decides what is installed.
    if cluster.is_implicit or not cluster.addons or is_installed(cluster, driver):
        return
    clients = [
        client
        for client, owner in _clients(cluster, driver)
        if reported_for(owner, cluster) and not any(is_installed(other, driver) for other in owner.clusters[1:])
    ]
    if not clients:
        return
    who = clients[0][1] if len(clients) == 1 else f"{clients[0][1]} (and {len(clients) - 1} more)"
    place = cluster.at("addons")
    yield Finding(
        place if place.is_written else cluster.at("name"),
        f"{who} needs the {driver.service} CSI driver, but nothing installs it on {cluster}: "
        "no such volume is ever mounted, and the pods wait for it",
        label=f"without {driver.addon}",
        help=f"add the EKS add-on {driver.addon}",
        related=[(client, f"{title} needs it") for client, title in clients],
        lower=cluster.may_be_partial,
    )


def is_installed(cluster: Cluster, driver: csi_drivers.CsiDriver) -> bool:
    """Whether anything tells that a driver is on a cluster: an add-on, a chart, its manifests, or its permissions."""
    if cluster.has_addon(driver.addon) or (cluster.auto_mode is not None and driver is csi_drivers.EBS):
        return True
    if cluster.estate.has_evidence_of(driver.addon, cluster):
        return True
    if any(
        each.kind == "CSIDriver" and each.known_name in driver.drivers and _may_go_to(each, cluster)
        for each in cluster.estate.of(KubernetesObject)
    ):
        return True
    # Whoever gives its service account a role installs it, if by other means.
    return any(each.name in driver.service_accounts for each in cluster.service_accounts) or any(
        each.service_account in driver.service_accounts for each in cluster.pod_identity_associations
    )


def _may_go_to(object_: KubernetesObject, cluster: Cluster) -> bool:
    return not object_.clusters or any(each is cluster for each in object_.clusters)


def _clients(cluster: Cluster, driver: csi_drivers.CsiDriver) -> Iterator[tuple[tuple[Place, str], KubernetesObject]]:
    """Where storage of a driver is asked for, with who asks, and its object."""
    estate = cluster.estate
    for storage_class in estate.of(StorageClass):
        if not storage_class.unknown("provisioner") and storage_class.provisioner in driver.drivers:
            yield (storage_class.at("provisioner"), str(storage_class)), storage_class
    for volume in estate.of(PersistentVolume):
        if not volume.unknown("spec", "csi", "driver") and volume.driver in driver.drivers:
            yield (volume.at("spec", "csi", "driver"), str(volume)), volume
    for template in estate.of(PodTemplate):
        for each in () if template.unknown("spec", "volumes") else template.volumes:
            if not each.unknown("csi", "driver") and each.driver in driver.drivers:
                yield (each.at("csi", "driver"), str(template.owner)), template.owner
    if driver is csi_drivers.EBS:
        for claim in estate.of(PersistentVolumeClaim):
            if _wants_built_in_class(claim, claim):
                yield (claim.at("spec", "storageClassName"), str(claim)), claim
        for stateful_set in estate.of(StatefulSet):
            for claim_template in (
                () if stateful_set.unknown("spec", "volumeClaimTemplates") else _templates(stateful_set)
            ):
                if _wants_built_in_class(claim_template, stateful_set):
                    yield (claim_template.at("spec", "storageClassName"), str(stateful_set)), stateful_set


def _templates(stateful_set: StatefulSet) -> list[Claim]:
    return list(stateful_set.claim_templates)


def _wants_built_in_class(claim: Claim, owner: KubernetesObject) -> bool:
    """Whether a claim names the class that EKS brings along, and that no file replaces."""
    if claim.unknown("spec", "storageClassName") or claim.volume_name is not None:
        return False
    name = csi_drivers.BUILT_IN_CLASS
    return claim.storage_class_name == name and not owner.estate.joins.named(owner, StorageClass, name)

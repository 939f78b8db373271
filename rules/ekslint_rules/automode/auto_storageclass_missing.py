from collections.abc import Iterator

from ekslint import Claim, Cluster, Finding, PersistentVolumeClaim, Severity, StatefulSet, StorageClass, rule
from ekslint_rules.automode._auto import AUTO_MODE_EBS, is_auto_only


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "storage"), dialects=("kubernetes",))
def auto_storageclass_missing(cluster: Cluster) -> Iterator[Finding]:
    """Claims rely on a default storage class, which a cluster with Auto Mode does not have by itself.

    ## Why is this bad?
    Auto Mode brings a driver for EBS volumes, but no storage class. A claim without a class stays pending until
    somebody makes one that is the default.

    ## When it stays silent
    A default storage class in the files. Claims with a class of their own, or bound to a volume. Clusters that also
    have nodes of another kind. Where the files have no storage class at all it counts one step less: one may come
    from elsewhere.

    ## References
    - Amazon EKS user guide, create a storage class (EKS Auto Mode)
    """
    if not is_auto_only(cluster):
        return
    classes = [each for each in cluster.estate.of(StorageClass) if any(one is cluster for one in each.clusters)]
    if any(each.is_default for each in classes):
        return
    claims = [claim for claim in _claims(cluster) if _relies_on_default(claim)]
    if not claims:
        return
    first, *others = claims
    own = [each for each in classes if each.provisioner == AUTO_MODE_EBS]
    yield Finding(
        first.at("spec", "resources", "requests", "storage"),
        f"{first} names no storage class, and {cluster} has no default one: Auto Mode brings none, so it stays pending",
        label="no storageClassName",
        help=f"name the class {own[0].name}, or make it the default"
        if own
        else f"add a default StorageClass with the provisioner {AUTO_MODE_EBS}",
        related=[(claim.at("spec"), f"{claim} too") for claim in others],
        lower=int(not classes),
    )


def _claims(cluster: Cluster) -> Iterator[Claim]:
    for claim in cluster.estate.of(PersistentVolumeClaim):
        if len(claim.clusters) == 1 and claim.clusters[0] is cluster:
            yield claim
    for stateful_set in cluster.estate.of(StatefulSet):
        if len(stateful_set.clusters) == 1 and stateful_set.clusters[0] is cluster:
            yield from stateful_set.claim_templates


def _relies_on_default(claim: Claim) -> bool:
    if claim.unknown("spec") or claim.unknown("metadata", "annotations"):
        return False
    return claim.storage_class_name is None and claim.volume_name is None and not claim.has_selector

from collections.abc import Iterator

from ekslint import Finding, Severity, StorageClass, rule
from ekslint_rules.automode._auto import AUTO_MODE_EBS, lacks_driver_of_other_nodes

_OTHERS = frozenset({"ebs.csi.aws.com", "kubernetes.io/aws-ebs"})


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "storage"))
def auto_storageclass_wrong_provisioner(storage_class: StorageClass) -> Iterator[Finding]:
    """A storage class of a cluster with nothing but Auto Mode names the EBS driver of other clusters.

    ## Why is this bad?
    The block storage of Auto Mode is `ebs.csi.eks.amazonaws.com`. Nobody makes volumes for `ebs.csi.aws.com` or the
    in-tree driver there: claims stay pending, and so do their pods.

    ## When it stays silent
    The EBS CSI driver among the add-ons or the manifests. Clusters that also have nodes of another kind.

    ## References
    - Amazon EKS user guide, create a storage class (EKS Auto Mode)
    """
    cluster, provisioner = storage_class.cluster, storage_class.provisioner
    if provisioner not in _OTHERS or cluster is None or not lacks_driver_of_other_nodes(cluster):
        return
    yield Finding(
        storage_class.at("provisioner"),
        f"{storage_class} asks {provisioner} for volumes, which {cluster} does not have: its claims stay pending",
        label=f"write {AUTO_MODE_EBS}",
        related=[(cluster.at("auto_mode"), "Auto Mode is on, and no other nodes")],
        lower=cluster.may_be_partial,
    )

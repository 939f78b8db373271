from collections.abc import Iterator

from ekslint import Finding, Severity, StorageClass, csi_drivers, rule
from ekslint_rules.automode._auto import lacks_driver_of_other_nodes

_TYPE = "type"


@rule(Severity.WARNING, since="0.1.0", tags=("storage",))
def storageclass_intree(storage_class: StorageClass) -> Iterator[Finding]:
    """A storage class uses the provisioner kubernetes.io/aws-ebs, which Kubernetes no longer has.

    ## Why is this bad?
    Its requests are handed to the CSI driver, but in the old words: gp3, io2, IOPS and throughput of one's own, and
    snapshots are out of reach.

    ## When it stays silent
    The class gp2 as EKS makes it on every cluster. Where all nodes are Auto Mode's nobody serves it at all, as
    `auto-storageclass-wrong-provisioner` says.

    ## References
    - Amazon EKS user guide, Amazon EBS CSI migration frequently asked questions
    """
    if storage_class.provisioner != csi_drivers.IN_TREE_EBS or storage_class.name == csi_drivers.BUILT_IN_CLASS:
        return
    # Of one cluster of several the other rule says nothing: then this is still true.
    if storage_class.clusters and all(map(lacks_driver_of_other_nodes, storage_class.clusters)):
        return
    parameters = {} if storage_class.unknown("parameters") else storage_class.parameters
    place = storage_class.at("provisioner")
    beyond = next(
        (
            key
            for key, values in csi_drivers.IN_TREE_UNSUPPORTED.items()
            if key in parameters and (not values or parameters[key] in values)
        ),
        None,
    )
    if beyond is not None:
        shown = f"{beyond} {parameters[beyond]}"
        yield Finding(
            place,
            f"{storage_class} asks for {shown}, which the provisioner {csi_drivers.IN_TREE_EBS} does not know",
            label="the CSI driver knows it",
            help="set provisioner: ebs.csi.aws.com",
            related=[(storage_class.at("parameters", beyond), "unknown to it")],
        )
        return
    yield Finding(
        place,
        f"{storage_class} uses the provisioner {csi_drivers.IN_TREE_EBS}, which Kubernetes no longer has: "
        "the CSI driver serves it, in the old words",
        label="gone since Kubernetes 1.27",
        help="set provisioner: ebs.csi.aws.com",
    )

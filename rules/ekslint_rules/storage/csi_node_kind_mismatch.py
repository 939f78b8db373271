from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import is_addition
from ekslint_rules.storage._claims import claims_of

_AUTO = "ebs.csi.eks.amazonaws.com"
_DRIVER = "ebs.csi.aws.com"
_AUTO_KINDS = frozenset({"auto", "auto-builtin"})


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("storage", "automode"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def csi_node_kind_mismatch(placement: Placement) -> Iterator[Finding]:
    """The volume of a workload needs the EBS driver of other nodes than those it can run on.

    ## Why is this bad?
    There are two EBS drivers: `ebs.csi.eks.amazonaws.com` is part of Auto Mode and mounts on its nodes only,
    `ebs.csi.aws.com` is the add-on and mounts on all others. On the wrong nodes the volume never attaches, and the
    pod hangs in ContainerCreating.

    ## When it stays silent
    Workloads that can run on nodes of both kinds, and claims whose class is not in the files. Clusters of Auto Mode
    alone are `auto-storageclass-wrong-provisioner`.

    ## References
    - Amazon EKS user guide, EKS Auto Mode: create a storage class; migrate EBS volumes
    """
    kinds = {pool.kind for pool in placement.possible}
    if not kinds or "fargate" in kinds:
        return
    on_auto, elsewhere = kinds <= _AUTO_KINDS, not kinds & _AUTO_KINDS
    if on_auto and all(pool.kind in _AUTO_KINDS for pool in placement.cluster.pools):
        return
    for claimed in claims_of(placement.workload):
        if (claimed.provisioner == _AUTO and elsewhere) or (claimed.provisioner == _DRIVER and on_auto):
            nodes = "nodes of Auto Mode" if on_auto else "nodes outside of Auto Mode"
            other = _DRIVER if claimed.provisioner == _AUTO else _AUTO
            yield Finding(
                claimed.place,
                f"{placement.workload} can run on {nodes} only, where {claimed.provisioner}, the driver of its volume, "
                "does not mount",
                label=f"needs {claimed.provisioner}",
                help=f"use a storage class of {other}, or nodes of the other kind",
                related=[] if claimed.source is None else [(claimed.source, "the driver")],
                lower=2 if is_addition(placement.cluster) else 0,
            )

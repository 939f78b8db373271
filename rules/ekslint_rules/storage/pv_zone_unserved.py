from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.VOLUME_ZONE,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("storage", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def pv_zone_unserved(placement: Placement) -> Iterator[Finding]:
    """The volume of a workload is in a zone, or is made in one, in which no node pool has nodes.

    ## Why is this bad?
    An EBS volume exists in one zone, and only nodes there can mount it. Without any the pod stays Pending, with "volume
    node affinity conflict".

    ## When it stays silent
    Claims, volumes and classes that are not in the files; pools whose zones are known only at deploy time.

    ## References
    - Kubernetes documentation, storage classes: allowed topologies; persistent volumes: node affinity
    - Amazon EKS user guide, Amazon EBS CSI driver
    """
    for rejection in rejected(placement, CAUSES):
        yield rejection.finding(
            f"the volume of {placement.workload} can only be where no node pool of {placement.cluster} has nodes: "
            f"{rejection.nearest.reason}",
            label="no node can mount it",
            help="add a pool in the zone of the volume, or make the volume elsewhere",
        )

from collections.abc import Iterator

from ekslint import Finding, Placement, Separation, Severity, rule
from ekslint_rules.scheduling._separation import finding, too_few_domains


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling", "reliability"))
def replicas_antiaffinity_exceed_zones(placement: Placement) -> Iterator[Finding]:
    """Replicas that must not share a zone are more than there are zones.

    ## Why is this bad?
    A zone takes one replica, and nobody can add a zone on demand: the last replicas stay Pending, whatever the
    autoscaler does. With `maxUnavailable: 0` a rollout needs one zone more than there are replicas.

    ## When it stays silent
    Preferred anti-affinity, and terms about other pods; pools whose zones are not known. Workloads that an autoscaler
    scales count with their minimum. A warning only where pools may exist that no file shows.

    ## References
    - Kubernetes documentation, assigning Pods to Nodes: inter-pod affinity and anti-affinity
    """
    for found, what, label in too_few_domains(placement, Separation.ANTI_AFFINITY, zonal=True):
        message = f"no two pods of {placement.workload} may share a zone: {what}"
        yield finding(placement, found, message, label, "spread them with topologySpreadConstraints instead")

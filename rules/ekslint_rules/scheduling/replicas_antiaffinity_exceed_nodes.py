from collections.abc import Iterator

from ekslint import Finding, Placement, Separation, Severity, rule
from ekslint_rules.scheduling._separation import finding, too_few_domains


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling", "reliability"))
def replicas_antiaffinity_exceed_nodes(placement: Placement) -> Iterator[Finding]:
    """Replicas that must not share a node are more than there can ever be nodes.

    ## Why is this bad?
    The last replicas stay Pending. And where all replicas have to stay until a new one runs (`maxUnavailable: 0`), one
    replica a node leaves no node for the new one: the rollout hangs.

    ## When it stays silent
    Preferred anti-affinity, and terms about other pods; pools without a maximum, or with an unknown one. Workloads that
    an autoscaler scales count with their minimum. A rollout counts where a single replica more is too much. A warning
    only where pools may exist that no file shows.

    ## References
    - Kubernetes documentation, assigning Pods to Nodes: inter-pod affinity and anti-affinity
    """
    for found, what, label in too_few_domains(placement, Separation.ANTI_AFFINITY, zonal=False):
        message = f"no two pods of {placement.workload} may share a node: {what}"
        yield finding(placement, found, message, label, "raise the maximum of the nodes, or only prefer to keep apart")

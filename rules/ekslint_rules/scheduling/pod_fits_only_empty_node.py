from collections.abc import Iterator

from ekslint import Cause, DaemonSet, Finding, Placement, Severity, Verdict, placements_on, rule

CAUSES = (Cause.NO_ROOM_BESIDE_DAEMONSETS,)


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling",))
def pod_fits_only_empty_node(placement: Placement) -> Iterator[Finding]:
    """A pod fits a node only while no DaemonSet runs there.

    ## Why is this bad?
    DaemonSets start first on every new node. What is left is too little: the pod stays Pending, and an autoscaler that
    does not reckon with all of them adds one node after the other for nothing.

    ## When it stays silent
    Some pool has room beside the DaemonSets that certainly run there: those of the files, and aws-node and kube-proxy
    where EKS installs them; sizes or requests that are not known. Pods that no node could take, even an empty one, are
    `pod-too-large-for-pool`.

    ## References
    - Kubernetes documentation, DaemonSet: how daemon pods are scheduled
    - Karpenter documentation, scheduling: resource requests
    """
    if placement.verdict is not Verdict.FITS:
        return
    crowded = placement.crowded_out
    if not crowded:
        return
    nearest = crowded[0]
    pools = [each.pool for each in crowded]
    daemonsets = [
        other.workload
        for other in placements_on(placement.cluster, only_certain=True)
        if isinstance(other.workload, DaemonSet) and any(pool is pools[0] for pool in other.fitting)
    ]
    yield Finding(
        nearest.at_workload or placement.workload.at("metadata", "name"),
        f"{placement.workload} fits {nearest.pool} only while a node is empty: {nearest.reason}",
        label="no room beside the DaemonSets",
        help="lower the request, or use a larger instance type",
        related=[
            *((each.at_pool, f"{each.pool}: {each.reason}") for each in crowded if each.at_pool is not None),
            *((each.at("metadata", "name"), f"{each} runs on every node") for each in daemonsets),
        ],
        lower=placement.doubt_steps,
    )

from collections.abc import Iterator

from ekslint import Finding, KarpenterPool, Placement, Severity, nearest, rule
from ekslint_rules.scheduling._taints import all_taints, is_common

_ACCELERATORS = frozenset({"amd.com/gpu", "aws.amazon.com/neuron", "nvidia.com/gpu", "vpc.amazonaws.com/efa"})


@rule(
    Severity.INFO,
    since="0.1.0",
    tags=("scheduling",),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def toleration_for_unknown_taint(placement: Placement) -> Iterator[Finding]:
    """A workload tolerates a taint that no node pool has.

    ## Why is this bad?
    It does nothing: the pool that it was meant for is gone, untainted, or called otherwise.

    ## When it stays silent
    DaemonSets; taints that Kubernetes, EKS, Karpenter and common agents set themselves; tolerations of everything;
    taints of GPUs where Karpenter or Auto Mode may make such nodes; clusters that no file declares, or whose files
    may not be all of it.

    ## References
    - Kubernetes documentation, taints and tolerations
    """
    cluster = placement.cluster
    if placement.workload.kind == "DaemonSet" or cluster.is_implicit or cluster.may_be_partial:
        return
    tolerations = list(placement.workload.pod.tolerations)
    if not tolerations or not cluster.pools or cluster.has_unseen_pools or placement.fargate_profile is not None:
        return
    provisioned = any(isinstance(pool, KarpenterPool) for pool in cluster.pools)
    known = {taint.key for pool in cluster.pools for taint in all_taints(pool)}
    for index, toleration in enumerate(tolerations):
        key = toleration.key
        if not key or key in known or is_common(key) or (provisioned and key in _ACCELERATORS):
            continue
        meant = nearest(key, known)
        yield Finding(
            placement.workload.pod.at("tolerations", index, "key"),
            f"{placement.workload} tolerates the taint {key}, which no node pool of {cluster} has",
            label="no pool has this taint",
            help=f"did you mean {meant}?" if meant is not None else None,
            discriminator=str(toleration),
        )

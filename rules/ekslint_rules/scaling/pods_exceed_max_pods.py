from collections.abc import Iterator

from ekslint import Capacity, Finding, Severity, rule
from ekslint_rules.scaling._capacity import PODS, bound_of, crowds_text, pools_text, related_crowds


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("autoscaling", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def pods_exceed_max_pods(capacity: Capacity) -> Iterator[Finding]:
    """There are more pods than their nodes have addresses for, with every pool at its largest.

    ## Why is this bad?
    The VPC CNI gives a node as many pods as its network interfaces have addresses: 29 on m5.large, 17 on t3.medium,
    however small the pods. The rest stays Pending with "Too many pods".

    ## When it stays silent
    Pools without bounds, with unknown sizes or instance types; prefix delegation and `maxPods`, as far as they make
    room; workloads that may also run elsewhere. DaemonSets of the files, and aws-node and kube-proxy where EKS installs
    them, take their share of every node; workloads that a HorizontalPodAutoscaler scales count with their minimum.
    Advice only where pools may exist that no file shows.

    ## References
    - Amazon EKS user guide, choose an optimal Amazon EC2 node instance type: maxPods
    """
    for shortfall in capacity.shortfalls():
        if shortfall.resource != PODS:
            continue
        yield Finding(
            bound_of(shortfall.pools[0]),
            f"{crowds_text(shortfall.crowds, 'run')} {shortfall.requested} pods on {pools_text(shortfall.pools)}, "
            f"whose nodes take at most {shortfall.offered}",
            label=f"room for {shortfall.offered} pods",
            help="raise the maximum, use prefix delegation, or larger instance types",
            related=[
                *((bound_of(pool), f"{pool} ends here too") for pool in shortfall.pools[1:]),
                *related_crowds(shortfall.crowds, PODS, at_most=False),
            ],
            lower=capacity.cluster.may_be_partial,
        )

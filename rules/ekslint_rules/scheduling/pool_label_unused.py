from collections.abc import Iterator

from ekslint import Cluster, Finding, Place, Pool, Severity, rule
from ekslint_rules._pod_makers import may_make_pods_on
from ekslint_rules.scheduling._selected_labels import custom_labels, keys_used

_ENOUGH_WORKLOADS = 5


@rule(Severity.INFO, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def pool_label_unused(cluster: Cluster) -> Iterator[Finding]:
    """No workload goes by a label that a node pool declares.

    ## Why is this bad?
    Nobody selects the nodes that the label is to tell apart: it is left over, misspelt on one side, or the workloads
    run anywhere.

    ## When it stays silent
    With fewer than five workloads in sight, or with Helm releases and custom resources that may make others. Labels of
    Kubernetes, AWS, Karpenter and of known agents; selectors that are known only at deploy time.

    ## References
    - Kubernetes documentation, assigning Pods to Nodes
    """
    workloads = cluster.workloads
    if len(workloads) < _ENOUGH_WORKLOADS or may_make_pods_on(cluster):
        return
    places: dict[str, list[tuple[Pool, Place]]] = {}
    for pool in cluster.pools:
        for key in custom_labels(pool):
            place = pool.at("labels", key, key=True)
            if place.is_written:
                places.setdefault(key, []).append((pool, place))
    if not places:
        return
    used = {key for workload in workloads for key in keys_used(workload.pod)}
    for key, found in places.items():
        if key in used:
            continue
        (pool, place), *others = found
        yield Finding(
            place,
            f"none of the {len(workloads)} workloads of {cluster} goes by the label {key} of {pool}",
            label="nobody selects this",
            related=[(other, f"{each} has it too") for each, other in others],
            discriminator=key,
        )

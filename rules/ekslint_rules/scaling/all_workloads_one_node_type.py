from collections.abc import Iterator, Sequence

from ekslint import Cluster, Finding, KarpenterPool, NodeGroup, Place, Pool, Severity, placements_on, rule
from ekslint_rules._machine_types import types_left

_LEAST_WORKLOADS = 2
_TYPE_KEY = "node.kubernetes.io/instance-type"


@rule(Severity.WARNING, since="0.1.0", tags=("cost", "reliability"), dialects=("eksctl", "cloudformation", "karpenter"))
def all_workloads_one_node_type(cluster: Cluster) -> Iterator[Finding]:
    """All workloads of a cluster run on one instance type.

    ## Why is this bad?
    When AWS has no more of that type in a zone, nothing can start. And what suits one workload wastes CPU or memory
    for the next.

    ## When it stays silent
    Karpenter and Auto Mode choose among types, unless a NodePool leaves one; Fargate has none. Without at least two
    workloads that go to this cluster alone there is nothing to tell apart. Advice only where the files may add to an
    existing cluster, and outside production.

    ## References
    - EKS best practices guide, cost optimization, compute and autoscaling
    """
    # What may go to another cluster as well says nothing of this one's nodes.
    workloads = placements_on(cluster, only_certain=True)
    if len(workloads) < _LEAST_WORKLOADS or cluster.has_unseen_pools:
        return
    types: set[str] = set()
    places: list[tuple[Place, str]] = []
    for pool in cluster.pools:
        named = _types_of(pool)
        if named is None:
            return
        place, names = named
        types.update(names)
        places.append((place, f"{pool} has no other type"))
    if len(types) != 1:
        return
    yield Finding(
        places[0][0],
        f"{cluster} has nothing but {types.pop()} for its {len(workloads)} workloads",
        label="the only instance type",
        help="add a pool of another type, or further types to this one",
        related=places[1:],
        lower=cluster.tolerance + cluster.may_be_partial,
    )


def _types_of(pool: Pool) -> tuple[Place, Sequence[str]] | None:
    """The types that a pool names, and where; None for a pool that takes what is there."""
    if isinstance(pool, NodeGroup) and pool.instance_requirements is None:
        return pool.at("instance_types"), pool.instance_types
    if isinstance(pool, KarpenterPool):
        for index, requirement in enumerate(pool.requirements):
            if requirement.key == _TYPE_KEY and requirement.operator == "In":
                return pool.at("requirements", index, "key"), requirement.values
        left = types_left(pool)
        if left is not None and len(left[1]) == 1:
            return pool.at("requirements", left[0], "key"), left[1]
    return None

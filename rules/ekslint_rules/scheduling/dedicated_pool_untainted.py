from collections.abc import Iterator

from ekslint import (
    Cluster,
    FargateProfile,
    Finding,
    Placement,
    Pool,
    Severity,
    known,
    label_syntax,
    placements_on,
    rule,
)
from ekslint_rules.scheduling._selected_labels import custom_labels, leads_to, required
from ekslint_rules.scheduling._taints import hard_taints

_LEAST_POOLS = 2


@rule(Severity.INFO, since="0.1.0", tags=("scheduling", "cost"), dialects=("eksctl", "cloudformation", "karpenter"))
def dedicated_pool_untainted(cluster: Cluster) -> Iterator[Finding]:
    """Workloads select a node pool by its label, but nothing keeps other workloads off it.

    ## Why is this bad?
    A node selector brings pods to a pool; it keeps nobody away. Other pods fill the nodes, and those that can run
    nowhere else wait.

    ## When it stays silent
    Pools with a taint, labels that no workload selects, and clusters in which every workload selects its pool or only
    one pool exists. Workloads that fit no other pool: a taint would leave them without nodes.

    ## References
    - Kubernetes documentation, taints and tolerations: dedicated nodes
    - Amazon EKS user guide, node taints on managed node groups
    """
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile)]
    if len(pools) < _LEAST_POOLS:
        return
    open_pools = {id(pool): pool for pool in known(pools, _is_open)}
    keys = {key: frozenset(custom_labels(pool)) for key, pool in open_pools.items()}
    named = frozenset[str]().union(*keys.values())
    residents: dict[int, list[tuple[Placement, str]]] = {}
    carefree: list[Placement] = []
    for placement in known(placements_on(cluster, only_certain=True), _is_readable) if named else ():
        wanted = list(required(placement.workload.pod))
        if not wanted:
            carefree.append(placement)
        if named.isdisjoint(each.key for each in wanted):
            continue
        for identity, pool in open_pools.items():
            label = next((each.key for each in wanted if each.key in keys[identity] and leads_to(each, pool)), None)
            if label is not None:
                residents.setdefault(identity, []).append((placement, label))
    guests: dict[int, list[Placement]] = {}
    # Placing is dear, and only pools with residents are worth it.
    for placement in carefree if residents else ():
        fitting = placement.fitting
        for pool in fitting if len(fitting) > 1 else ():
            guests.setdefault(id(pool), []).append(placement)
    for identity, pool in open_pools.items():
        if identity in residents and identity in guests:
            yield _finding(cluster, pool, residents[identity], guests[identity])


def _is_readable(placement: Placement) -> bool:
    """Whether a workload chooses its nodes, and what it requires of them is known."""
    if placement.workload.kind == "DaemonSet":
        return False
    list(required(placement.workload.pod))  # Undecided where it is not
    return True


def _is_open(pool: Pool) -> bool:
    """Whether a pool has labels that people chose, and nothing that keeps pods away."""
    return bool(custom_labels(pool)) and not hard_taints(pool) and not _has_invalid_taint(pool)


def _has_invalid_taint(pool: Pool) -> bool:
    """Whether a taint was meant, which the rule taint-effect-invalid speaks of."""
    return any(taint.effect not in label_syntax.TAINT_EFFECTS for taint in pool.taints)


def _finding(cluster: Cluster, pool: Pool, residents: list[tuple[Placement, str]], guests: list[Placement]) -> Finding:
    (resident, key), guest = residents[0], guests[0]
    return Finding(
        pool.at("labels", key, key=True),
        f"{resident.workload} selects {pool} by {key}, but {guest.workload} may run there too: it has no taint",
        label="a label keeps nobody away",
        help="add a taint to the pool, and tolerations to what belongs there",
        related=[
            *((each.workload.at("name"), f"{each.workload} selects it") for each, _ in residents),
            *((each.workload.at("name"), f"{each.workload} fits as well") for each in guests),
        ],
        lower=cluster.tolerance,
        discriminator=key,
    )

from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, Placement, Pool, Severity, placements_on, rule
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
    one pool exists.

    ## References
    - Kubernetes documentation, taints and tolerations: dedicated nodes
    - Amazon EKS user guide, node taints on managed node groups
    """
    pools = [pool for pool in cluster.pools if not isinstance(pool, FargateProfile)]
    if len(pools) < _LEAST_POOLS:
        return
    placements = [each for each in placements_on(cluster) if each.workload.kind != "DaemonSet"]
    for pool in pools:
        if hard_taints(pool):
            continue
        key, guests, residents = _visitors(pool, placements)
        if key is None or not guests:
            continue
        resident, guest = residents[0], guests[0]
        yield Finding(
            pool.at("labels", key, key=True),
            f"{resident.workload} selects {pool} by {key}, but {guest.workload} may run there too: it has no taint",
            label="a label keeps nobody away",
            help="add a taint to the pool, and tolerations to what belongs there",
            related=[
                *((each.workload.at("name"), f"{each.workload} selects it") for each in residents),
                *((each.workload.at("name"), f"{each.workload} fits as well") for each in guests),
            ],
            lower=cluster.tolerance,
            discriminator=key,
        )


def _visitors(pool: Pool, placements: list[Placement]) -> tuple[str | None, list[Placement], list[Placement]]:
    """The label that is selected, the placements that fit without selecting anything, and those that select it."""
    labels = custom_labels(pool)
    residents: list[Placement] = []
    guests: list[Placement] = []
    selected: str | None = None
    for placement in placements:
        wanted = list(required(placement.workload.pod))
        key = next((each.key for each in wanted if each.key in labels and leads_to(each, pool)), None)
        if key is not None:
            residents.append(placement)
            selected = selected or key
        elif not wanted and any(pool is each for each in placement.fitting):
            guests.append(placement)
    return selected, guests, residents

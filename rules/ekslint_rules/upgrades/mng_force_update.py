from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "reliability"), dialects=("cloudformation",))
def mng_force_update(group: NodeGroup) -> Iterator[Finding]:
    """Updates of a node group go on where a pod disruption budget says no.

    ## Why is this bad?
    With `ForceUpdateEnabled: true` EKS terminates nodes even if their pods may not be evicted: budgets protect nothing
    in the very moment that they are for.

    ## When it stays silent
    Groups that leave it at false, the default. One step lower outside production.

    ## References
    - Amazon EKS user guide, update a managed node group for your cluster
    """
    if group.kind == "managed" and group.forces_update:
        yield Finding(
            group.at("forces_update"),
            f"updates of {group} are forced: nodes are terminated even where pod disruption budgets say no",
            label="budgets do not count",
            help="remove it, and mend the budgets that block updates",
            lower=group.cluster.tolerance if group.cluster is not None else 0,
        )

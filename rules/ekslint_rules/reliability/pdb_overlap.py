from collections.abc import Iterator

from ekslint import Finding, PodDisruptionBudget, Severity, Workload, rule


@rule(Severity.ERROR, since="0.1.0", tags=("reliability", "upgrades"))
def pdb_overlap(budget: PodDisruptionBudget) -> Iterator[Finding]:
    """Two PodDisruptionBudgets select the same pods.

    ## Why is this bad?
    The eviction API answers with an error where more than one budget covers a pod: the pod cannot be evicted at all,
    and every drain of its node fails.

    ## When it stays silent
    Budgets of other namespaces, and budgets of one name that stand in several overlays. Budgets that name no namespace
    and stand in folders beside each other: they may go to different ones.

    ## References
    - Kubernetes documentation, API-initiated eviction: 500 Internal Server Error
    """
    found: dict[str, tuple[PodDisruptionBudget, list[Workload]]] = {}
    for workload in budget.workloads:
        for other in workload.disruption_budgets:
            # Of one name in one namespace there is one budget: the other file is another copy of it.
            if other.known_name == budget.known_name or not _position(other) < _position(budget):
                continue
            if _go_together(budget, other):
                found.setdefault(other.resource, (other, []))[1].append(workload)
    for other, workloads in found.values():
        place = budget.at("spec", "selector")
        yield Finding(
            place if place.is_written else budget.at("metadata", "name"),
            f"{budget} and {other} both select the pods of {workloads[0]}: the eviction API refuses to evict them",
            label="selected twice",
            help="leave one budget for each pod",
            related=[
                (other.at("spec", "selector"), f"{other} selects them too"),
                *((each.pod.at("labels"), f"pods of {each}") for each in workloads),
            ],
            discriminator=other.resource,
        )


def _position(budget: PodDisruptionBudget) -> tuple[str, int, str]:
    document = budget.origin.document
    # Of two in one list the order does not matter, as long as it is one.
    return (document.source.path, document.start, budget.resource)


def _go_together(one: PodDisruptionBudget, other: PodDisruptionBudget) -> bool:
    """Whether two budgets are for one namespace: those that name none may be for several."""
    if one.text("metadata", "namespace") is not None or other.text("metadata", "namespace") is not None:
        return True
    folder, other_folder = (
        path[: path.rfind("/") + 1] for path in (each.sheet.document.source.path for each in (one, other))
    )
    return folder.startswith(other_folder) or other_folder.startswith(folder)

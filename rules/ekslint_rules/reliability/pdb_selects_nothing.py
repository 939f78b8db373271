from collections.abc import Iterator
from itertools import islice

from ekslint import Finding, PodDisruptionBudget, Severity, Workload, known, rule, some
from ekslint_rules._pod_makers import may_make_pods_beside
from ekslint_rules._selecting import missed_label
from ekslint_rules._wording import namespace_of

_MOST_COMPARED = 200
"""Workloads whose labels are looked at for what was meant."""


@rule(Severity.WARNING, since="0.1.0", tags=("reliability", "upgrades"))
def pdb_selects_nothing(budget: PodDisruptionBudget) -> Iterator[Finding]:
    """A PodDisruptionBudget selects no pods.

    ## Why is this bad?
    The workload that it was written for has no protection: an upgrade of the nodes may evict all of its replicas at
    once. Nothing tells, as a budget without pods is valid.

    ## When it stays silent
    Namespaces without a workload in the files, `kube-system`, and namespaces in which a Helm release, an application of
    Argo CD or the object of an operator may make pods that no file shows. Labels that a template fills in.

    ## References
    - Kubernetes documentation, specifying a disruption budget for your application
    """
    if budget.selector.is_absent:
        yield Finding(
            budget.at("spec", "selector"),
            f"{budget} has no selector, and so it covers no pod at all",
            label="no selector",
            help="select the labels of the pods that it is for",
        )
        return
    if some(budget.workloads, lambda workload: True):
        return
    neighbours = list(islice(known(budget.estate.joins.neighbours(budget, Workload)), _MOST_COMPARED))
    if not neighbours or may_make_pods_beside(budget):
        return
    missed = missed_label(budget.selector, neighbours)
    place, meant = missed if missed is not None else (budget.at("spec", "selector"), None)
    yield Finding(
        place,
        f"{budget} selects no pods: no workload of {namespace_of(budget)} has such labels",
        label=f"did you mean {meant}?" if meant is not None else "no pod has this",
        help=f"did you mean {meant}?"
        if meant is not None
        else "select labels of the pod template, or delete the budget",
    )

from collections.abc import Iterator

from ekslint import Cause, Finding, NodeClassObject, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected, requirement_at

CAUSES = (Cause.UNUSED_NODE_CLASS,)


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("karpenter", "kubernetes"))
def nodeclass_without_nodepool(placement: Placement) -> Iterator[Finding]:
    """A workload asks for nodes of a node class that no NodePool uses.

    ## Why is this bad?
    A node class alone makes no nodes: it only says how those of a NodePool are launched. The pods stay Pending.

    ## When it stays silent
    See `workload-matches-no-node-pool`.

    ## References
    - Amazon EKS user guide, create a node class; create a node pool for EKS Auto Mode
    - Karpenter documentation, NodeClasses
    """
    for rejection in rejected(placement, CAUSES):
        requirement = requirement_at(rejection.place)
        names = requirement.values if requirement is not None else ()
        related = [
            (each.at("name"), "this node class makes no nodes by itself")
            for each in placement.workload.beside(NodeClassObject)
            if each.known_name in names
        ]
        yield rejection.finding(
            f"{placement.workload} asks for nodes of node class {' or '.join(names)}, which no node pool of "
            f"{placement.cluster} uses",
            help="add a NodePool whose nodeClassRef names it, or select a NodePool by karpenter.sh/nodepool",
            related=related,
        )

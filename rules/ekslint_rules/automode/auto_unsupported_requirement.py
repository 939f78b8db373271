from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule
from ekslint_rules.automode._machines import unsupported_values

_WINDOWS_BUILD = "node.kubernetes.io/windows-build"


@rule(Severity.ERROR, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_unsupported_requirement(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool of Auto Mode asks for machines that Auto Mode never launches.

    ## Why is this bad?
    Auto Mode has Linux nodes, a list of instance families, more than one vCPU, and no nano, micro and small sizes. A
    pool that requires something else stays empty, and its pods pending.

    ## When it stays silent
    Pools of Karpenter itself. Families that came after the list of facts was made. Where other values of the same
    requirement are supported it counts one step less: the pool has nodes, only fewer kinds than it says.

    ## References
    - Amazon EKS user guide, learn about EKS Auto Mode managed instances
    - Amazon EKS user guide, create a node pool for EKS Auto Mode
    """
    if not node_pool.is_auto_mode:
        return
    for index, requirement in enumerate(node_pool.requirements):
        path = (*node_pool.requirements_path, index)
        if requirement.key == _WINDOWS_BUILD and requirement.operator in {"In", "Exists"}:
            yield Finding(
                node_pool.at(*path, "key"),
                f"{node_pool} requires {_WINDOWS_BUILD}, but Auto Mode has Linux nodes only",
                label="no Windows nodes",
            )
            continue
        unsupported = unsupported_values(requirement)
        for value, why in unsupported.items():
            yield Finding(
                node_pool.at(*path, "values", requirement.values.index(value)),
                f"{node_pool} requires {requirement.key} {value}, but {why}",
                label="never launched",
                lower=int(len(unsupported) < len(set(requirement.values))),
            )

from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule


@rule(Severity.INFO, since="0.1.0", tags=("karpenter", "instances"), dialects=("karpenter",))
def karpenter_empty_requirements(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool requires nothing of its nodes.

    ## Why is this bad?
    Every instance type will do then, from the smallest of an old generation to bare metal, of either architecture.

    ## When it stays silent
    Any requirement at all, and lists that a template fills in.

    ## References
    - Karpenter documentation, NodePools, spec.template.spec.requirements
    - EKS best practices guide, Karpenter
    """
    path = node_pool.requirements_path
    if node_pool.has(*path) and not len(node_pool.requirements):
        yield Finding(
            node_pool.at(*path),
            f"{node_pool} requires nothing: its nodes may be of any type and architecture",
            label="any type",
            help="require at least kubernetes.io/arch, and instance categories and generations",
        )

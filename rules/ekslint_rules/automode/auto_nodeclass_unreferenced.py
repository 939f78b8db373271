from collections.abc import Iterator, Set

from ekslint import Finding, NodeClass, NodePool, Severity, nearest, rule, some

_REFERENCE = ("spec", "template", "spec", "nodeClassRef")


@rule(Severity.WARNING, since="0.1.0", tags=("automode",), dialects=("karpenter",))
def auto_nodeclass_unreferenced(node_class: NodeClass) -> Iterator[Finding]:
    """No NodePool refers to a NodeClass of Auto Mode.

    ## Why is this bad?
    A NodeClass makes no nodes. As long as no NodePool names it, no node ever carries its label, and pods that select
    `eks.amazonaws.com/nodeclass` with its name stay pending.

    ## When it stays silent
    The NodeClass `default`, which the built-in pools use. Files of which a NodePool refers to a class by a name that
    only a template knows. Names that a kustomization changes. Where a NodePool asks for a class of much the same name
    that is not there, `karpenter-nodeclassref` speaks.

    ## References
    - Amazon EKS user guide, create a node class for Amazon EKS
    - Amazon EKS user guide, create a node pool for EKS Auto Mode
    """
    name = node_class.name
    if name is None or name == "default" or node_class.is_renamed:
        return
    pools = list(node_class.beside(NodePool))
    if some(pools, lambda pool: _refers_to(pool, name)):
        return
    candidates = [pool for pool in pools if pool.is_auto_mode]
    names = {each.name for each in node_class.beside(NodeClass)}
    if any(_misspells(pool, name, names) for pool in candidates):
        return
    yield Finding(
        node_class.at("metadata", "name"),
        f"no NodePool refers to {node_class}: no node will ever be made of it",
        label="not referred to",
        help=f"add a NodePool with nodeClassRef: {{group: eks.amazonaws.com, kind: NodeClass, name: {name}}}",
        related=[(pool.at(*_REFERENCE, "name"), f"{pool} uses another one") for pool in candidates],
    )


def _refers_to(pool: NodePool, name: str) -> bool:
    return pool.text(*_REFERENCE, "name") == name and pool.text(*_REFERENCE, "kind") in {None, "NodeClass"}


def _misspells(pool: NodePool, name: str, names: Set[str | None]) -> bool:
    wanted = pool.text(*_REFERENCE, "name")
    is_missing = wanted is not None and wanted != "default" and wanted not in names
    return is_missing and nearest(wanted or "", [name]) == name

from collections.abc import Iterator, Sequence

from ekslint import EC2NodeClass, Finding, NodeClass, NodePool, Severity, nearest, rule
from ekslint_rules._wording import enumerated

_REFERENCE = ("spec", "template", "spec", "nodeClassRef")
_KARPENTER, _AUTO_MODE = "karpenter.k8s.aws", "eks.amazonaws.com"
_FIELDS = ("group", "kind", "name")


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_nodeclassref(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool does not name its node class by group, kind and name, or names one that is not there.

    ## Why is this bad?
    The API server refuses a NodePool whose `nodeClassRef` lacks one of the three. `apiVersion`, which `v1beta1` had, is
    not known any more. With a wrong kind or name the pool is never ready, and makes no nodes.

    ## When it stays silent
    `v1beta1`, whose fields were others. Node classes of other groups. A name that is not in the files, as long as they
    have no node class of that kind at all, or some whose name only a template knows, and one that stands in a template;
    advice only where no name is spelled alike and no file declares the cluster. The NodeClass `default`, which Auto
    Mode makes itself.

    ## References
    - Karpenter documentation, NodePools, spec.template.spec.nodeClassRef
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml
    """
    if node_pool.version != "v1":
        return
    reference = node_pool.mapping(*_REFERENCE)
    missing = [field for field in _FIELDS if not reference.get(field)]
    if missing:
        hint = "apiVersion" in reference and "group" in missing
        yield Finding(
            node_pool.at(*_REFERENCE, "apiVersion", key=True) if hint else node_pool.at(*_REFERENCE, key=True),
            f"the nodeClassRef of {node_pool} lacks {enumerated(missing)}: the API server refuses it",
            label="apiVersion is of v1beta1" if hint else f"no {' and no '.join(missing)}",
            help="write group, without the version, in place of apiVersion" if hint else None,
        )
        return
    group, kind = node_pool.text(*_REFERENCE, "group"), node_pool.text(*_REFERENCE, "kind")
    if group is not None and "/" in group:
        yield Finding(
            node_pool.at(*_REFERENCE, "group"),
            f"the nodeClassRef of {node_pool} has the group {group}, but a group is written without its version",
            label=f"write {group.partition('/')[0]}",
        )
    elif kind == "EC2NodeClass" and group not in {_KARPENTER, _AUTO_MODE}:
        yield Finding(
            node_pool.at(*_REFERENCE, "group"),
            f"{node_pool} refers to EC2NodeClass of {group}, but EC2NodeClass is of {_KARPENTER}",
            label=f"write {_KARPENTER}",
        )
    elif group == _KARPENTER and kind != "EC2NodeClass":
        yield Finding(
            node_pool.at(*_REFERENCE, "kind"),
            f"{node_pool} refers to the kind {kind} of {_KARPENTER}, which has EC2NodeClass only",
            label="write EC2NodeClass",
        )
    elif group == _KARPENTER:
        yield from _not_found(node_pool, list(node_pool.beside(EC2NodeClass)), "EC2NodeClass")
    elif group == _AUTO_MODE and kind == "NodeClass" and node_pool.text(*_REFERENCE, "name") != "default":
        yield from _not_found(node_pool, list(node_pool.beside(NodeClass)), "NodeClass")


def _not_found(node_pool: NodePool, classes: Sequence[EC2NodeClass | NodeClass], kind: str) -> Iterator[Finding]:
    name = node_pool.text(*_REFERENCE, "name")
    if name is None or not classes or any(each.is_renamed for each in classes):
        return
    names = [each.name for each in classes if each.name is not None]
    if name in names or name in node_pool.estate.names_in_templates:
        return
    meant = nearest(name, names)
    yield Finding(
        node_pool.at(*_REFERENCE, "name"),
        f"{node_pool} refers to {kind} {name}, which is not in the files: without it the pool makes no nodes",
        label=f"did you mean {meant}?" if meant else "not found",
        related=[(each.at("metadata", "name"), f"{each} is") for each in classes],
        severity=Severity.WARNING,
        # Whoever makes a cluster that no file declares may make its first node class as well.
        lower=int(meant is None and all(cluster.is_implicit for cluster in node_pool.clusters)),
    )

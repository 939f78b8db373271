from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, label_domains, nearest, rule

_KARPENTER = "karpenter.k8s.aws"
_AUTO_MODE = "eks.amazonaws.com"
_LABELS = ("spec", "template", "metadata", "labels")


@rule(Severity.ERROR, since="0.1.0", tags=("automode", "labels"), dialects=("karpenter",))
def auto_unsupported_label(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool of Auto Mode uses labels of the self-managed Karpenter.

    ## Why is this bad?
    Auto Mode has the same instance labels below `eks.amazonaws.com/`. Its nodes carry none of `karpenter.k8s.aws/`, so
    such a requirement is met by no instance type.

    ## When it stays silent
    Pools of Karpenter itself. Labels in workloads, which placement judges.

    ## References
    - Amazon EKS user guide, create a node pool for EKS Auto Mode
    - Amazon EKS user guide, migrate from Karpenter to EKS Auto Mode using kubectl
    """
    if not node_pool.is_auto_mode:
        return
    for index, requirement in enumerate(node_pool.requirements):
        if label_domains.domain_of(requirement.key) == _KARPENTER:
            yield Finding(
                node_pool.at(*node_pool.requirements_path, index, "key"),
                f"{node_pool} requires {requirement.key}, a label of Karpenter that no node of Auto Mode carries",
                label=_advice(requirement.key),
            )
    for key in node_pool.strings(*_LABELS):
        if label_domains.domain_of(key) == _KARPENTER:
            yield Finding(
                node_pool.at(*_LABELS, key, key=True),
                f"{node_pool} sets {key}, a label of Karpenter that Auto Mode does not let anybody set",
                label=_advice(key),
            )


def _advice(key: str) -> str:
    same = f"{_AUTO_MODE}/{key.partition('/')[2]}"
    known = label_domains.known_labels_in(_AUTO_MODE)
    meant = same if same in known else nearest(same, known)
    return f"did you mean {meant}?" if meant is not None else "not in Auto Mode"

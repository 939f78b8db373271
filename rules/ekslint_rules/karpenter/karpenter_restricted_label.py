from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, label_domains, nearest, node_labels, rule

_LABELS = ("spec", "template", "metadata", "labels")
_ALLOWED = frozenset({"karpenter.k8s.aws/ec2nodeclass"})
_KARPENTER_ON_AWS = "karpenter.k8s.aws"


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "labels"), dialects=("karpenter",))
def karpenter_restricted_label(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool requires or sets a label that Karpenter keeps for itself.

    ## Why is this bad?
    The API server refuses it: `karpenter.sh/nodepool`, `kubernetes.io/hostname`, and everything below `karpenter.sh`
    and `karpenter.k8s.aws` that is not one of the labels Karpenter knows. The check compares ends of domains, so it
    also hits domains that merely end alike (`mykarpenter.sh`).

    ## When it stays silent
    The well-known labels. Labels of Karpenter in a pool of Auto Mode, which the rule auto-unsupported-label tells.

    ## References
    - Karpenter documentation, scheduling, well-known labels
    - Karpenter for AWS, pkg/apis/crds/karpenter.sh_nodepools.yaml
    """
    is_auto = node_pool.is_auto_mode
    kind = node_labels.PoolKind.AUTO if is_auto else node_labels.PoolKind.KARPENTER
    for index, requirement in enumerate(node_pool.requirements):
        if _is_restricted(requirement.key, kind, is_auto):
            place = node_pool.at(*node_pool.requirements_path, index, "key")
            yield Finding(
                place,
                f"{node_pool} requires {requirement.key}, which Karpenter keeps for itself: the API server refuses it",
                label=_advice(requirement.key, kind),
            )
    for key in node_pool.strings(*_LABELS):
        if _is_restricted(key, kind, is_auto):
            yield Finding(
                node_pool.at(*_LABELS, key, key=True),
                f"{node_pool} sets {key}, which Karpenter keeps for itself: the API server refuses it",
                label=_advice(key, kind),
            )


def _is_restricted(key: str, kind: node_labels.PoolKind, is_auto: bool) -> bool:
    if key in _ALLOWED or (is_auto and label_domains.domain_of(key) == _KARPENTER_ON_AWS):
        return False
    return label_domains.is_restricted_for_karpenter(key, kind)


def _advice(key: str, kind: node_labels.PoolKind) -> str:
    known = label_domains.well_known_karpenter_labels(kind) - {"karpenter.sh/nodepool"}
    meant = nearest(key, known)
    return f"did you mean {meant}?" if meant is not None else "reserved: use a domain of your own"

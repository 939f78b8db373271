from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, KarpenterPool, NodeGroup, Place, Severity, UserData, rule
from ekslint_rules.scheduling._declared import declared_taints


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def duplicate_taint(subject: EksctlNodeGroup | NodeGroup | KarpenterPool | UserData) -> Iterator[Finding]:
    """Nodes have two taints of one key and one effect.

    ## Why is this bad?
    A node has each pair of key and effect once, whatever the values: Kubernetes refuses a node with two, and Karpenter
    the NodePool, startup taints included.

    ## When it stays silent
    One key with several effects, which is usual.

    ## References
    - Kubernetes, pkg/apis/core/validation/validation.go: validateNodeTaints
    - Karpenter, pkg/apis/v1/nodeclaim_validation.go: validateTaintsField
    """
    seen: dict[tuple[str, str], Place] = {}
    for declared in declared_taints(subject):
        pair = (declared.taint.key, declared.taint.effect)
        first = seen.setdefault(pair, declared.key)
        if first is not declared.key:
            yield Finding(
                declared.key,
                f"{subject} has the taint {pair[0]} twice with the effect {pair[1]}",
                label="a second time",
                help="keep one of the two, or give them different effects",
                related=[(first, "the first")],
                discriminator=pair[1],
            )

from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, KarpenterPool, NodeGroup, Severity, UserData, rule
from ekslint_rules.scheduling._declared import declared_taints


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def taint_key_literal_key(subject: EksctlNodeGroup | NodeGroup | KarpenterPool | UserData) -> Iterator[Finding]:
    """The key of a taint is the word `key`.

    ## Why is this bad?
    Documentation writes taints as `key=value:effect`, and copied with the word left in it, `key=dedicated:NoSchedule`
    taints nodes with `key`, not with `dedicated`: pods that tolerate `dedicated` stay away all the same.

    ## When it stays silent
    Any other key, `key1` included.

    ## References
    - Kubernetes documentation, taints and tolerations
    """
    for declared in declared_taints(subject):
        taint = declared.taint
        if taint.key in {"key", "Key"}:
            yield Finding(
                declared.key,
                f"the taint {taint} of {subject} is called {taint.key}, as if a placeholder had been copied",
                label=f"did you mean {taint.value}=…?" if taint.value else "the word for it, not a key",
                help=f"write {taint.value}=<value>:{taint.effect}" if taint.value else None,
            )

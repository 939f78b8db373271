from collections.abc import Iterator

from ekslint import (
    EksctlNodeGroup,
    Finding,
    KarpenterPool,
    NodeGroup,
    Severity,
    UserData,
    label_syntax,
    nearest,
    rule,
)
from ekslint_rules.scheduling._declared import DeclaredTaint, declared_taints


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("eksctl", "cloudformation", "karpenter"))
def taint_effect_invalid(subject: EksctlNodeGroup | NodeGroup | KarpenterPool | UserData) -> Iterator[Finding]:
    """The effect of a taint is not spelled as its format wants.

    ## Why is this bad?
    Kubernetes, Karpenter and eksctl say `NoSchedule`, `PreferNoSchedule` and `NoExecute`; the EKS API, and with it
    CloudFormation, says `NO_SCHEDULE`, `PREFER_NO_SCHEDULE` and `NO_EXECUTE`. Anything else is refused, or keeps the
    node from joining. In eksctl's short form a taint is `key: value:Effect`, and with a second colon has no effect.

    ## When it stays silent
    Taints that a parameter or a template fills in. Short forms in managed groups, which eksctl cannot decode, are
    `wrong-type`.

    ## References
    - Kubernetes documentation, taints and tolerations
    - Amazon EKS API reference, Taint
    - eksctl, pkg/utils/taints/taints.go
    """
    is_api = isinstance(subject, NodeGroup)
    allowed = label_syntax.TAINT_EFFECTS.values() if is_api else label_syntax.TAINT_EFFECTS
    for declared in declared_taints(subject):
        effect = declared.taint.effect
        if effect in allowed:
            continue
        meant = _meant(effect, is_api=is_api)
        yield Finding(
            declared.effect,
            _message(subject, declared),
            label=f"did you mean {meant}?" if meant else "not an effect",
            help=f"write {', '.join([*allowed][:-1])} or {[*allowed][-1]}",
            discriminator=declared.taint.key,
        )


def _message(subject: object, declared: DeclaredTaint) -> str:
    key, effect = declared.taint.key or "(empty)", declared.taint.effect
    if effect:
        return f"the taint {key} of {subject} has the effect {effect}, which does not exist in this format"
    if declared.text and ":" in declared.text:
        return f"the taint {key} of {subject} is {declared.text}, which eksctl cannot take apart: it wants value:Effect"
    return f"the taint {key} of {subject} has no effect"


def _meant(effect: str, *, is_api: bool) -> str | None:
    folded = effect.replace("_", "").replace("-", "").casefold()
    for name, api_name in label_syntax.TAINT_EFFECTS.items():
        if name.casefold() == folded:
            return api_name if is_api else name
    return nearest(effect, [*label_syntax.TAINT_EFFECTS.values()] if is_api else [*label_syntax.TAINT_EFFECTS])

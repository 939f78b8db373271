from collections.abc import Iterator

from ekslint import (
    EksctlNodeGroup,
    Finding,
    KarpenterPool,
    NodeGroup,
    Place,
    Severity,
    UserData,
    Workload,
    label_domains,
    label_syntax,
    rule,
)
from ekslint_rules.scheduling._declared import Declaring, declared_labels, declared_taints, is_managed
from ekslint_rules.scheduling._demands import node_demands


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",))
def label_or_taint_syntax(
    subject: EksctlNodeGroup | NodeGroup | KarpenterPool | UserData | Workload,
) -> Iterator[Finding]:
    """The key or the value of a node's label or taint, or of what selects and tolerates it, cannot be one.

    ## Why is this bad?
    A key is a name of at most 63 characters, with an optional DNS prefix; a value is a string of the same characters.
    The EKS API counts the prefix among the 63, and takes no empty label values. Anything else is refused by eksctl, by
    the API, or by the kubelet when it starts. In manifests an unquoted `true` or `1` is no string, and is refused too.

    ## When it stays silent
    Labels and annotations of objects themselves, which are no node's. Unquoted values in eksctl files are
    `unquoted-string`, and labels whose domain is reserved are `label-restricted-domain`, whatever their value.

    ## References
    - Kubernetes documentation, labels and selectors: syntax and character set
    - Amazon EKS API reference, UpdateLabelsPayload and Taint
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateLabels, validateTaints
    """
    if isinstance(subject, Workload):
        yield from _demanded(subject)
        yield from _tolerated(subject)
    else:
        yield from _labels(subject)
        yield from _taints(subject)


def _labels(subject: Declaring) -> Iterator[Finding]:
    of_eks = is_managed(subject)
    for label in declared_labels(subject):
        fault = label_syntax.key_fault(label.key) or (_eks_key_fault(label.key) if of_eks else None)
        if fault is not None:
            yield _finding(label.place, f"the label {_shown(label.key)} of {subject} cannot be: {fault}", label.key)
        if label.value is None:
            continue
        what = f"the value {_shown(label.value)} of the label {_shown(label.key)} of {subject}"
        if isinstance(subject, KarpenterPool) and _is_unquoted(label.value_place):
            yield _unquoted(label.value_place, what, label.value)
        elif (fault := label_syntax.value_fault(label.value)) is not None:
            yield _finding(label.value_place, f"{what} cannot be: {fault}", label.key)
        elif of_eks and not label.value and label_domains.kubelet_may_set(label.key):
            yield _finding(
                label.value_place,
                f"the label {label.key} of {subject} has no value, which the EKS API does not take",
                label.key,
                label="needs a value in managed node groups",
            )


def _taints(subject: Declaring) -> Iterator[Finding]:
    of_eks = is_managed(subject)
    for declared in declared_taints(subject):
        taint = declared.taint
        fault = label_syntax.key_fault(taint.key) or (_eks_key_fault(taint.key) if of_eks else None)
        if fault is not None:
            yield _finding(declared.key, f"the taint {_shown(taint.key)} of {subject} cannot be: {fault}", taint.key)
        what = f"the value {_shown(taint.value)} of the taint {_shown(taint.key)} of {subject}"
        fault = label_syntax.value_fault(taint.value)
        if isinstance(subject, KarpenterPool):
            if _is_unquoted(declared.value):
                yield _unquoted(declared.value, what, taint.value)
                continue
            # Its API takes a prefix here, too.
            fault = fault and label_syntax.key_fault(taint.value)
        if fault is not None:
            yield _finding(declared.value, f"{what} cannot be: {fault}", taint.key)


def _demanded(workload: Workload) -> Iterator[Finding]:
    for demand in node_demands(workload):
        fault = label_syntax.key_fault(demand.key)
        if fault is not None:
            yield _finding(
                demand.place,
                f"{workload} selects nodes by the label {_shown(demand.key)}, which cannot be: {fault}",
                demand.key,
            )
        for value, place in zip(demand.values, demand.value_places, strict=True):
            what = f"the value {_shown(value)} by which {workload} selects nodes"
            if _is_unquoted(place):
                yield _unquoted(place, what, value)
            elif demand.is_required and demand.operator in {"In", "NotIn"}:
                fault = label_syntax.value_fault(value)
                if fault is not None:
                    yield _finding(place, f"{what} cannot be: {fault}", demand.key)


def _tolerated(workload: Workload) -> Iterator[Finding]:
    pod = workload.pod
    for index, toleration in enumerate(pod.tolerations):
        place, value_place = (pod.at("tolerations", index, part) for part in ("key", "value"))
        fault = label_syntax.key_fault(toleration.key) if toleration.key else None
        if fault is not None:
            yield _finding(
                place,
                f"{workload} tolerates the taint {_shown(toleration.key)}, which cannot be: {fault}",
                toleration.key,
            )
        what = f"the value {_shown(toleration.value)} that {workload} tolerates"
        if _is_unquoted(value_place):
            yield _unquoted(value_place, what, toleration.value)
        elif toleration.operator in {"", "Equal"} and (fault := label_syntax.value_fault(toleration.value)):
            yield _finding(value_place, f"{what} cannot be: {fault}", toleration.key)


def _eks_key_fault(key: str) -> str | None:
    limit = label_syntax.MAXIMUM_EKS_KEY
    return f"the EKS API takes {limit} characters with the prefix, not {len(key)}" if len(key) > limit else None


def _is_unquoted(place: Place) -> bool:
    return isinstance(place.source.document.value(place.source.path), bool | int | float)


def _unquoted(place: Place, what: str, value: str) -> Finding:
    return Finding(
        place,
        f"{what} is no string, and the API takes nothing else",
        label="needs quotes",
        help=f'write "{value}"',
        discriminator="unquoted",
    )


def _finding(place: Place, message: str, key: str, label: str = "not allowed") -> Finding:
    return Finding(place, message, label=label, discriminator=key)


def _shown(text: str) -> str:
    return text or "(empty)"

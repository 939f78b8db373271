from collections.abc import Iterator, Sequence

from ekslint import (
    Finding,
    KarpenterPool,
    Place,
    Severity,
    Workload,
    label_syntax,
    nearest,
    node_labels,
    rule,
)
from ekslint_rules._wording import enumerated
from ekslint_rules.scheduling._demands import NodeDemand, node_demands

_OTHER_ARCHITECTURES = frozenset({"386", "arm", "loong64", "mips64le", "ppc64le", "riscv64", "s390x"})
"""What `kubernetes.io/arch` says elsewhere: the values of GOARCH that the kubelet is built for."""


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("kubernetes", "karpenter"))
def reserved_label_value_spelling(subject: Workload | KarpenterPool) -> Iterator[Finding]:
    """A selector asks for a value that a label of Kubernetes, EKS or Karpenter never has.

    ## Why is this bad?
    Architectures are `amd64` and `arm64`, not `x86_64` and `aarch64`; EKS says `SPOT` where Karpenter says `spot`. With
    a value of somebody else's no node matches, and the pods stay Pending. Among right values, or in a `NotIn`, a wrong
    one has no effect.

    ## When it stays silent
    Architectures of other machines beside one that EKS has, and DaemonSets for them: manifests for everywhere have them
    all. Words in capitals that are like none of the values (`ARCH`): scripts replace them.

    ## References
    - Kubernetes documentation, well-known labels, annotations and taints
    - Amazon EKS user guide, managed node groups: capacity types
    - Karpenter documentation, well-known labels
    """
    if isinstance(subject, KarpenterPool):
        demands = _requirements(subject)
    else:
        demands = node_demands(subject)
    for demand in demands:
        if _is_for_other_machines(subject, demand):
            continue
        if demand.key in label_syntax.CLOSED_LABELS and demand.operator in {"In", "NotIn"}:
            yield from _judge(subject, demand)


def _is_for_other_machines(subject: Workload | KarpenterPool, demand: NodeDemand) -> bool:
    """Whether it is one of several DaemonSets, an architecture each, that merely has no pods here."""
    return (
        isinstance(subject, Workload)
        and subject.kind == "DaemonSet"
        and demand.key.endswith("/arch")
        and _OTHER_ARCHITECTURES.issuperset(demand.values)
    )


def _requirements(pool: KarpenterPool) -> Iterator[NodeDemand]:
    for index, requirement in enumerate(pool.requirements):
        path = ("requirements", index)
        places = [pool.at(*path, "values", position) for position in range(len(requirement.values))]
        key = pool.at(*path, "key")
        yield NodeDemand(requirement.key, requirement.operator, requirement.values, True, key, places)


def _judge(subject: Workload | KarpenterPool, demand: NodeDemand) -> Iterator[Finding]:
    allowed = sorted(node_labels.label_values(demand.key))
    wrong = [
        (value, place) for value, place in zip(demand.values, demand.value_places, strict=True) if value not in allowed
    ]
    has_right_one = len(wrong) < len(demand.values)
    for value, place in wrong:
        meant = _meant(value, allowed)
        if meant is None and (has_right_one or value.isupper()):
            continue
        if has_right_one and value in _OTHER_ARCHITECTURES:
            continue
        yield _finding(subject, demand, (value, place), (meant, allowed), has_right_one=has_right_one)


def _finding(
    subject: Workload | KarpenterPool,
    demand: NodeDemand,
    wrong: tuple[str, Place],
    right: tuple[str | None, Sequence[str]],
    *,
    has_right_one: bool,
) -> Finding:
    (value, place), (meant, allowed) = wrong, right
    severity = None
    if not demand.is_required:
        severity = Severity.INFO
    elif has_right_one or demand.operator == "NotIn":
        severity = Severity.WARNING
    asks = "excludes" if demand.operator == "NotIn" else "asks for" if demand.is_required else "prefers"
    return Finding(
        place,
        f"{subject} {asks} {demand.key}={value}, and the label never has that value",
        label=f"did you mean {meant}?" if meant else "no such value",
        help=f"it is {enumerated(allowed, 'or')}",
        severity=severity,
        discriminator=value,
    )


def _meant(value: str, allowed: Sequence[str]) -> str | None:
    synonym = label_syntax.VALUE_SYNONYMS.get(value.lower())
    if synonym in allowed:
        return synonym
    folded = _folded(value)
    return next((each for each in allowed if _folded(each) == folded), None) or nearest(value, allowed)


def _folded(value: str) -> str:
    return value.lower().replace("_", "").replace("-", "")

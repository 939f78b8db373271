from collections.abc import Iterator

from ekslint import Finding, Severity, Toleration, Workload, label_syntax, nearest, rule

_OPERATORS = frozenset({"", "Equal", "Exists", "Gt", "Lt"})


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling",), dialects=("kubernetes",))
def toleration_shape(workload: Workload) -> Iterator[Finding]:
    """The parts of a toleration contradict each other, and the API server refuses the pods.

    ## Why is this bad?
    `Exists` asks for no value, every other operator asks for a key, and seconds count only for evictions, that is with
    `NoExecute`. Effects are spelled as Kubernetes does, not as the EKS API does.

    ## When it stays silent
    An empty toleration effect, which means all effects, and `Exists` without a key, which means all taints.

    ## References
    - Kubernetes, pkg/apis/core/validation/validation.go: ValidateTolerations
    - Kubernetes documentation, taints and tolerations
    """
    pod = workload.pod
    for index, toleration in enumerate(pod.tolerations):
        at = ("tolerations", index)
        operator = toleration.operator
        if operator not in _OPERATORS:
            meant = nearest(operator, ["Equal", "Exists"])
            yield Finding(
                pod.at(*at, "operator"),
                f"{workload} has a toleration with the operator {operator}, which does not exist",
                label=f"did you mean {meant}?" if meant else "not an operator",
                help="write Exists or Equal",
            )
        elif operator == "Exists":
            if toleration.value:
                yield Finding(
                    pod.at(*at, "value"),
                    f"{workload} tolerates {_named(toleration)} with Exists, which takes no value, and gives the value "
                    f"{toleration.value}",
                    label="not with Exists",
                    help="remove the value, or write operator: Equal",
                    related=[(pod.at(*at, "operator"), "the operator")],
                )
        elif not toleration.key:
            yield Finding(
                pod.at(*at),
                f"{workload} has a toleration without a key, which only Exists may have",
                label="needs a key",
                help="add the key, or write operator: Exists to tolerate every taint",
            )
        if toleration.seconds is not None and toleration.effect != "NoExecute":
            yield Finding(
                pod.at(*at, "tolerationSeconds", key=True),
                f"{workload} tolerates {_named(toleration)} for {toleration.seconds} seconds, which count with the "
                "effect NoExecute alone",
                label="only with NoExecute",
                help="add effect: NoExecute, or remove tolerationSeconds",
            )
        if toleration.effect and toleration.effect not in label_syntax.TAINT_EFFECTS:
            yield Finding(
                pod.at(*at, "effect"),
                f"{workload} tolerates the effect {toleration.effect}, which does not exist",
                label=f"did you mean {meant}?" if (meant := _meant(toleration.effect)) else "not an effect",
                help="write NoSchedule, PreferNoSchedule or NoExecute",
            )


def _named(toleration: Toleration) -> str:
    return toleration.key or "every taint"


def _meant(effect: str) -> str | None:
    folded = effect.replace("_", "").replace("-", "").casefold()
    same = (name for name in label_syntax.TAINT_EFFECTS if name.casefold() == folded)
    return next(same, None) or nearest(effect, label_syntax.TAINT_EFFECTS)

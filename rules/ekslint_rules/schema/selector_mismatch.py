from collections.abc import Iterator

from ekslint import Finding, LabelSelector, Place, PodTemplate, Severity, Workload, rule

_KINDS = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})


@rule(Severity.ERROR, since="0.1.0", tags=("schema",))
def selector_mismatch(workload: Workload) -> Iterator[Finding]:
    """The selector of a workload does not match the labels of its own pods.

    ## Why is this bad?
    The API server refuses the object: `selector` does not match template `labels`. A rename in one of the two places
    is enough. Since `apps/v1` the selector must be written, too.

    ## When it stays silent
    Labels and selectors that a template or a patch fills in; the labels that a kustomization adds to both.

    ## References
    - Kubernetes documentation, Deployments: selector
    - Kubernetes, pkg/apis/apps/validation/validation.go
    """
    if workload.group != "apps" or workload.version != "v1" or workload.kind not in _KINDS:
        return
    selector = workload.selector
    if selector.is_absent or selector.is_empty:
        if set(workload.pod.labels) > set(workload.pod.written_labels):
            # What adds labels to the pods, as commonLabels of a kustomization does, makes a selector of them.
            return
        what = "no selector" if selector.is_absent else "an empty selector"
        yield Finding(
            workload.at("spec", "selector", key=True) if not selector.is_absent else workload.at("spec", key=True),
            f"{workload} has {what}: the API server refuses it",
            label=what,
            help="write the labels of the pod template under matchLabels",
        )
    elif not selector.selects(workload.pod):
        yield Finding(
            _first_missed(selector, workload.pod),
            f"the selector of {workload} does not match the labels of its own pods: the API server refuses it",
            label="not a label of its pods",
            related=[(workload.pod.at("labels", key=True), "the labels of its pods")],
        )


def _first_missed(selector: LabelSelector, pod: PodTemplate) -> Place:
    wanted, labels = selector.match_labels, pod.written_labels
    for key in wanted:
        if key not in labels or labels[key] != wanted[key]:
            return selector.at("matchLabels", key)
    return selector.at("matchExpressions", key=True)

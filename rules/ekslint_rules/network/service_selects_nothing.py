from collections.abc import Iterator
from itertools import islice

from ekslint import Finding, Service, Severity, Workload, known, rule, some
from ekslint_rules._pod_makers import may_make_pods_beside
from ekslint_rules._selecting import missed_label
from ekslint_rules._wording import namespace_of

_SET_BY_CONTROLLERS = (
    *("apps.kubernetes.io/pod-index", "batch.kubernetes.io/", "controller-revision-hash", "controller-uid"),
    *("job-name", "pod-template-generation", "pod-template-hash", "rollouts-pod-template-hash"),
    "statefulset.kubernetes.io/pod-name",
)
"""Labels, or beginnings of them, that pods get from whatever makes them, and that no template shows."""
_MOST_COMPARED = 100
"""Workloads whose labels are looked at for what was meant."""


@rule(Severity.WARNING, since="0.1.0", tags=("network",))
def service_selects_nothing(service: Service) -> Iterator[Finding]:
    """A Service selects no pods.

    ## Why is this bad?
    It has no endpoints: connections to it are refused, and a load balancer in front of it has no healthy target.
    Nothing tells, as a Service without pods is valid.

    ## When it stays silent
    Services without a selector, whose endpoints somebody else writes, and those of type ExternalName; selectors that
    name a label which controllers set (`statefulset.kubernetes.io/pod-name`). Namespaces without a workload in the
    files, `kube-system`, and namespaces in which a Helm release, an application of Argo CD or the object of an operator
    may make pods that no file shows. Labels that a template fills in. Where no workload has a label that is spelled
    alike, and none stands in the same file or has the name of the Service: its pods may be made elsewhere.

    ## References
    - Kubernetes documentation, Service: defining a Service
    - Kubernetes documentation, debug Services: does the Service have any EndpointSlices?
    """
    if service.type == "ExternalName" or service.selector.is_absent:
        return
    selector = service.selector
    if any(key.startswith(_SET_BY_CONTROLLERS) for key in selector.match_labels):
        return
    if some(service.workloads, lambda workload: True):
        return
    neighbours = list(islice(known(service.estate.joins.neighbours(service, Workload)), _MOST_COMPARED))
    if not neighbours or may_make_pods_beside(service):
        return
    missed = missed_label(selector, neighbours)
    meant = missed.meant if missed is not None else None
    if meant is None and not any(_go_together(service, each) for each in neighbours):
        return
    hint = f"did you mean {meant}?" if meant is not None else None
    yield Finding(
        missed.place if missed is not None else service.at("spec", "selector"),
        f"{service} selects no pods: no workload of {namespace_of(service)} has such labels, "
        "and so it has no endpoints",
        label=hint or "no pod has this",
        help=hint or "select labels of the pod template, or delete the Service",
    )


def _go_together(service: Service, workload: Workload) -> bool:
    """Whether a Service was most likely written for the pods of a workload."""
    if service.sheet.document.source.path == workload.sheet.document.source.path:
        return True
    return service.known_name is not None and service.known_name == workload.known_name

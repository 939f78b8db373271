from collections.abc import Iterator

from ekslint import Finding, Place, PodTemplate, Requirement, RuntimeClass, Severity, Workload, rule
from ekslint_rules.scheduling._operating_system_fields import windows_fields
from ekslint_rules.scheduling._selected_labels import required

_SYSTEMS = frozenset({"beta.kubernetes.io/os", "kubernetes.io/os"})
_ON_NODES_OF_EITHER_SYSTEM = frozenset(
    {
        "beta.kubernetes.io/arch",
        "eks.amazonaws.com/capacityType",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "karpenter.sh/capacity-type",
        "kubernetes.io/arch",
        "topology.k8s.aws/zone-id",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)
"""Labels whose values do not tell the systems apart; any other may be one that Windows nodes alone have."""


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling", "windows"), dialects=("kubernetes",))
def windows_pod_os(workload: Workload) -> Iterator[Finding]:
    """Windows pods do not select Windows nodes, and may land on Linux.

    ## Why is this bad?
    The scheduler reads neither `os.name` nor `windowsOptions`. It goes by labels, and without any the pods land on
    whatever node has room. A Linux kubelet refuses pods with `os.name: windows`, and cannot start images for Windows.

    ## When it stays silent
    Pods with a selector or a required affinity that may lead to Windows nodes: by `kubernetes.io/os`, or by any label
    but architecture, zone and capacity type. Pods with a RuntimeClass that selects such nodes, or that is not in the
    files. Pods with a `nodeName`. Pods that have no `os.name` and name the systems they go to: on Linux nodes
    `windowsOptions` mean nothing.

    ## References
    - Amazon EKS user guide, deploy Windows nodes on EKS clusters: considerations
    - Kubernetes documentation, Pods: Pod OS; guide for running Windows containers in Kubernetes
    """
    pod = workload.pod
    place = _evidence(pod)
    if place is None or workload.is_owned or pod.node_name:
        return
    linux = _required_linux(pod)
    if linux is not None:
        yield Finding(
            place,
            f"{workload} has Windows pods, but requires Linux nodes, whose kubelets refuse them",
            label="Windows",
            help="require kubernetes.io/os: windows",
            related=[(linux, "requires Linux")],
        )
    elif not _leads_to_windows(workload):
        yield Finding(
            place,
            f"{workload} has Windows pods, but selects no Windows nodes: the scheduler goes by labels alone, and may "
            "put them on Linux",
            label="does not steer the scheduler",
            help="add the nodeSelector kubernetes.io/os: windows, or a RuntimeClass that has it",
        )


def _evidence(pod: PodTemplate) -> Place | None:
    """Where a pod says that it is for Windows."""
    system = pod.operating_system
    if system is not None:
        return pod.at("os", "name") if system == "windows" else None
    place = next((place for _, place in windows_fields(pod)), None)
    # On Linux nodes the options mean nothing: who names the systems has thought of where the pods go.
    return None if place is None or any(each.key in _SYSTEMS for each in required(pod)) else place


def _required_linux(pod: PodTemplate) -> Place | None:
    selector = pod.node_selector
    for key in selector:
        if _is_linux(Requirement(key, "In", (selector[key],))):
            return pod.at("nodeSelector", key)
    terms = pod.required_node_affinity
    if terms and all(any(_is_linux(each) for each in term.match_expressions) for term in terms):
        return pod.at("affinity", "nodeAffinity", key=True)
    return None


def _leads_to_windows(workload: Workload) -> bool:
    pod = workload.pod
    selector = pod.node_selector
    if any(_may_be_windows(Requirement(key, "In", (selector[key],))) for key in selector):
        return True
    terms = pod.required_node_affinity
    if terms is not None and all(
        term.match_fields or any(_may_be_windows(each) for each in term.match_expressions) for term in terms
    ):
        return True
    name = pod.runtime_class_name
    if name is None:
        return False
    classes = list(workload.estate.joins.named(workload, RuntimeClass, name))
    return not classes or any(
        _may_be_windows(Requirement(key, "In", (value,)))
        for each in classes
        for key, value in each.node_selector.items()
    )


def _is_linux(requirement: Requirement) -> bool:
    return requirement.key in _SYSTEMS and requirement.operator == "In" and list(requirement.values) == ["linux"]


def _may_be_windows(requirement: Requirement) -> bool:
    key, operator, values = requirement.key, requirement.operator, requirement.values
    if key in _SYSTEMS:
        return "linux" in values if operator == "NotIn" else operator == "In" and "linux" not in values
    return operator not in {"DoesNotExist", "NotIn"} and key not in _ON_NODES_OF_EITHER_SYSTEM

from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules.scheduling._selected_labels import required

_SYSTEM = "kubernetes.io/os"
_NAMES = frozenset({_SYSTEM, "beta.kubernetes.io/os", "node.kubernetes.io/windows-build"})


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("scheduling", "windows"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def windows_linux_mix(placement: Placement) -> Iterator[Finding]:
    """A workload does not say which operating system it needs, and Linux and Windows nodes would both take it.

    ## Why is this bad?
    Images of the one do not start on the other: pods that land on the wrong nodes hang in ContainerCreating or
    ImagePullBackOff.

    ## When it stays silent
    A selector or affinity on `kubernetes.io/os`, `os.name` of the pod together with a taint, Windows nodes with a taint
    that the pods do not tolerate, and clusters of one operating system.

    ## References
    - Amazon EKS user guide, Windows support: considerations
    - Amazon EKS best practices guide, Windows: scheduling
    """
    systems = placement.values_of(_SYSTEM)
    certain = {id(pool) for pool in placement.fitting}
    windows = [pool for pool, values in systems if set(values) == {"windows"} and id(pool) in certain]
    linux = [pool for pool, values in systems if "linux" in values]
    if not windows or not linux:
        return
    pod = placement.workload.pod
    if pod.runtime_class_name is not None or any(requirement.key in _NAMES for requirement in required(pod)):
        return
    wants = pod.operating_system or "linux"
    place = pod.at("nodeSelector", key=True)
    yield Finding(
        place if place.is_written else pod.at("containers", key=True),
        f"{placement.workload} may land on Windows nodes ({windows[0]}) as well as on Linux nodes ({linux[0]}): "
        "nothing says which it needs",
        label="no operating system required",
        help=f"add nodeSelector kubernetes.io/os: {wants}, or taint the Windows nodes",
        related=[(pool.at("ami_family"), f"{pool}: Windows, no taint") for pool in windows],
    )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Placement, Severity, known, label_values, placements_on, rule
from ekslint_rules._operating_systems import system_place
from ekslint_rules.scheduling._selected_labels import required
from ekslint_rules.scheduling._taints import hard_taints

_SYSTEM = "kubernetes.io/os"
_NAMES = frozenset({_SYSTEM, "beta.kubernetes.io/os", "node.kubernetes.io/windows-build"})


@rule(
    Severity.WARNING, since="0.1.0", tags=("scheduling", "windows"), dialects=("eksctl", "cloudformation", "karpenter")
)
def windows_linux_mix(cluster: Cluster) -> Iterator[Finding]:
    """Workloads that do not say which operating system they need may land on Windows nodes.

    ## Why is this bad?
    Images for Linux do not start on Windows, nor the other way round: pods that land on the wrong nodes hang in
    ContainerCreating or ImagePullBackOff.

    ## When it stays silent
    Windows nodes with a taint, workloads with a selector or affinity on `kubernetes.io/os` or with a RuntimeClass, and
    clusters of one operating system.

    ## References
    - Amazon EKS user guide, Windows support: considerations
    - Amazon EKS best practices guide, Windows: scheduling
    """
    placements = placements_on(cluster, only_certain=True)
    if not placements:
        return
    systems = [(pool, set(values)) for pool, values in label_values(cluster, _SYSTEM)]
    windows = {id(pool): pool for pool, values in systems if values == {"windows"} and not hard_taints(pool)}
    linux = {id(pool) for pool, values in systems if "linux" in values}
    if not windows or not linux:
        return
    visitors: dict[int, list[Placement]] = {}
    for placement in known(placements, lambda each: _may_go_wrong(each, linux)):
        for pool in placement.fitting:
            if id(pool) in windows:
                visitors.setdefault(id(pool), []).append(placement)
    for key, guests in visitors.items():
        first, *others = guests
        pool = windows[key]
        more = f" and {len(others)} more" if others else ""
        yield Finding(
            system_place(pool),
            f"{first.workload}{more} may land on {pool} as well as on Linux nodes: nothing says which they need",
            label="Windows, open to all",
            help="taint it, as with os=windows:NoSchedule, or require kubernetes.io/os in every workload",
            related=[
                (each.workload.pod.at("nodeSelector", key=True), f"{each.workload} requires no operating system")
                for each in guests
            ],
            lower=cluster.tolerance,
        )


def _may_go_wrong(placement: Placement, linux: set[int]) -> bool:
    """Whether a workload says nothing of an operating system, and can run on some of the Linux pools."""
    pod = placement.workload.pod
    if pod.runtime_class_name is not None or any(requirement.key in _NAMES for requirement in required(pod)):
        return False
    return not linux.isdisjoint(map(id, placement.possible))

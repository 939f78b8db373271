from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Place, Placement, Pool, Severity, placements_on, rule
from ekslint_rules.scheduling._selected_labels import required

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
    visitors: dict[int, list[Placement]] = {}
    windows: dict[int, Pool] = {}
    for placement in placements_on(cluster):
        found = _windows_pools(placement)
        if not found or _says_what_it_needs(placement):
            continue
        for pool in found:
            windows[id(pool)] = pool
            visitors.setdefault(id(pool), []).append(placement)
    for key, pool in windows.items():
        first, *others = visitors[key]
        more = f" and {len(others)} more" if others else ""
        yield Finding(
            _place(pool),
            f"{first.workload}{more} may land on {pool} as well as on Linux nodes: nothing says which they need",
            label="Windows, open to all",
            help="taint it, as with os=windows:NoSchedule, or require kubernetes.io/os in every workload",
            related=[
                (each.workload.pod.at("nodeSelector", key=True), f"{each.workload} requires no operating system")
                for each in visitors[key]
            ],
            lower=cluster.tolerance,
        )


def _windows_pools(placement: Placement) -> list[Pool]:
    """The Windows pools that certainly take a workload which Linux nodes take too."""
    systems = placement.values_of(_SYSTEM)
    if not any("linux" in values for _, values in systems):
        return []
    certain = {id(pool) for pool in placement.fitting}
    return [pool for pool, values in systems if set(values) == {"windows"} and id(pool) in certain]


def _says_what_it_needs(placement: Placement) -> bool:
    pod = placement.workload.pod
    return pod.runtime_class_name is not None or any(requirement.key in _NAMES for requirement in required(pod))


def _place(pool: Pool) -> Place:
    """The image of the nodes, which makes them Windows nodes."""
    if not isinstance(pool, NodeGroup):
        return pool.at("name")
    return pool.at("ami_family" if pool.dialect == "eksctl" else "ami_type")

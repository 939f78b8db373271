from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, KarpenterPool, Severity, label_values, placements_on, rule
from ekslint_rules._operating_systems import is_windows, system_place
from ekslint_rules.scheduling._taints import hard_taints

_SYSTEM = "kubernetes.io/os"


@rule(
    Severity.WARNING, since="0.1.0", tags=("scheduling", "windows"), dialects=("eksctl", "cloudformation", "karpenter")
)
def windows_pool_untainted(cluster: Cluster) -> Iterator[Finding]:
    """Windows nodes have no taint, in a cluster that has Linux nodes too.

    ## Why is this bad?
    Most charts and manifests say nothing of an operating system: their Linux pods are as likely to be sent to a Windows
    node, where they hang in ContainerCreating or ImagePullBackOff.

    ## When it stays silent
    Windows pools with a hard taint, whatever its key; pools of Auto Mode, which has no Windows nodes; clusters without
    Linux nodes; clusters whose workloads are in the files: `windows-linux-mix` then says which of them may land on
    Windows. Advice outside production.

    ## References
    - Amazon EKS best practices guide, Windows: scheduling
    - Amazon EKS user guide, Windows support: considerations
    """
    if placements_on(cluster, only_certain=True):
        return
    systems = [
        (pool, values) for pool, values in label_values(cluster, _SYSTEM) if not isinstance(pool, FargateProfile)
    ]
    linux = [pool for pool, values in systems if "linux" in values]
    if not linux:
        return
    for pool, values in systems:
        if isinstance(pool, KarpenterPool) and pool.kind == "auto":
            continue  # Auto Mode launches no Windows nodes: auto-unsupported-requirement tells
        if not (is_windows(pool) or list(values) == ["windows"]) or hard_taints(pool):
            continue
        yield Finding(
            system_place(pool),
            f"{pool} runs Windows without a taint, and {linux[0]} runs Linux: "
            "pods that name no operating system may land on either",
            label="Windows, open to all",
            help="taint it, as with os=windows:NoSchedule, and tolerate that in Windows pods",
            related=[(system_place(each), f"{each} runs Linux") for each in linux],
            lower=cluster.tolerance,
        )

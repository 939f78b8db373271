from collections.abc import Iterator

from ekslint import Cause, DaemonSet, Finding, Placement, Severity, Verdict, rule
from ekslint_rules._operating_systems import is_windows
from ekslint_rules.scheduling._images import is_device_plugin
from ekslint_rules.scheduling._selected_labels import required
from ekslint_rules.scheduling._taints import tolerations_place

_EVERYWHERE = frozenset(
    {
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/os",
        "eks.amazonaws.com/compute-type",
        "kubernetes.io/arch",
        "kubernetes.io/os",
    }
)


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("scheduling", "observability"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def daemonset_skips_tainted_pool(placement: Placement) -> Iterator[Finding]:
    """A DaemonSet runs on every node but those of a tainted pool.

    ## Why is this bad?
    Agents for logs, metrics, security, storage and networking are to be on every node. Without the toleration the
    nodes of the pool go without: nobody sees their logs, and volumes do not attach.

    ## When it stays silent
    DaemonSets with a node selector or affinity of their own, which are not meant for every node, device plugins,
    Windows nodes, and taints or tolerations that are known only at deploy time.

    ## References
    - Kubernetes documentation, DaemonSet: taints and tolerations
    """
    workload = placement.workload
    if not isinstance(workload, DaemonSet) or is_device_plugin(workload):
        return
    if any(
        each.key not in _EVERYWHERE and each.operator not in {"NotIn", "DoesNotExist"}
        for each in required(workload.pod)
    ):
        return
    verdicts = placement.pools
    if not any(each.verdict is Verdict.FITS for each in verdicts):
        return
    skipped = [
        each
        for each in verdicts
        if each.cause is Cause.UNTOLERATED_TAINT and each.verdict is Verdict.REJECTED and not is_windows(each.pool)
    ]
    if not skipped:
        return
    where = str(skipped[0].pool) if len(skipped) == 1 else f"{len(skipped)} tainted node pools"
    yield Finding(
        tolerations_place(workload.pod),
        f"{workload} runs on no node of {where}: {skipped[0].reason}",
        label="tolerates no such taint",
        help="tolerate everything with operator: Exists, as an agent for all nodes",
        related=[(each.at_pool, f"{each.pool}: {each.reason}") for each in skipped if each.at_pool is not None],
        lower=placement.cluster.tolerance,
    )

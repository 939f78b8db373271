from collections.abc import Iterator

from ekslint import Cause, DaemonSet, Finding, Placement, Severity, Verdict, rule
from ekslint_rules.accelerators._devices import devices_of
from ekslint_rules.scheduling._images import plugin_for
from ekslint_rules.scheduling._taints import tolerations_place


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("gpu", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def device_plugin_not_tolerating(placement: Placement) -> Iterator[Finding]:
    """The device plugin does not tolerate the taint of the nodes whose devices it should offer.

    ## Why is this bad?
    The plugin does not run there, so that the kubelet never offers the GPUs or Neuron devices of these nodes, and the
    pods that ask for them stay Pending, although they tolerate the taint.

    ## When it stays silent
    Pools that do not have devices of the plugin's manufacturer, or whose types or taints are not known.

    ## References
    - NVIDIA device plugin, deployment: tolerations
    - Amazon EKS user guide, node taints on managed node groups
    """
    workload = placement.workload
    if not isinstance(workload, DaemonSet):
        return
    maker = plugin_for(workload)
    if maker is None:
        return
    missed = [
        each
        for each in placement.pools
        if each.verdict is Verdict.REJECTED and each.cause is Cause.UNTOLERATED_TAINT and devices_of(each.pool) == maker
    ]
    if not missed:
        return
    yield Finding(
        tolerations_place(workload.pod),
        f"{workload} does not run on {missed[0].pool}, whose devices it should offer: {missed[0].reason}",
        label="tolerates no such taint",
        help="add the toleration, or tolerate everything with operator: Exists",
        related=[(each.at_pool, f"{each.pool}: {each.reason}") for each in missed if each.at_pool is not None],
        lower=placement.doubt_steps,
    )

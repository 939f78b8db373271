from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules.accelerators._devices import devices_out_of_reach
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
    missed = devices_out_of_reach(placement)
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

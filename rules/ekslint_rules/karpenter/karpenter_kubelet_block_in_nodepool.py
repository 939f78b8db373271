from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule

_KUBELET = ("spec", "template", "spec", "kubelet")


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "upgrades"), dialects=("karpenter",))
def karpenter_kubelet_block_in_nodepool(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool of v1 configures the kubelet.

    ## Why is this bad?
    With v1 the kubelet's settings moved to the EC2NodeClass. `kubectl apply` refuses the field; other tools drop it,
    and the nodes run with other reservations and pod limits than the file says.

    ## When it stays silent
    `v1beta1` and before, where it belonged there.

    ## References
    - Karpenter documentation, v1 migration
    """
    if node_pool.version == "v1" and node_pool.has(*_KUBELET):
        helps = "Auto Mode configures the kubelet itself" if node_pool.is_auto_mode else "move it to the EC2NodeClass"
        yield Finding(
            node_pool.at(*_KUBELET, key=True),
            f"{node_pool} has kubelet settings, which v1 has in the node class: they are refused or dropped",
            label="moved",
            help=helps,
        )

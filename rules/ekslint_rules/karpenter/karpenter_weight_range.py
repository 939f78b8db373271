from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule

_LEAST, _MOST = 1, 100


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_weight_range(node_pool: NodePool) -> Iterator[Finding]:
    """The weight of a NodePool is no number between 1 and 100.

    ## Why is this bad?
    The API server refuses it. A pool without a weight has the weight 0: to make one the last choice, leave it out.

    ## When it stays silent
    Pools without a weight.

    ## References
    - Karpenter documentation, NodePools, spec.weight
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml
    """
    written = None if node_pool.unknown("spec", "weight") else node_pool.get("spec", "weight")
    if isinstance(written, str | float | bool):
        yield Finding(
            node_pool.at("spec", "weight"),
            f"{node_pool} has a weight of {written}, but a weight is a whole number without quotes",
            label=f"{_LEAST} to {_MOST}",
        )
        return
    weight = node_pool.integer("spec", "weight")
    if weight is not None and not _LEAST <= weight <= _MOST:
        yield Finding(
            node_pool.at("spec", "weight"),
            f"{node_pool} has a weight of {weight}, but weights go from {_LEAST} to {_MOST}",
            label=f"{_LEAST} to {_MOST}",
            help="leave it out for a weight of 0" if weight == 0 else None,
        )

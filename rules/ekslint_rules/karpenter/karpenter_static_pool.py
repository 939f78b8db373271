from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule
from ekslint_rules._wording import enumerated


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter",), dialects=("karpenter",))
def karpenter_static_pool(node_pool: NodePool) -> Iterator[Finding]:
    """A NodePool with a fixed number of nodes has settings that only growing pools have.

    ## Why is this bad?
    With `replicas` a pool keeps that many nodes, whatever is pending. A weight means nothing then, and the only limit
    that counts is `nodes`: the API server refuses the others.

    ## When it stays silent
    Pools without `replicas`.

    ## References
    - Karpenter documentation, NodePools, static capacity
    - Karpenter, pkg/apis/crds/karpenter.sh_nodepools.yaml
    """
    if node_pool.replicas is None:
        return
    replicas = (node_pool.at("spec", "replicas"), "a static pool")
    if node_pool.has("spec", "weight"):
        yield Finding(
            node_pool.at("spec", "weight", key=True),
            f"{node_pool} has replicas and a weight, which a static pool cannot have",
            label="not with replicas",
            related=[replicas],
        )
    limited = [str(resource) for resource in node_pool.mapping("spec", "limits") if resource != "nodes"]
    if limited:
        yield Finding(
            node_pool.at("spec", "limits", limited[0], key=True),
            f"{node_pool} has replicas and limits of {enumerated(limited)}, but a static pool can limit nodes only",
            label="not with replicas",
            related=[replicas],
        )

from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules.scheduling._images import image_architecture, is_public
from ekslint_rules.scheduling._selected_labels import required

_ARCHITECTURE = "kubernetes.io/arch"
_ALL = {"amd64", "arm64"}
_NAMES = frozenset({_ARCHITECTURE, "beta.kubernetes.io/arch"})


@rule(
    Severity.INFO,
    since="0.1.0",
    tags=("scheduling", "images"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def mixed_arch_unpinned(placement: Placement) -> Iterator[Finding]:
    """A workload may run on amd64 and on arm64 nodes, and nothing tells that its image is built for both.

    ## Why is this bad?
    An image for one processor crashes on the other with `exec format error`, as soon as the scheduler picks such a
    node.

    ## When it stays silent
    A selector or affinity on `kubernetes.io/arch`, node pools of one processor, and images from public registries,
    which are built for several as a rule. Images whose name tells the processor are `image-arch-mismatch`.

    ## References
    - Amazon EKS best practices guide, cost optimization: Graviton
    """
    pod = placement.workload.pod
    containers = [*pod.init_containers, *pod.containers]
    doubtful = [each for each in containers if not is_public(each)]
    if not doubtful or any(image_architecture(each) for each in containers):
        return
    pools = [(pool, set(values)) for pool, values in placement.values_of(_ARCHITECTURE)]
    if set().union(*(values for _, values in pools)) != _ALL:
        return
    if any(requirement.key in _NAMES for requirement in required(pod)):
        return
    yield Finding(
        doubtful[0].at("image"),
        f"{placement.workload} may run on amd64 and on arm64 nodes of {placement.cluster}: "
        "nothing tells that its image is built for both",
        label="for both processors?",
        help="require kubernetes.io/arch where it is not",
        related=[
            (pool.at("instance_types"), f"{pool}: {' or '.join(sorted(values))}")
            for pool, values in pools
            if values and pool.is_ec2
        ],
    )

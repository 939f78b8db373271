from collections.abc import Iterator

from ekslint import Finding, Placement, Severity, rule
from ekslint_rules.scheduling._images import image_architecture
from ekslint_rules.scheduling._verdicts import listed

_ARCHITECTURE = "kubernetes.io/arch"


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("scheduling", "images"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def image_arch_mismatch(placement: Placement) -> Iterator[Finding]:
    """A container's image is built for another processor than that of the nodes it can run on.

    ## Why is this bad?
    The container ends at once with `exec format error`, and crashes again and again. A warning where only some of the
    nodes have the wrong processor: then it depends on where the scheduler puts the pod.

    ## When it stays silent
    The name of the image says nothing (`-arm64`, `-amd64`, `arm64v8/`), as an image for several processors has none;
    images by digest; nodes whose processor is not known; pods that match no node at all.

    ## References
    - Amazon EKS best practices guide, cost optimization: Graviton
    - Docker documentation, multi-platform images
    """
    pod = placement.workload.pod
    built = [(container, image_architecture(container)) for container in (*pod.init_containers, *pod.containers)]
    if not any(architecture for _, architecture in built):
        return
    reachable = placement.values_of(_ARCHITECTURE)
    for container, architecture in built:
        if architecture is None or not reachable:
            continue
        wrong = [(pool, values) for pool, values in reachable if values and set(values) != {architecture}]
        if not wrong:
            continue
        never = all(values and architecture not in values for _, values in reachable)
        others = sorted({value for _, values in wrong for value in values if value != architecture})
        nodes = "every node that it can run on is" if never else "some of the nodes that it can run on are"
        yield Finding(
            container.at("image"),
            f"the image of {container} of {placement.workload} is built for {architecture}, but {nodes} "
            f"{listed(others, 'or')}",
            label=f"built for {architecture}",
            help=f"use an image for {listed(others, 'and')}"
            if never
            else f"require kubernetes.io/arch: {architecture}, or use an image for all processors",
            related=[(pool.at("instance_types"), f"{pool}: {listed(list(values), 'or')}") for pool, values in wrong],
            severity=None if never else Severity.WARNING,
            lower=placement.doubt_steps if never else 0,
        )

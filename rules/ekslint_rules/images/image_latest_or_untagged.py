from collections.abc import Iterator

from ekslint import Container, Finding, PodTemplate, Severity, known, rule

_LATEST = "latest"


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def image_latest_or_untagged(pod: PodTemplate) -> Iterator[Finding]:
    """An image has the tag latest, or none, which means the same.

    ## Why is this bad?
    What runs depends on when a node pulled the image: pods of one Deployment may differ, a new node or a restart may
    bring another version in, and a rollback brings back nothing, as the manifest has not changed.

    ## When it stays silent
    Images with a digest; tags and images that a kustomization sets, or that a template or a pipeline fills in
    (`CONTAINER_IMAGE`: no image has capital letters); other tags, however often they may be moved; what a controller
    made. One finding a workload. Advice only for bare pods, and outside production.

    ## References
    - Kubernetes documentation, images: image names
    - EKS best practices guide, security, image security
    """
    if pod.owner.is_owned:
        return
    found = [each for each in _containers(pod) if _is_open(each)]
    if not found:
        return
    first, *others = found
    yield Finding(
        first.at("image"),
        f"{first} of {pod.owner} runs {first.image}: which version that is depends on when a node pulls it",
        label="any version",
        help="name a version, or better the digest",
        related=[(each.at("image"), f"{each} too") for each in others],
        lower=int(pod.owner.kind == "Pod") + pod.owner.tolerance,
    )


def _containers(pod: PodTemplate) -> Iterator[Container]:
    if not pod.unknown("containers"):
        yield from known(pod.containers)
    if not pod.unknown("initContainers"):
        yield from known(pod.init_containers)


def _is_open(container: Container) -> bool:
    if container.unknown("image"):
        return False
    image = container.image_reference
    if image is None or image.repository != image.repository.lower():
        return False
    return image.digest is None and image.tag in {None, _LATEST}

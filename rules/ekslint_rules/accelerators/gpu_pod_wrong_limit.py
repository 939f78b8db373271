from collections.abc import Iterator

from ekslint import Container, Finding, Severity, parse_quantity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("gpu",))
def gpu_pod_wrong_limit(container: Container) -> Iterator[Finding]:
    """A container requests a GPU or another device without an equal limit, or a part of one.

    ## Why is this bad?
    Devices cannot be overcommitted: the API server refuses the pod unless the limit is set and the request, where there
    is one, is the same whole number.

    ## When it stays silent
    A limit alone, which is the request too, and quantities that are known only at deploy time.

    ## References
    - Kubernetes documentation, schedule GPUs; extended resources
    - Kubernetes, pkg/apis/core/validation (ValidateResourceRequirements)
    """
    requests, limits = container.requests, container.limits
    for name in requests:
        if not _is_device(name):
            continue
        if name not in limits:
            yield Finding(
                container.at("resources", "requests", name),
                f"{container} of {container.workload} requests {name} without a limit: the API server refuses it",
                label="limits must say the same",
                help=f"set limits.{name} to the same number",
                discriminator=name,
            )
        elif (wanted := parse_quantity(requests[name])) is not None and wanted != parse_quantity(limits[name]):
            yield Finding(
                container.at("resources", "requests", name),
                f"{container} of {container.workload} requests {requests[name]} of {name}, but its limit is "
                f"{limits[name]}: the API server refuses it",
                label="not the limit",
                help="make request and limit the same",
                related=[(container.at("resources", "limits", name), "the limit")],
                discriminator=name,
            )
    for name in limits:
        amount = parse_quantity(limits[name]) if _is_device(name) else None
        if amount is not None and amount % 1:
            yield Finding(
                container.at("resources", "limits", name),
                f"{container} of {container.workload} asks for {limits[name]} of {name}: the API server takes whole "
                "numbers only",
                label="must be a whole number",
                help="share GPUs with time-slicing or MIG, in the configuration of the device plugin",
                discriminator=name,
            )


def _is_device(name: str) -> bool:
    """Whether a resource is an extended one: outside of Kubernetes' own domain, and no quota."""
    domain = name.partition("/")[0] if "/" in name else ""
    return bool(domain) and not domain.endswith("kubernetes.io") and not name.startswith("requests.")

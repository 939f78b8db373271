from collections.abc import Iterator

from ekslint import Finding, Severity, Workload, rule
from ekslint_rules.scheduling._operating_system_fields import linux_fields, windows_fields


@rule(Severity.ERROR, since="0.1.0", tags=("scheduling", "windows"), dialects=("kubernetes",))
def pod_os_field_conflict(workload: Workload) -> Iterator[Finding]:
    """A pod names its operating system, and sets fields that belong to the other one.

    ## Why is this bad?
    The API server refuses such pods. A Deployment or Job is itself refused; nothing of it runs.

    ## When it stays silent
    Pods without `os.name`: kubelets pass over the fields of the other system then. `runAsNonRoot`, which both know, and
    `hostPID` or `hostIPC` with `false`, which is the same as nothing.

    ## References
    - Kubernetes documentation, Pods: Pod OS
    - Kubernetes API reference, PodSpec: os
    """
    pod = workload.pod
    system = pod.operating_system
    if system == "windows":
        fields, other = linux_fields(pod), "Linux"
    elif system == "linux":
        fields, other = windows_fields(pod), "Windows"
    else:
        return
    found = list(fields)
    if not found:
        return
    (name, place), *more = found
    also = f" (and {len(more)} more)" if more else ""
    yield Finding(
        place,
        f"{workload} has os.name: {system}, for which the API server refuses {name}{also}: {other} alone knows it",
        label=f"{other} only",
        help="remove it, or os.name if it is wrong",
        related=[
            (pod.at("os", "name"), f"a pod for {system.capitalize()}"),
            *((each, f"{other} only: {field}") for field, each in more),
        ],
    )

from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, kubernetes_versions, nearest, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl import _node_groups as written


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_ng_settings(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A setting of a node group has a value that eksctl refuses.

    ## Why is this bad?
    CPU credits exist for burstable types alone, Auto Scaling knows nine processes and no lifetime below a day, nodes
    have run containerd and nothing else since Kubernetes 1.24, and a placement group has a name.

    ## When it stays silent
    Docker on a version before 1.24: `kubernetes-version-unsupported` has said the rest.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: validateNodeGroupBase, ValidateNodeGroup, validateCPUCredits,
      validateASGSuspendProcesses
    """
    pods = written.number(group, "maxPodsPerNode")
    if pods is not None and pods < 0:
        yield Finding(
            group.at("maxPodsPerNode"),
            f"{group} has a maximum of {pods} pods a node, which cannot be negative",
            label="negative",
        )
    if written.is_present(group, "placement") and written.is_empty(group, "placement", "groupName"):
        yield Finding(
            group.at("placement", key=True),
            f"{group} is placed in a placement group that has no name",
            label="needs groupName",
        )
    if group.is_managed:
        return
    yield from _cpu_credits(group)
    yield from _processes(group)
    yield from _container_runtime(group)
    lifetime = written.number(group, "maxInstanceLifetime")
    if lifetime is not None and lifetime < eksctl_limits.MINIMUM_INSTANCE_LIFETIME:
        yield Finding(
            group.at("maxInstanceLifetime"),
            f"{group} replaces its nodes after {lifetime} seconds, and Auto Scaling wants a day at least",
            label=f"less than {eksctl_limits.MINIMUM_INSTANCE_LIFETIME} seconds",
        )


def _cpu_credits(group: EksctlNodeGroup) -> Iterator[Finding]:
    if not written.is_present(group, "cpuCredits"):
        return
    mode = written.shown(group, "cpuCredits")
    path = written.types_path(group) if written.is_present(group, "instancesDistribution") else ("instanceType",)
    types = written.texts(group, *path) or list(filter(None, [written.text(group, *path)]))
    # eksctl goes by the first letter, so that trn1 passes for a burstable type.
    if not group.unknown(*path) and not any(each.startswith("t") for each in types):
        yield Finding(
            group.at("cpuCredits", key=True),
            f"{group} has {mode} CPU credits, which only burstable types have, and "
            + (f"{enumerated(types, 'or')} is none" if types else "names no instance type that is one"),
            label="not a burstable type",
            help="use a t3, t3a or t4g type, or remove cpuCredits",
            discriminator="type",
        )
    if mode.lower() not in eksctl_limits.CPU_CREDIT_MODES:
        known = enumerated(eksctl_limits.CPU_CREDIT_MODES, "or")
        yield Finding(
            group.at("cpuCredits"),
            f"{group} has {mode} CPU credits, which are {known}",
            label=f"not {known}",
            discriminator="value",
        )


def _processes(group: EksctlNodeGroup) -> Iterator[Finding]:
    for index, process in written.indexed(group, "asgSuspendProcesses"):
        if process not in eksctl_limits.SUSPENDABLE_PROCESSES:
            meant = nearest(process, eksctl_limits.SUSPENDABLE_PROCESSES)
            yield Finding(
                group.at("asgSuspendProcesses", index),
                f"{group} suspends {process}, which is no process of an Auto Scaling group",
                label=f"did you mean {meant}?" if meant else "unknown process",
                help=f"it has {enumerated(eksctl_limits.SUSPENDABLE_PROCESSES)}",
            )


def _container_runtime(group: EksctlNodeGroup) -> Iterator[Finding]:
    if not written.is_present(group, "containerRuntime"):
        return
    runtime = written.shown(group, "containerRuntime")
    if runtime != eksctl_limits.CONTAINERD and _has_containerd_alone(group, runtime):
        yield Finding(
            group.at("containerRuntime"),
            f"{group} runs {runtime}, and nodes have run {eksctl_limits.CONTAINERD} alone since Kubernetes "
            f"{eksctl_limits.FIRST_VERSION_WITH_CONTAINERD_ALONE}",
            label=f"not {eksctl_limits.CONTAINERD}",
            help="remove containerRuntime",
            discriminator="value",
        )
    if written.is_present(group, "overrideBootstrapCommand"):
        yield Finding(
            group.at("containerRuntime", key=True),
            f"{group} sets the container runtime, but overrides the bootstrap command that would pass it on",
            label="not with overrideBootstrapCommand",
            help="remove containerRuntime",
            related=[(group.at("overrideBootstrapCommand", key=True), "the command")],
            discriminator="command",
        )


def _has_containerd_alone(group: EksctlNodeGroup, runtime: str) -> bool:
    if runtime not in {"docker", "dockerd"} or written.ami_family(group) == "AmazonLinux2023":
        return True
    cluster = group.cluster
    if cluster.unknown("version"):
        return False
    # Without a version eksctl takes its own default, which is newer.
    version = kubernetes_versions.minor(cluster.version or "")
    first = kubernetes_versions.minor(eksctl_limits.FIRST_VERSION_WITH_CONTAINERD_ALONE)
    return cluster.version is None or (version is not None and first is not None and version >= first)

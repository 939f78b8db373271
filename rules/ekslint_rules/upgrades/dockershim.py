from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, Severity, Workload, kubelet_flags, rule
from ekslint_rules.upgrades._skew import version_of_nodes, versions_ahead

_SOCKETS = ("/run/docker.sock", "/var/run/docker.sock")
_CONTAINERD = "containerd"
_DOCKER = ("docker", "dockerd")


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation", "kubernetes"))
def dockershim(subject: NodeGroup | Workload) -> Iterator[Finding]:
    """Something needs Docker on the nodes, which has gone with Kubernetes 1.24.

    ## Why is this bad?
    Nodes run containerd alone. bootstrap.sh stops when it is asked for dockerd, and the socket of Docker is not there:
    pods that mount it as a socket never start, others find an empty directory in its place.

    ## When it stays silent
    Clusters before 1.24, and clusters that are declared elsewhere. Workloads that mount the socket of containerd too,
    as agents do that look for either. A warning where the volume does not insist on a socket. In ClusterConfigs
    `eksctl-ng-settings` speaks.

    ## References
    - Amazon EKS user guide, dockershim deprecation
    """
    if isinstance(subject, NodeGroup):
        yield from _of_group(subject)
    else:
        yield from _of_workload(subject)


def _of_group(group: NodeGroup) -> Iterator[Finding]:
    user_data = group.user_data
    if user_data is None or "container-runtime" not in user_data.script_arguments:
        return
    runtime = user_data.script_arguments["container-runtime"]
    if runtime not in _DOCKER:
        return
    found = version_of_nodes(group)
    if _is_without_docker(found[0]) if found is not None else _has_no_docker(group.cluster):
        place = user_data.at("script_arguments", "container-runtime")
        yield Finding(
            place,
            f"{group} asks for {runtime}, which nodes do not have since Kubernetes "
            f"{kubelet_flags.FIRST_WITHOUT_DOCKER}",
            label="no Docker",
            help="remove --container-runtime: nodes run containerd",
            rests_on=found[1:] if found is not None else (),
        )


def _of_workload(workload: Workload) -> Iterator[Finding]:
    volumes = list(workload.pod.volumes)
    for index, volume in enumerate(volumes):
        if volume.kind != "hostPath" or (volume.host_path or "").rstrip("/") not in _SOCKETS:
            continue
        if any(_CONTAINERD in (each.host_path or "") for each in volumes if each.kind == "hostPath"):
            return
        cluster = workload.cluster
        if cluster is not None and _has_no_docker(cluster):
            is_socket = volume.text("hostPath", "type") == "Socket"
            place = volume.at("hostPath", "path")
            yield Finding(
                place,
                f"{workload} mounts the socket of Docker, which nodes do not have since Kubernetes "
                f"{kubelet_flags.FIRST_WITHOUT_DOCKER}",
                label="no Docker on the nodes",
                help="use the Kubernetes API, or build images with a tool that needs no daemon",
                rests_on=[cluster.at("version")],
                lower=int(not is_socket),
                discriminator=str(index),
            )


def _has_no_docker(cluster: Cluster | None) -> bool:
    if cluster is None or cluster.is_implicit:
        return False
    # A version that is left to the tool is a recent one.
    return cluster.version is None or _is_without_docker(cluster.version)


def _is_without_docker(version: str) -> bool:
    ahead = versions_ahead(version, kubelet_flags.FIRST_WITHOUT_DOCKER)
    return ahead is not None and ahead >= 0

from collections.abc import Iterator

from ekslint import Deployment, Finding, HorizontalPodAutoscaler, Severity, StatefulSet, rule

_KEEPS_DATA = ", if it can copy its data to them; else ignore this here, with the reason"


@rule(Severity.WARNING, since="0.1.0", tags=("reliability",))
def min_replicas(workload: Deployment | StatefulSet, *, minimum: int = 2) -> Iterator[Finding]:
    """A workload runs with a single replica.

    ## Why is this bad?
    Every drain of its node, for an upgrade or a consolidation, is then an outage.

    ## When it stays silent
    Workloads that an autoscaler (HorizontalPodAutoscaler, KEDA) keeps at two or more, workloads scaled to zero, and
    controllers that elect a leader. Advice only for Deployments that are recreated around a volume of their own, in
    kube-system, and outside production.

    ## References
    - EKS best practices guide, reliability, applications: run multiple replicas
    """
    floor = workload.replica_floor
    if floor == 0 or floor >= minimum or workload.is_leader_elected:
        return
    autoscaler = next(iter(workload.autoscalers), None)
    if autoscaler is not None:
        field = "minReplicas" if isinstance(autoscaler, HorizontalPodAutoscaler) else "minReplicaCount"
        place = autoscaler.at("spec", field)
    else:
        place = workload.at("spec", "replicas")
        if not place.is_written:
            place = workload.at("metadata", "name")
    replicas = "a single replica" if floor == 1 else f"{floor} replicas"
    how = f", as {autoscaler} allows" if autoscaler is not None else ""
    yield Finding(
        place,
        f"{workload} runs with {replicas}{how}: a drain of its node is an outage",
        label="one replica is the default" if not workload.at("spec", "replicas").is_written else None,
        help=f"run at least {minimum} replicas{_KEEPS_DATA if _has_volumes_of_its_own(workload) else ''}",
        lower=workload.tolerance + int(_is_recreated_around_a_volume(workload) or workload.stands_in("kube-system")),
    )


def _has_volumes_of_its_own(workload: Deployment | StatefulSet) -> bool:
    """Whether it keeps data: more replicas of a database are more databases, unless it knows how to replicate."""
    return isinstance(workload, StatefulSet) or _is_recreated_around_a_volume(workload)


def _is_recreated_around_a_volume(workload: Deployment | StatefulSet) -> bool:
    return workload.get("spec", "strategy", "type") == "Recreate" and any(
        volume.get("persistentVolumeClaim") is not None for volume in workload.pod.volumes
    )

from collections.abc import Iterator

from ekslint import (
    CronJob,
    Deployment,
    Finding,
    Job,
    ReplicaSet,
    ReplicationController,
    Rollout,
    Severity,
    StatefulSet,
    rule,
)


@rule(Severity.WARNING, since="0.1.0", tags=("scheduling", "upgrades"), dialects=("kubernetes",))
def deployment_tolerates_everything(
    workload: Deployment | StatefulSet | ReplicaSet | ReplicationController | Rollout | Job | CronJob,
) -> Iterator[Finding]:
    """Pods that are no daemons tolerate every taint, also that of a node which is being drained.

    ## Why is this bad?
    A drained node is cordoned by a taint. Pods that tolerate it land on the very node that they were evicted from, so
    that the node never gets empty: an upgrade of a managed node group then fails with PodEvictionFailure. They also run
    on GPU, Spot and Windows nodes that taints should keep free.

    ## When it stays silent
    DaemonSets and bare pods, and tolerations of `NoExecute` or `PreferNoSchedule` alone. For components that must run
    before any node is ready, as their `system-*-critical` priority says, it is advice.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    """
    pod = workload.pod
    for index, toleration in enumerate(pod.tolerations):
        if toleration.operator == "Exists" and not toleration.key and toleration.effect in {"", "NoSchedule"}:
            priority = None if pod.unknown("priorityClassName") else pod.priority_class_name
            every = "every NoSchedule taint" if toleration.effect else "every taint"
            yield Finding(
                pod.at("tolerations", index),
                f"{workload} tolerates {every}, also that of nodes which are being drained: its pods come back to them",
                label="tolerates cordoned nodes",
                help="tolerate the taints that are meant, by key",
                lower=int((priority or "").startswith("system-")),
            )

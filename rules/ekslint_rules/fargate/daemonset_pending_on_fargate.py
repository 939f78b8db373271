from collections.abc import Iterator

from ekslint import DaemonSet, Finding, Severity, rule
from ekslint_rules.fargate._pods import FARGATE_TAINT, keeps_off_fargate


@rule(
    Severity.WARNING, since="0.1.0", tags=("fargate", "scheduling"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def daemonset_pending_on_fargate(workload: DaemonSet) -> Iterator[Finding]:
    """A DaemonSet tolerates the taint of Fargate nodes, where its pods can never start.

    ## Why is this bad?
    The DaemonSet controller makes a pod for every Fargate node, and Fargate refuses it: pods that stay Pending for
    ever, alarms, and rollouts that never end.

    ## When it stays silent
    An affinity `eks.amazonaws.com/compute-type NotIn [fargate]`, or any other selector that Fargate nodes do not
    meet; clusters without Fargate profiles.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations
    - amazon-vpc-cni-k8s, the affinity of its DaemonSet
    """
    cluster = workload.cluster
    if cluster is None or not cluster.fargate_profiles:
        return
    pod = workload.pod
    for index, toleration in enumerate(pod.tolerations):
        if not toleration.tolerates(FARGATE_TAINT):
            continue
        if keeps_off_fargate(pod):
            return
        profile = cluster.fargate_profiles[0]
        yield Finding(
            pod.at("tolerations", index, "key" if toleration.key else "operator"),
            f"{workload} tolerates the taint of Fargate nodes, where its pods stay Pending: Fargate runs no DaemonSets",
            label="Fargate nodes too",
            help="require eks.amazonaws.com/compute-type NotIn [fargate] in its node affinity",
            related=[(profile.at("name"), f"{profile} makes such nodes")],
        )
        return

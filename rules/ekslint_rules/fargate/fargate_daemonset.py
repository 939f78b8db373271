from collections.abc import Iterator

from ekslint import Cause, DaemonSet, Finding, Placement, Severity, rule
from ekslint_rules.fargate._pods import is_fargate_only, is_whole, selecting

CAUSES = (Cause.DAEMONSET_ON_FARGATE,)


@rule(Severity.ERROR, since="0.1.0", tags=("fargate",), dialects=("eksctl", "cloudformation", "kubernetes"))
def fargate_daemonset(placement: Placement) -> Iterator[Finding]:
    """A DaemonSet in a cluster, or for a namespace, whose pods run on Fargate.

    ## Why is this bad?
    Fargate runs no DaemonSets. In a cluster of Fargate profiles alone it never has a pod; elsewhere it serves the EC2
    nodes, and not the pods that the profile takes from the same namespace.

    ## When it stays silent
    Files that may only add profiles to a cluster. Advice where the cluster has nodes too, which then run it.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations
    """
    workload, cluster = placement.workload, placement.cluster
    if not isinstance(workload, DaemonSet):
        return
    help_ = "run the agent as a sidecar, or use the log router of Fargate (ConfigMap aws-logging)"
    if placement.rejections(*CAUSES):
        if is_whole(cluster):
            yield Finding(
                workload.at("name"),
                f"{workload} never runs: {cluster} has Fargate profiles only, and Fargate runs no DaemonSets",
                label="no nodes for it",
                help=help_,
                related=[(each.at("name"), f"{each}") for each in cluster.fargate_profiles],
            )
        return
    if is_fargate_only(cluster):
        return
    for profile in selecting(placement):
        yield Finding(
            workload.at("name"),
            f"{profile} selects the pods of {workload}, but Fargate runs no DaemonSets: it runs on EC2 nodes only",
            label="on EC2 nodes only",
            help=help_,
            related=[(profile.at("selectors"), f"{profile} selects it")],
            severity=Severity.INFO,
        )
        return

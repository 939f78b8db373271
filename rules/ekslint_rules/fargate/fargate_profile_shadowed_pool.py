from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.RUNS_ON_FARGATE,)


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("fargate", "scheduling"),
    dialects=("eksctl", "cloudformation", "karpenter", "kubernetes"),
)
def fargate_profile_shadowed_pool(placement: Placement) -> Iterator[Finding]:
    """A workload selects nodes of a pool, but a Fargate profile takes its pods away.

    ## Why is this bad?
    EKS decides for Fargate when the pod is created. What it takes runs nowhere else, and no Fargate node has the
    labels of the pool: the pod stays Pending.

    ## When it stays silent
    Pods with the annotation `eks.amazonaws.com/compute-type: ec2`, and profiles whose selectors are known only at
    deploy time.

    ## References
    - Amazon EKS user guide, Fargate profiles
    """
    for rejection in rejected(placement, CAUSES):
        profile = placement.fargate_profile
        if profile is None:
            continue
        yield rejection.finding(
            f"{placement.workload} selects nodes that Fargate does not have, but {profile} takes its pods: they go to "
            "Fargate and nowhere else",
            label="never looked at",
            help="annotate the pods with eks.amazonaws.com/compute-type: ec2, or narrow the profile's selectors",
            related=[(profile.at("selectors"), f"{profile} selects it")],
        )

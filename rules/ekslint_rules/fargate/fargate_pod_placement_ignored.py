from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.scheduling._verdicts import rejected

CAUSES = (Cause.LABEL_NOT_ON_FARGATE,)


@rule(
    Severity.ERROR, since="0.1.0", tags=("fargate", "scheduling"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def fargate_pod_placement_ignored(placement: Placement) -> Iterator[Finding]:
    """A pod that a Fargate profile takes asks for labels that no Fargate node has.

    ## Why is this bad?
    Fargate nodes have no labels of one's own, no instance type and no arm64: the pod stays Pending.

    ## When it stays silent
    `eks.amazonaws.com/compute-type: fargate`, `kubernetes.io/os: linux`, `kubernetes.io/arch: amd64`, and zones of the
    profile's subnets. Where another pool has the labels it is `fargate-profile-shadowed-pool`.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations; Fargate profiles
    """
    for rejection in rejected(placement, CAUSES):
        profile = placement.fargate_profile
        related = [(profile.at("selectors"), f"{profile} selects it")] if profile is not None else []
        yield rejection.finding(
            f"{profile} takes {placement.workload}, but no Fargate node {rejection.demand}",
            label="no Fargate node has this",
            help="drop the requirement, or keep the pod out of the profile's selectors",
            related=related,
        )

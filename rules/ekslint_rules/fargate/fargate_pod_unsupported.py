from collections.abc import Iterator

from ekslint import Cause, Finding, Placement, Severity, rule
from ekslint_rules.fargate._obstacles import obstacles

CAUSES = (Cause.UNSUPPORTED_ON_FARGATE,)


@rule(
    Severity.ERROR, since="0.1.0", tags=("fargate", "scheduling"), dialects=("eksctl", "cloudformation", "kubernetes")
)
def fargate_pod_unsupported(placement: Placement) -> Iterator[Finding]:
    """A Fargate profile takes a pod that Fargate does not run.

    ## Why is this bad?
    What a profile selects goes to Fargate and nowhere else. There the pod stays Pending with "Pod not supported on
    Fargate": no privileged containers, added capabilities, host network or host ports, host paths, EBS or other
    volumes that are made on demand, GPUs, or Windows.

    ## When it stays silent
    Pods that no profile selects, and those with the annotation `eks.amazonaws.com/compute-type: ec2`. Volumes whose
    claim or class is not in the files. A warning for `hostPID` and `hostIPC`, about which the documentation says
    nothing.

    ## References
    - Amazon EKS user guide, AWS Fargate: considerations
    """
    profile = placement.fargate_profile
    if profile is None:
        return
    found = list(obstacles(placement.workload))
    if not found:
        return
    found.sort(key=lambda each: -each.severity)
    first, *others = found
    yield Finding(
        first.place,
        f"{profile} takes {placement.workload}, but Fargate does not run it: {first.what}",
        label="not on Fargate",
        help="run it on nodes: keep its namespace or labels out of the profile's selectors",
        related=[
            *((each.place, each.what) for each in others),
            (profile.at("selectors"), f"{profile} selects it"),
        ],
        severity=first.severity,
    )

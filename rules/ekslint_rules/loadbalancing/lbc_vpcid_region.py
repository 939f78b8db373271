from collections.abc import Iterator

from ekslint import Container, Finding, Placement, Severity, Verdict, rule
from ekslint_rules._instance_metadata import metadata_blocked_at, why_blocked
from ekslint_rules.iam._pod_credentials import has_own_identity
from ekslint_rules.loadbalancing._controller import controller_container
from ekslint_rules.scaling._cluster_autoscaler import flags

_NETWORK_FLAGS = frozenset({"aws-vpc-id", "aws-vpc-tags"})
_REGION_FLAG = "aws-region"
_REGION_VARIABLES = frozenset({"AWS_DEFAULT_REGION", "AWS_REGION"})
_INSTANCE_VARIABLE = "NODENAME"
"""An instance ID in it is asked for at EC2 where the metadata are out of reach."""
_FIRST_IMAGE, _FIRST_NETWORK_VARIABLE = "aws-alb-ingress-controller", "AWS_VPC_ID"
"""Version 1 read the VPC from its environment as well; its successor does not."""


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("network",),
    dialects=("kubernetes", "eksctl", "cloudformation", "karpenter"),
)
def lbc_vpcid_region(placement: Placement) -> Iterator[Finding]:
    """The AWS Load Balancer Controller asks the instance metadata for its VPC, out of its reach.

    ## Why is this bad?
    Without `--aws-vpc-id` (or `--aws-vpc-tags`) and `--aws-region` it looks both up in the instance metadata at the
    start. Fargate has none; on Auto Mode nodes, and where the hop limit is 1, the answers do not get into pods. It
    ends with "failed to fetch VPC ID from instance metadata" and restarts for good.

    ## When it stays silent
    The flags; the region in `AWS_REGION` or `AWS_DEFAULT_REGION`, which a role for its service account puts there too;
    pods on the host network; pods that may run on a node whose metadata they reach, with a hop limit of 2 or the
    image's own; pods of which the files do not tell where they run.

    ## References
    - AWS Load Balancer Controller, installation: using the Amazon EC2 instance metadata server version 2
    - AWS Load Balancer Controller, configuration options: aws-region, aws-vpc-id, aws-vpc-tags
    - Amazon EKS user guide, troubleshoot EKS Auto Mode: pods and the instance metadata
    """
    workload = placement.workload
    container = controller_container(workload)
    if container is None or placement.verdict is not Verdict.FITS or workload.pod.uses_host_network:
        return
    pools = placement.possible
    places = [place for place in map(metadata_blocked_at, pools) if place is not None]
    if len(places) < len(pools):
        return
    # With a role, the webhook that injects it sets the region as well.
    has_role = has_own_identity(workload, placement.cluster) is not False
    missing = _missing(container, knows_region=has_role)
    if not missing:
        return
    what = {"--aws-region": "region", "--aws-vpc-id": "VPC"}
    yield Finding(
        container.at("args"),
        f"{workload} asks the instance metadata for its {' and its '.join(what[flag] for flag in missing)}, which its "
        f"pods cannot reach on {pools[0]}",
        label=f"without {' and '.join(missing)}",
        help=f"set {' and '.join(missing)}",
        related=[(place, why_blocked(pool)) for place, pool in zip(places, pools, strict=True)],
    )


def _missing(container: Container, *, knows_region: bool) -> list[str]:
    """The flags that the controller needs here and is not given; an empty one counts as none."""
    given = {flag.name for flag in flags(container) if flag.value}
    variables = {each.name for each in container.environment}
    missing = []
    if not (knows_region or container.environment_sources or _REGION_FLAG in given or variables & _REGION_VARIABLES):
        missing.append("--aws-region")
    image = container.image_reference
    reads_variable = image is not None and image.name == _FIRST_IMAGE
    knows_network = not given.isdisjoint(_NETWORK_FLAGS) or _INSTANCE_VARIABLE in variables
    if reads_variable and (_FIRST_NETWORK_VARIABLE in variables or container.environment_sources):
        knows_network = True
    return missing if knows_network else [*missing, "--aws-vpc-id"]

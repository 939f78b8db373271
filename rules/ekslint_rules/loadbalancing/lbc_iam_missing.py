from collections.abc import Iterator

from ekslint import (
    Finding,
    KubernetesObject,
    NodeGroup,
    Place,
    Placement,
    Pool,
    ServiceAccount,
    Severity,
    Verdict,
    Workload,
    rule,
)
from ekslint_rules._installations import may_go_to
from ekslint_rules._instance_metadata import metadata_blocked_at, why_blocked
from ekslint_rules._permissions import lacks_action
from ekslint_rules.iam._pod_credentials import has_own_identity
from ekslint_rules.loadbalancing._controller import controller_container

_ACTION = "elasticloadbalancing:CreateLoadBalancer"
_KUBE2IAM_ROLE = "iam.amazonaws.com/role"


@rule(
    Severity.ERROR,
    since="0.1.0",
    tags=("iam", "network"),
    dialects=("kubernetes", "eksctl", "cloudformation", "karpenter"),
)
def lbc_iam_missing(placement: Placement) -> Iterator[Finding]:
    """The AWS Load Balancer Controller runs without the right to make load balancers.

    ## Why is this bad?
    It asks EC2 and Elastic Load Balancing for everything that it does. Without a role of its own it takes the node's,
    which has no such policy, or which its pods cannot get at: on Fargate, on Auto Mode nodes, and behind a hop limit
    of 1. Every Ingress then stays without an address, with AccessDenied or NoCredentialProviders in its log.

    ## When it stays silent
    A role for its service account by annotation, by eksctl's `iam.serviceAccounts` (which makes the account too) or by
    Pod Identity, also through a custom resource; keys in its environment; a role by kube2iam; an account that no file
    shows, as whoever makes it may give it a role; nodes whose role has the policy, or may have it (a role or a policy
    from elsewhere); pods of which the files do not tell where they run; a chart that is not rendered.

    ## References
    - AWS Load Balancer Controller, installation: configure IAM
    - Amazon EKS user guide, install AWS Load Balancer Controller with Helm
    """
    workload, cluster = placement.workload, placement.cluster
    container = controller_container(workload)
    if container is None or placement.verdict is not Verdict.FITS:
        return
    if has_own_identity(workload, cluster) is not False or _gets_role_otherwise(workload):
        return
    obstacles: list[tuple[Place, str]] = []
    reasons: set[str] = set()
    for pool in placement.possible:
        found = _obstacle(pool, on_host_network=workload.pod.uses_host_network)
        if found is None:
            return
        place, at_pool, reason = found
        obstacles.append((place, at_pool))
        reasons.add(reason)
    name = workload.pod.service_account_name or "default"
    account = next(iter(workload.estate.joins.named(workload, ServiceAccount, name)), None)
    yield Finding(
        container.at("image") if account is None else account.at("name"),
        f"{workload} may not make load balancers on {cluster}: its service account {name} has no IAM role, and "
        f"{' or '.join(sorted(reasons))}",
        label="no IAM role",
        help="give the service account a role with AWSLoadBalancerControllerIAMPolicy, by Pod Identity or annotation",
        related=[*([] if account is None else [(container.at("image"), "the controller")]), *obstacles],
        lower=cluster.may_be_partial,
    )


def _gets_role_otherwise(workload: Workload) -> bool:
    """Whether kube2iam or kiam gives its pods a role, or an object of the cluster makes Pod Identity associations."""
    if _KUBE2IAM_ROLE in workload.pod.annotations:
        return True
    objects = workload.estate.of(KubernetesObject)
    return any(
        each.kind == "PodIdentityAssociation" and any(may_go_to(each, cluster) for cluster in workload.clusters)
        for each in objects
    )


def _obstacle(pool: Pool, *, on_host_network: bool) -> tuple[Place, str, str] | None:
    """Why pods on a pool cannot do it with the node's credentials: where, what of this pool, and what of such pools.

    None where they can, or may.
    """
    blocked = None if on_host_network else metadata_blocked_at(pool)
    if blocked is not None:
        return blocked, why_blocked(pool), "its pods cannot get at the nodes'"
    if isinstance(pool, NodeGroup) and pool.role is not None and lacks_action(pool.role, _ACTION):
        return pool.role.at("managed_policies"), f"the role of {pool}", f"the nodes' lacks {_ACTION}"
    return None

from collections.abc import Iterator

from ekslint import (
    Cluster,
    Finding,
    PodIdentityAssociation,
    ServiceAccount,
    Severity,
    Workload,
    rule,
    some,
)
from ekslint_rules._permissions import SET_DESIRED_CAPACITY, lacks_action, nodes_lack_action

_IMAGE = "cluster-autoscaler"


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "autoscaling"), dialects=("kubernetes", "eksctl", "cloudformation"))
def cluster_autoscaler_no_iam(workload: Workload) -> Iterator[Finding]:
    """Cluster Autoscaler runs without the right to change node groups.

    ## Why is this bad?
    It asks Auto Scaling for its groups at the start, and ends with AccessDenied where it may not: nothing scales.

    ## When it stays silent
    A service account with a role (annotation, eksctl's `iam.serviceAccounts`, Pod Identity) that allows it, or that
    the files do not show; an account that they do not show; nodes whose role allows it, or may (a role from elsewhere);
    credentials in its environment.

    ## References
    - Cluster Autoscaler on AWS, permissions
    """
    images = [(each, each.image_reference) for each in workload.pod.containers]
    containers = [each for each, image in images if image is not None and image.name == _IMAGE]
    if not containers or any(each.environment_sources for each in containers):
        return
    if any(variable.name.startswith("AWS_") and "KEY" in variable.name for variable in containers[0].environment):
        return
    cluster = workload.cluster
    if cluster is None or cluster.is_implicit or cluster.may_be_partial:
        return
    name = workload.pod.service_account_name or "default"
    wanted = (workload.namespace, name)
    for association in cluster.pod_identity_associations:
        role = association.declared_role
        if role is not None and _is_for(association, wanted) and lacks_action(role, SET_DESIRED_CAPACITY):
            yield Finding(
                association.at("role"),
                f"{workload} may not change node groups: {role} of its service account {name} does not allow "
                f"{SET_DESIRED_CAPACITY}",
                label="this role",
                help=f"allow {SET_DESIRED_CAPACITY} and autoscaling:TerminateInstanceInAutoScalingGroup in the role",
                related=[(containers[0].at("image"), f"{workload}"), (role.at("inline_statements"), f"{role}")],
            )
            return
    if _has_role(workload, cluster, wanted):
        return
    if nodes_lack_action(cluster, SET_DESIRED_CAPACITY):
        yield Finding(
            containers[0].at("image"),
            f"{workload} may not change node groups: neither its service account {name} nor the nodes of {cluster} "
            f"have {SET_DESIRED_CAPACITY}",
            label="no permission",
            help="give the service account a role, by Pod Identity or by annotation",
        )


def _has_role(workload: Workload, cluster: Cluster, wanted: tuple[str, str]) -> bool:
    if some(cluster.pod_identity_associations, lambda each: _is_for(each, wanted)):
        return True
    if any((each.namespace, each.name) == wanted for each in cluster.service_accounts):
        return True
    accounts = [each for each in workload.beside(ServiceAccount) if each.known_name == wanted[1]]
    # Who makes the account may give it a role too.
    return not accounts or any(each.role is not None for each in accounts)


def _is_for(association: PodIdentityAssociation, wanted: tuple[str, str]) -> bool:
    return (association.namespace, association.service_account) == wanted

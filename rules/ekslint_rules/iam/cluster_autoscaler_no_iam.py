from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeGroup, ServiceAccount, Severity, Workload, every, iam_policies, rule, some

_IMAGE, _ACTION = "cluster-autoscaler", "autoscaling:SetDesiredCapacity"


@rule(Severity.WARNING, since="0.1.0", tags=("iam", "autoscaling"), dialects=("kubernetes", "eksctl", "cloudformation"))
def cluster_autoscaler_no_iam(workload: Workload) -> Iterator[Finding]:
    """Cluster Autoscaler runs without the right to change node groups.

    ## Why is this bad?
    It asks Auto Scaling for its groups at the start, and ends with AccessDenied where it may not: nothing scales.

    ## When it stays silent
    A service account with a role (annotation, eksctl's `iam.serviceAccounts`, Pod Identity), or that the files do not
    show; nodes whose role allows it, or may (a role from elsewhere); credentials in its environment.

    ## References
    - Cluster Autoscaler on AWS, permissions
    """
    containers = [each for each in workload.pod.containers if (each.image or "").split(":")[0].endswith(_IMAGE)]
    if not containers or any(each.environment_sources for each in containers):
        return
    if any(variable.name.startswith("AWS_") and "KEY" in variable.name for variable in containers[0].environment):
        return
    cluster = workload.cluster
    if cluster is None or cluster.is_implicit or cluster.may_be_partial:
        return
    name = workload.pod.service_account_name or "default"
    if _has_role(workload, cluster, name):
        return
    groups = cluster.node_groups
    if groups and every(groups, _may_not):
        yield Finding(
            containers[0].at("image"),
            f"{workload} may not change node groups: neither its service account {name} nor the nodes of {cluster} "
            f"have {_ACTION}",
            label="no permission",
            help="give the service account a role, by Pod Identity or by annotation",
        )


def _has_role(workload: Workload, cluster: Cluster, name: str) -> bool:
    wanted = (workload.namespace, name)
    if some(cluster.pod_identity_associations, lambda each: (each.namespace, each.service_account) == wanted):
        return True
    if any((each.namespace, each.name) == wanted for each in cluster.service_accounts):
        return True
    accounts = [each for each in workload.beside(ServiceAccount) if each.known_name == name]
    # Who makes the account may give it a role too.
    return not accounts or any(each.role is not None for each in accounts)


def _may_not(group: NodeGroup) -> bool:
    if group.role is None:
        return False
    role = group.role
    if some(
        role.inline_statements,
        lambda each: each.effect == "Allow" and any(iam_policies.action_matches(one, _ACTION) for one in each.actions),
    ):
        return False
    return every(role.managed_policies, _gives_not)


def _gives_not(policy: str) -> bool:
    allowed = iam_policies.allowed_actions(policy)
    # Nobody here knows what a policy allows whose document is not in the tables.
    return allowed is not None and not any(iam_policies.action_matches(one, _ACTION) for one in allowed)

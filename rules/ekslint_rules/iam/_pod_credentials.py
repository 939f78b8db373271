"""Where the pods of a workload get AWS credentials from, as far as the files tell."""

from ekslint import Cluster, ServiceAccount, Workload

_CREDENTIALS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_WEB_IDENTITY_TOKEN_FILE"})


def has_own_identity(workload: Workload, cluster: Cluster) -> bool | None:
    """Whether pods have a role of their own (IRSA, Pod Identity) or keys; None where nobody knows.

    Undecided where that depends on a field that is unknown.
    """
    name = workload.pod.service_account_name or "default"
    namespace = workload.namespace
    for association in cluster.pod_identity_associations:
        if association.service_account == name and association.namespace == namespace:
            return True
    for declared in cluster.service_accounts:
        if declared.name == name and declared.namespace == namespace:
            return True
    for container in workload.pod.containers:
        if container.environment_sources or any(each.name in _CREDENTIALS for each in container.environment):
            return True
    accounts = list(workload.estate.joins.named(workload, ServiceAccount, name))
    if any(account.role for account in accounts):
        return True
    return False if accounts or name == "default" else None


def has_role_by_annotation(workload: Workload, cluster: Cluster) -> bool:
    """Whether the service account of a workload has a role for service accounts (IRSA), which works on all nodes.

    Undecided where that depends on a field that is unknown.
    """
    name = workload.pod.service_account_name or "default"
    namespace = workload.namespace
    if any(each.name == name and each.namespace == namespace for each in cluster.service_accounts):
        return True
    return any(account.role for account in workload.estate.joins.named(workload, ServiceAccount, name))

"""Service accounts that eksctl makes with a role, and workloads that miss them by a slip."""

from ekslint import DeclaredServiceAccount, ServiceAccount, Workload, known, nearest, some
from ekslint_rules._pod_makers import may_make_pods_beside

_DEFAULT = "default"


def account_meant(workload: Workload) -> DeclaredServiceAccount | None:
    """The account of eksctl that a workload means: one of its name elsewhere, or one that is spelled alike beside it.

    None where the workload has the account that it names, or where something that no file shows may make it.
    """
    name, cluster = workload.pod.service_account_name, workload.cluster
    if name is None or name == _DEFAULT or cluster is None or cluster.is_implicit or not cluster.service_accounts:
        return None
    if any(each.name == name and each.namespace in workload.namespace_options for each in cluster.service_accounts):
        return None
    if some(workload.estate.joins.named(workload, ServiceAccount, name), lambda found: True):
        return None
    own = (workload.namespace, name)
    if some(cluster.pod_identity_associations, lambda each: (each.namespace, each.service_account) == own):
        return None
    found = _of_its_name(workload, name) or _spelled_alike(workload, name)
    return None if found is None or may_make_pods_beside(workload) else found


def _of_its_name(workload: Workload, name: str) -> DeclaredServiceAccount | None:
    cluster = workload.cluster
    if cluster is None or None in workload.namespace_options:
        return None  # whoever applies it picks the namespace
    return next(known(cluster.service_accounts, lambda each: each.name == name), None)


def _spelled_alike(workload: Workload, name: str) -> DeclaredServiceAccount | None:
    cluster = workload.cluster
    accounts = [] if cluster is None else cluster.service_accounts
    beside = {
        each.name: each
        for each in known(accounts, lambda each: each.namespace == workload.namespace)
        if each.name is not None
    }
    meant = nearest(name, beside)
    return None if meant is None else beside[meant]

from collections.abc import Iterator

from ekslint import Cluster, Finding, PodIdentityAssociation, ServiceAccount, Severity, addons, nearest, rule
from ekslint_rules._installations import may_go_to

_ENOUGH_ACCOUNTS = 5


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("eksctl", "cloudformation"))
def pod_identity_sa_missing(cluster: Cluster) -> Iterator[Finding]:
    """A Pod Identity association is for a service account that no pod has.

    ## Why is this bad?
    An association goes by namespace and name, and EKS does not look whether there is such a service account. With a
    slip in one of them the pods that it is meant for get no role, and use that of their node.

    ## When it stays silent
    Accounts that a manifest declares, or that a workload uses; kube-system and the other namespaces of EKS add-ons,
    which make accounts of their own. Advice where no account is nearly the same, and silent with fewer than five
    service accounts in sight: it is elsewhere, then.

    ## References
    - Amazon EKS user guide, assign an IAM role to a Kubernetes service account with EKS Pod Identity
    """
    if cluster.is_implicit:
        return
    known = _accounts(cluster)
    of_addons = {each.namespace for each in addons.addons().values()}
    served = [
        (each.namespace, each.service_account)
        for each in cluster.pod_identity_associations
        if not each.unknown("namespace") and not each.unknown("service_account")
    ]
    for association in cluster.pod_identity_associations:
        if association.unknown("namespace") or association.unknown("service_account"):
            continue
        namespace, name = association.namespace, association.service_account
        if not namespace or not name or namespace in of_addons or {(namespace, name), (None, name)} & known:
            continue
        others = sorted((space, one) for space, one in known if space is not None and (space, one) not in served)
        elsewhere = [space for space, one in others if one == name]
        meant = nearest(name, [one for space, one in others if space == namespace])
        yield from _finding(cluster, association, elsewhere, meant, len(known))


def _finding(
    cluster: Cluster, association: PodIdentityAssociation, elsewhere: list[str], meant: str | None, count: int
) -> Iterator[Finding]:
    namespace, name = association.namespace, association.service_account
    if elsewhere:
        yield Finding(
            association.at("namespace"),
            f"{association} has no effect: the service account {name} is in namespace {elsewhere[0]}, not {namespace}",
            label=f"did you mean {elsewhere[0]}?",
            lower=cluster.may_be_partial,
        )
    elif meant is not None or count >= _ENOUGH_ACCOUNTS:
        yield Finding(
            association.at("service_account"),
            f"{association} is for a service account that no file declares or uses",
            label=f"did you mean {meant}?" if meant is not None else "not found",
            severity=None if meant is not None else Severity.INFO,
            lower=cluster.may_be_partial,
        )


def _accounts(cluster: Cluster) -> set[tuple[str | None, str]]:
    """Every service account that is declared or used on the cluster; without a namespace where that is not known."""
    found: set[tuple[str | None, str]] = set()
    for account in cluster.estate.of(ServiceAccount):
        if account.known_name is not None and may_go_to(account, cluster):
            found.update((namespace, account.known_name) for namespace in account.namespace_options)
    for workload in cluster.workloads:
        if workload.pod.unknown("serviceAccountName"):
            continue
        name = workload.pod.service_account_name or "default"
        found.update((namespace, name) for namespace in workload.namespace_options)
    return found

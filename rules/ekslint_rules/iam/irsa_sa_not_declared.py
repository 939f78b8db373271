from collections.abc import Iterator

from ekslint import DeclaredServiceAccount, Finding, ServiceAccount, Severity, Workload, rule
from ekslint_rules.iam._declared_accounts import account_meant


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("kubernetes", "eksctl"))
def irsa_sa_not_declared(subject: ServiceAccount | Workload) -> Iterator[Finding]:
    """A manifest and eksctl do not agree on a service account with a role.

    ## Why is this bad?
    eksctl makes the service account and annotates it with its role. Where a manifest declares the same account without,
    a tool that prunes (Argo CD, Flux, `kubectl replace`) takes the annotation away, and the pods lose their role. Where
    a workload names it wrongly, or is in another namespace, the API server refuses its pods.

    ## When it stays silent
    Accounts with `roleOnly: true`, which the manifest is meant to make. Manifests with the annotation. Workloads whose
    account a manifest declares, a Helm release may make, or none of eksctl's is like.

    ## References
    - eksctl, IAM roles for service accounts
    """
    if isinstance(subject, Workload):
        yield from _of_workload(subject)
        return
    cluster, name = subject.cluster, subject.known_name
    if cluster is None or name is None or subject.role is not None:
        return
    declared = _declared(subject, list(cluster.service_accounts), name)
    if declared is not None and not declared.role_only:
        yield Finding(
            subject.at("name"),
            f"{subject} stands here without the role that eksctl gives it: applying this may take the role away",
            label="no eks.amazonaws.com/role-arn",
            help="remove the manifest, or set roleOnly: true and annotate the account here",
            related=[(declared.at("name"), "made by eksctl")],
        )


def _of_workload(workload: Workload) -> Iterator[Finding]:
    meant = None if workload.is_owned else account_meant(workload)
    if meant is None:
        return
    name = workload.pod.service_account_name
    place = workload.pod.at("serviceAccountName")
    where, hint = f"under the name {meant.name}", meant.name
    if meant.name == name:
        where, hint = f"in namespace {meant.namespace}, not {workload.namespace}", meant.namespace
    yield Finding(
        place if place.is_written else workload.pod.at("serviceAccount"),
        f"{workload} names the service account {name}, which eksctl makes {where}",
        label=f"did you mean {hint}?",
        related=[(meant.at("name"), "made by eksctl")],
    )


def _declared(
    account: ServiceAccount, accounts: list[DeclaredServiceAccount], name: str
) -> DeclaredServiceAccount | None:
    for each in accounts:
        if each.name == name and each.namespace == account.namespace:
            return each
    return None

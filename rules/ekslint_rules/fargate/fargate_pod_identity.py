from collections.abc import Iterator

from ekslint import Cluster, Finding, PodIdentityAssociation, Severity, rule
from ekslint_rules.fargate._pods import pods_on_fargate
from ekslint_rules.iam._pod_credentials import has_role_by_annotation


@rule(Severity.ERROR, since="0.1.0", tags=("fargate", "iam"), dialects=("eksctl", "cloudformation"))
def fargate_pod_identity(cluster: Cluster) -> Iterator[Finding]:
    """A pod on Fargate is to get its role through EKS Pod Identity, which Fargate does not have.

    ## Why is this bad?
    The agent of Pod Identity is a DaemonSet: on Fargate nobody answers, and every call to AWS fails without
    credentials.

    ## When it stays silent
    Service accounts that no pod on Fargate uses; names that are known only at deploy time; service accounts with a role
    by annotation (IRSA), which works on Fargate and comes first.

    ## References
    - Amazon EKS user guide, EKS Pod Identity: restrictions
    """
    associations: dict[tuple[str, str], PodIdentityAssociation] = {}
    for each in cluster.pod_identity_associations:
        if not each.unknown("namespace") and not each.unknown("service_account"):
            associations[each.namespace or "", each.service_account or ""] = each
    if not associations:
        return
    said: set[int] = set()
    for placement, profile in pods_on_fargate(cluster, only_certain=True):
        workload = placement.workload
        account = workload.pod.service_account_name or "default"
        association = associations.get((workload.namespace, account))
        if association is None or id(association) in said or has_role_by_annotation(workload, cluster):
            continue
        said.add(id(association))
        yield Finding(
            association.at("service_account"),
            f"{workload} runs on Fargate with the service account {account}, but Pod Identity does not work there",
            label="not on Fargate",
            help="use an IAM role for the service account (IRSA) in its place",
            related=[
                (workload.at("name"), f"{workload} uses the service account"),
                (profile.at("selectors"), f"{profile} takes it"),
            ],
        )

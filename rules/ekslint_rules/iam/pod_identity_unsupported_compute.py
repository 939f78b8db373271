from collections.abc import Iterator

from ekslint import Cluster, Finding, Placement, PodIdentityAssociation, Severity, rule
from ekslint_rules.iam._pod_credentials import has_role_by_annotation


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "cloudformation", "eksctl"))
def pod_identity_unsupported_compute(placement: Placement) -> Iterator[Finding]:
    """Pods rely on Pod Identity on Windows nodes, where it does not work.

    ## Why is this bad?
    The agent that hands out the credentials runs on Linux nodes alone. Elsewhere the pods get no credentials for the
    role of the association.

    ## When it stays silent
    Service accounts without an association, and those with a role by annotation (IRSA), which works everywhere. Pods
    on Fargate are `fargate-pod-identity`.

    ## References
    - Amazon EKS user guide, learn how EKS Pod Identity grants Pods access to AWS services
    """
    workload, cluster = placement.workload, placement.cluster
    name = workload.pod.service_account_name
    if name is None or not workload.pod.is_windows or not cluster.pod_identity_associations:
        return
    association = _association(cluster, workload.namespace, name)
    if association is None or has_role_by_annotation(workload, cluster):
        return
    yield Finding(
        workload.pod.at("serviceAccountName"),
        f"{workload} runs on Windows nodes, where Pod Identity gives its service account {name} no credentials",
        label="no Pod Identity there",
        help="use a role for service accounts (IRSA)",
        related=[(association.at("service_account"), "the association")],
    )


def _association(cluster: Cluster, namespace: str, name: str) -> PodIdentityAssociation | None:
    for association in cluster.pod_identity_associations:
        if association.namespace == namespace and association.service_account == name:
            return association
    return None

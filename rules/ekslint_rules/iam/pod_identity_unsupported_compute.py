from collections.abc import Iterator

from ekslint import Cluster, Finding, Placement, PodIdentityAssociation, Severity, rule


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "cloudformation", "eksctl"))
def pod_identity_unsupported_compute(placement: Placement) -> Iterator[Finding]:
    """Pods rely on Pod Identity where it does not work: on Fargate or on Windows.

    ## Why is this bad?
    The agent that hands out the credentials runs on Linux EC2 nodes alone. Elsewhere the pods get no credentials for
    the role of the association.

    ## When it stays silent
    Service accounts without an association, and those with a role by annotation (IRSA), which works everywhere.

    ## References
    - Amazon EKS user guide, learn how EKS Pod Identity grants Pods access to AWS services
    """
    workload, cluster = placement.workload, placement.cluster
    name = workload.pod.service_account_name
    if name is None or not cluster.pod_identity_associations:
        return
    association = _association(cluster, workload.namespace, name)
    if association is None:
        return
    where = None
    if workload.pod.is_windows:
        where = "Windows nodes"
    else:
        profile = placement.fargate_profile
        if profile is not None:
            where = f"Fargate ({profile})"
    if where is not None:
        yield Finding(
            workload.pod.at("serviceAccountName"),
            f"{workload} runs on {where}, where Pod Identity gives its service account {name} no credentials",
            label="no Pod Identity there",
            help="use a role for service accounts (IRSA)",
            related=[(association.at("service_account"), "the association")],
        )


def _association(cluster: Cluster, namespace: str, name: str) -> PodIdentityAssociation | None:
    for association in cluster.pod_identity_associations:
        if association.namespace == namespace and association.service_account == name:
            return association
    return None

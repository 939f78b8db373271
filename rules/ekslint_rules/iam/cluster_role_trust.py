from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, node_policies, rule
from ekslint_rules.iam._roles import declared_role
from ekslint_rules.iam._trust import in_words, trusted_services, trusts


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl"))
def cluster_role_trust(cluster: Cluster) -> Iterator[Finding]:
    """The role of a cluster cannot be assumed by EKS.

    ## Why is this bad?
    Unless the trust policy lets eks.amazonaws.com assume the role, EKS refuses to create the cluster.

    ## When it stays silent
    Roles that are declared elsewhere, and trust policies that are known only at deploy time. What Auto Mode needs
    beyond that is the matter of `auto-cluster-role`.

    ## References
    - Amazon EKS user guide, Amazon EKS cluster IAM role
    """
    role = declared_role(cluster)
    if role is None or role.dialect != "cloudformation":
        return
    services = node_policies.trust_of(node_policies.Principal.CLUSTER).services
    if trusts(role, services):
        return
    yield Finding(
        role.at("trust"),
        f"{role} {in_words(trusted_services(role))}: EKS cannot assume it, and {cluster} cannot be created",
        label=f"not {services[0]}",
        help=f"let the service {services[0]} do sts:AssumeRole in its trust policy",
        related=[(cluster.at("role"), f"the role of {cluster}")],
    )

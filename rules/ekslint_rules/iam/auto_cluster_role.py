from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, node_policies, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.iam._policies import has_own_statements, lacks
from ekslint_rules.iam._roles import declared_role
from ekslint_rules.iam._trust import trusts

_TAG_SESSION = "sts:TagSession"


@rule(Severity.ERROR, since="0.1.0", tags=("iam", "automode"), dialects=("cloudformation", "eksctl"))
def auto_cluster_role(cluster: Cluster) -> Iterator[Finding]:
    """The role of a cluster with Auto Mode lacks a policy, or may not tag its session.

    ## Why is this bad?
    In Auto Mode EKS itself makes nodes, disks and load balancers, with policies that ordinary clusters do not need, and
    tags its session with the cluster's name: without sts:TagSession in the trust policy it cannot use the role.

    ## When it stays silent
    Roles that are declared elsewhere, what is known only at deploy time, and policies that allow the same actions.

    ## References
    - Amazon EKS user guide, Amazon EKS Auto Mode cluster IAM role
    """
    role = declared_role(cluster)
    if cluster.auto_mode is None or role is None or role.dialect != "cloudformation":
        return
    related = [(cluster.at("role"), f"the role of {cluster}")]
    principal = node_policies.Principal.AUTO_CLUSTER
    needs = node_policies.needs_of(principal)
    missing = [node_policies.grant_for(need).policies[0] for need in needs if lacks(role, need)]
    if missing:
        shown = enumerated(missing)
        yield Finding(
            role.at("managed_policies"),
            f"{role} of {cluster} lacks {shown}, which Auto Mode needs",
            label="not enough for Auto Mode",
            help=f"attach {shown}",
            related=related,
            lower=int(has_own_statements(role)),
        )
    services = node_policies.trust_of(principal).services
    # Whether EKS may assume it at all is what `cluster-role-trust` asks.
    if trusts(role, services) and not trusts(role, services, _TAG_SESSION):
        yield Finding(
            role.at("trust"),
            f"{role} of {cluster} lets EKS assume it, but not tag the session, as Auto Mode does",
            label=f"no {_TAG_SESSION}",
            help=f"add {_TAG_SESSION} to the actions",
            related=related,
        )

from collections.abc import Iterator

from ekslint import Cluster, Finding, Severity, node_policies, rule
from ekslint_rules.iam._policies import has_own_statements, lacks
from ekslint_rules.iam._roles import declared_role

_OBSOLETE = "AmazonEKSServicePolicy"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl"))
def cluster_role_policy(cluster: Cluster) -> Iterator[Finding]:
    """The role of a cluster lacks AmazonEKSClusterPolicy, or has a policy that is not needed any more.

    ## Why is this bad?
    The control plane acts on load balancers, network interfaces and tags with this role: EKS refuses to create a
    cluster whose role cannot. AmazonEKSServicePolicy has been needless since April 2020 (advice).

    ## When it stays silent
    Roles that are declared elsewhere, policies that are known only at deploy time or that allow the same actions, and
    clusters on Outposts, which have a policy of their own. For Auto Mode `auto-cluster-role` speaks.

    ## References
    - Amazon EKS user guide, Amazon EKS cluster IAM role
    """
    role = declared_role(cluster)
    if role is None or role.dialect != "cloudformation" or cluster.is_on_outpost:
        return
    if cluster.auto_mode is None and lacks(role, node_policies.Need.CLUSTER):
        yield Finding(
            role.at("managed_policies"),
            f"{role} lacks AmazonEKSClusterPolicy: {cluster} cannot be created with it",
            label="no AmazonEKSClusterPolicy",
            help="attach arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
            related=[(cluster.at("role"), f"the role of {cluster}")],
            lower=int(has_own_statements(role)),
        )
    for index, policy in enumerate(role.managed_policies):
        if node_policies.policy_name(policy) == _OBSOLETE and node_policies.is_aws_managed(policy):
            yield Finding(
                role.at("managed_policies", index),
                f"{role} has {_OBSOLETE}, which clusters have not needed since April 2020",
                label="not needed",
                help="remove it",
                severity=Severity.INFO,
            )

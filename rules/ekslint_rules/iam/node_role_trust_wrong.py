from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._roles import has_role_of_another, role_of, used_at
from ekslint_rules.iam._trust import in_words, trusted_services, trusts


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_trust_wrong(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The role of nodes cannot be assumed by EC2.

    ## Why is this bad?
    Nodes are EC2 instances: unless the trust policy lets ec2.amazonaws.com assume the role, they get no credentials.

    ## When it stays silent
    Roles that are declared elsewhere, and roles whose trust policy is known only at deploy time. The role of the
    cluster or of a Fargate profile, of which `node-role-is-cluster-role` and `node-role-is-fargate-role` speak.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    role = role_of(nodes)
    if role is None or role.dialect != "cloudformation" or has_role_of_another(nodes):
        return
    if trusts(role, node_policies.trust_of(node_policies.Principal.NODE).services):
        return
    # Groups that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("trust"),
        f"node {role} {in_words(trusted_services(role))}: EC2 cannot assume it, and nodes get no credentials",
        label="not ec2.amazonaws.com",
        help="let the service ec2.amazonaws.com do sts:AssumeRole in its trust policy",
        related=[(used_at(nodes), f"{nodes} uses it")],
    )

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, Statement, iam_policies, node_policies, rule
from ekslint_rules.iam._policies import is_cluster_role

_ASSUME_ROLE = "sts:AssumeRole"


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def node_role_trust_wrong(group: NodeGroup) -> Iterator[Finding]:
    """The role of a node group cannot be assumed by EC2.

    ## Why is this bad?
    Nodes are EC2 instances: unless the trust policy lets ec2.amazonaws.com assume the role, they get no credentials.

    ## When it stays silent
    Roles that are declared elsewhere, and roles whose trust policy is known only at deploy time. The role of the
    cluster, of which `node-role-is-cluster-role` speaks.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    role = group.role
    if role is None or role.dialect != "cloudformation" or is_cluster_role(group):
        return
    wanted = {*node_policies.trust_of(node_policies.Principal.NODE).services, "*"}
    trusted = [service for statement in role.trust for service in _trusted_by(statement)]
    if not wanted.isdisjoint(trusted):
        return
    who = f"trusts {' and '.join(dict.fromkeys(trusted))}" if trusted else "trusts no service"
    # Groups that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("trust"),
        f"node {role} {who}: EC2 cannot assume it, and nodes get no credentials",
        label="not ec2.amazonaws.com",
        help="let the service ec2.amazonaws.com do sts:AssumeRole in its trust policy",
        related=[(group.at("role"), f"{group} uses it")],
    )


def _trusted_by(statement: Statement) -> Iterator[str]:
    """The services that a statement lets assume the role; `*` for everybody."""
    if statement.effect != "Allow":
        return
    if any(iam_policies.action_matches(pattern, _ASSUME_ROLE) for pattern in statement.actions):
        yield from (value for kind, value in statement.principals if kind == "Service" or (kind, value) == ("*", "*"))

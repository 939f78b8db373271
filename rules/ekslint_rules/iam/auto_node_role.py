from collections.abc import Iterator

from ekslint import Cluster, Finding, NodeClass, Place, Role, Severity, node_policies, rule
from ekslint_rules.iam._policies import has_own_statements, lacks
from ekslint_rules.iam._roles import declared_role
from ekslint_rules.iam._trust import in_words, trusted_services, trusts

Need, Principal = node_policies.Need, node_policies.Principal


@rule(Severity.ERROR, since="0.1.0", tags=("iam", "automode"), dialects=("cloudformation", "eksctl", "karpenter"))
def auto_node_role(subject: Cluster | NodeClass) -> Iterator[Finding]:
    """The node role of Auto Mode lacks what its nodes need, or has what they do not.

    ## Why is this bad?
    Auto Mode's nodes need AmazonEKSWorkerNodeMinimalPolicy and a policy to pull images, in a role that EC2 may assume.
    Without these they never join, or start no pod. The broader policies of ordinary nodes work, but every pod on the
    node inherits them (advice).

    ## When it stays silent
    Roles that are declared elsewhere, what is known only at deploy time, and policies that allow the same actions.

    ## References
    - Amazon EKS user guide, Amazon EKS Auto Mode node IAM role
    """
    role, place = _of_node_class(subject) if isinstance(subject, NodeClass) else _of_cluster(subject)
    if role is None or role.dialect != "cloudformation":
        return
    related = [(place, "the node role of Auto Mode")]
    missing = [
        node_policies.grant_for(need).policies[0]
        for need in node_policies.needs_of(Principal.AUTO_NODE)
        if lacks(role, need)
    ]
    if missing:
        shown = " and ".join(missing)
        yield Finding(
            role.at("managed_policies"),
            f"node {role} of Auto Mode lacks {shown}: nodes cannot work",
            label=f"no {shown}",
            help=f"attach {shown}",
            related=related,
            lower=int(has_own_statements(role)),
        )
    services = node_policies.trust_of(Principal.AUTO_NODE).services
    if not trusts(role, services):
        yield Finding(
            role.at("trust"),
            f"node {role} of Auto Mode {in_words(trusted_services(role))}: EC2 cannot assume it",
            label=f"not {services[0]}",
            help=f"let the service {services[0]} do sts:AssumeRole in its trust policy",
            related=related,
        )
    # Managed groups may share the role: they do need what Auto Mode does not.
    cluster = subject.cluster if isinstance(subject, NodeClass) else subject
    groups = [] if cluster is None else cluster.node_groups
    if not any(group.unknown("role") or declared_role(group) is role for group in groups):
        yield from _broader(role)


def _of_node_class(node_class: NodeClass) -> tuple[Role | None, Place]:
    name = node_class.role
    role = None if name is None else node_class.estate.role_named(name, node_class.cluster)
    return role, node_class.at("spec", "role")


def _of_cluster(cluster: Cluster) -> tuple[Role | None, Place]:
    auto_mode = cluster.auto_mode
    if auto_mode is None:
        return None, cluster.at("auto_mode")
    role = auto_mode.declared_role
    if role is None and auto_mode.node_role is not None:
        role = cluster.estate.role_named(auto_mode.node_role, cluster)
    return role, auto_mode.at("node_role")


def _broader(role: Role) -> Iterator[Finding]:
    minimal = node_policies.grant_for(Need.WORKER_MINIMAL).policies[0]
    instead = {
        node_policies.grant_for(Need.WORKER).policies[0]: f"{minimal} is enough",
        node_policies.grant_for(Need.CNI).policies[0]: "Auto Mode gives pods their addresses by itself",
    }
    for index, policy in enumerate(role.managed_policies):
        name = node_policies.policy_name(policy)
        if name in instead and node_policies.is_aws_managed(policy):
            yield Finding(
                role.at("managed_policies", index),
                f"node {role} of Auto Mode has {name}, which every pod on a node inherits: {instead[name]}",
                label="more than needed",
                help=f"use {minimal}" if name != "AmazonEKS_CNI_Policy" else "remove it",
                severity=Severity.INFO,
                discriminator=name,
            )

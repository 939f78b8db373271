from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.network._security_groups import closed_paths, report_closed_paths, speaks_for_security_groups


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def self_managed_sg_rules(group: NodeGroup) -> Iterator[Finding]:
    """The security groups of self-managed nodes and of the control plane do not let each other in.

    ## Why is this bad?
    Nodes that EKS does not manage have only the security groups of their launch template. Nodes must reach the private
    endpoint (TCP 443), the API server must reach kubelets (TCP 10250: logs, exec, metrics), and pods must reach CoreDNS
    on any node (port 53). What no rule lets through is dropped without a word.

    ## When it stays silent
    Nodes in the cluster security group; security groups, or a cluster, of another template; rules for addresses, prefix
    lists or security groups that nobody can see, which may be the right ones. The private endpoint counts where it is
    on, and an overlay network between nodes carries DNS. Ports of webhooks are not looked for.

    ## References
    - Amazon EKS user guide, view Amazon EKS security group requirements for clusters
    - Amazon EKS, amazon-eks-nodegroup.yaml: rules between nodes and control plane
    """
    if group.kind != "self-managed":
        return
    closed = closed_paths(group)
    if closed and speaks_for_security_groups(group):
        yield from report_closed_paths(
            group, closed, f"the security groups of {group} and {group.cluster} do not match"
        )

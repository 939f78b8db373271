from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, rule
from ekslint_rules.network._security_groups import closed_paths, report_closed_paths, speaks_for_security_groups


@rule(Severity.WARNING, since="0.1.0", tags=("network",), dialects=("cloudformation",))
def mng_lt_sg_without_cluster_sg(group: NodeGroup) -> Iterator[Finding]:
    """Managed nodes are left out of the cluster security group, and no rule makes up for it.

    ## Why is this bad?
    EKS puts managed nodes into the cluster security group, which lets nodes and control plane through to each other.
    It does not where the launch template names security groups: then these must have rules for the private endpoint
    (TCP 443), for kubelets (TCP 10250) and for CoreDNS on other nodes (port 53), or nodes do not join, and pods do not
    resolve names.

    ## When it stays silent
    Templates that name the cluster security group too; security groups that let nodes and control plane through to
    each other; security groups, or a cluster, of another template; rules for addresses, prefix lists or security groups
    that nobody can see, which may be the right ones. The private endpoint counts where it is on, and an overlay network
    between nodes carries DNS.

    ## References
    - Amazon EKS user guide, customize managed nodes with launch templates: using custom security groups
    - Amazon EKS user guide, view Amazon EKS security group requirements for clusters
    """
    if group.kind != "managed":
        return
    closed = closed_paths(group)
    if closed and speaks_for_security_groups(group):
        why = f"the launch template of {group} names security groups, so that EKS does not add the cluster's"
        yield from report_closed_paths(group, closed, why)

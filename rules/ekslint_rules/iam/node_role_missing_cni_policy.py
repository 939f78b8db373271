from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._policies import cni_need, has_own_statements, lacks


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def node_role_missing_cni_policy(group: NodeGroup) -> Iterator[Finding]:
    """Neither the nodes nor aws-node may give addresses to pods.

    ## Why is this bad?
    The VPC CNI attaches network interfaces with the role of its service account, or else with the node's. If neither
    allows that, nodes stay NotReady.

    ## When it stays silent
    The vpc-cni add-on has a role of its own (IRSA or Pod Identity; eksctl makes one when `iam.withOIDC` is on); Auto
    Mode; Calico or Cilium in its place; roles that are declared elsewhere; policies that are known only at deploy time
    or that allow the same actions. A warning where the cluster itself is declared elsewhere. Where eksctl's defaults
    are replaced, `eksctl-policies-replaced` speaks. Of the cluster's own role `node-role-is-cluster-role` speaks.

    ## References
    - Amazon EKS user guide, configure the Amazon VPC CNI plugin to use IRSA
    - EKS best practices guide, networking, IPv6
    """
    role = group.role
    if role is None or group.policies_replaced or group.cluster is None:
        return
    need = cni_need(group)
    if need is None or not lacks(role, need):
        return
    if need is node_policies.Need.CNI_IPV6:
        what, fix = "no IPv6 policy for the VPC CNI", "attach a policy that allows ec2:AssignIpv6Addresses"
    else:
        what, fix = "no AmazonEKS_CNI_Policy", "attach AmazonEKS_CNI_Policy"
    # Groups that share the role have the same to say of it: the sentence names none, so that it is said once.
    yield Finding(
        role.at("managed_policies"),
        f"node {role} has {what}, and aws-node no role of its own: pods get no address and nodes stay NotReady",
        label="no policy for the VPC CNI",
        help=f"{fix}, or give the vpc-cni add-on a role through Pod Identity",
        related=[(group.at("role"), f"{group} uses it")],
        lower=int(has_own_statements(role)) + int(group.cluster.is_implicit),
    )

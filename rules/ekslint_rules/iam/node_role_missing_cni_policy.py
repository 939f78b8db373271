from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._policies import cni_need, has_own_statements, lacks, replaces_defaults
from ekslint_rules.iam._roles import role_of, used_at


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_missing_cni_policy(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """Neither the nodes nor aws-node may give addresses to pods.

    ## Why is this bad?
    The VPC CNI attaches network interfaces with the role of its service account, or else with the node's. If neither
    allows that, nodes stay NotReady.

    ## When it stays silent
    The vpc-cni add-on, or the service account aws-node, has a role of its own (IRSA or Pod Identity; eksctl makes one
    when `iam.withOIDC` is on, in a stack beside the templates that it writes); Auto Mode; Calico or Cilium in its
    place, or nobody who installs it; roles that are declared elsewhere; policies that are known only at deploy time or
    that allow the same actions. A warning where the cluster itself is declared elsewhere. Where eksctl's defaults are
    replaced, `eksctl-policies-replaced` speaks. Of the roles of the cluster and of Fargate profiles
    `node-role-is-cluster-role` and `node-role-is-fargate-role` speak.

    ## References
    - Amazon EKS user guide, configure the Amazon VPC CNI plugin to use IRSA
    - EKS best practices guide, networking, IPv6
    """
    role = role_of(nodes)
    if role is None or replaces_defaults(nodes) or nodes.cluster is None:
        return
    need = cni_need(nodes)
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
        related=[(used_at(nodes), f"{nodes} uses it")],
        lower=int(has_own_statements(role)) + int(nodes.cluster.is_implicit),
    )

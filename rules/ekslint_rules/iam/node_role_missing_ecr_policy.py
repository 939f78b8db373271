from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._policies import missing_policy


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_missing_ecr_policy(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The role of nodes cannot pull images from Amazon ECR.

    ## Why is this bad?
    The images of the VPC CNI, kube-proxy and CoreDNS come from ECR: without them no node ever becomes ready.

    ## When it stays silent
    Roles that are declared elsewhere, policies that are known only at deploy time, policies of your own that allow the
    same actions, and any of AmazonEC2ContainerRegistryPullOnly, ReadOnly, PowerUser and FullAccess. Where eksctl's
    defaults are replaced, `eksctl-policies-replaced` speaks; unmanaged groups of eksctl always get the policy. Of the
    roles of the cluster and of Fargate profiles `node-role-is-cluster-role` and `node-role-is-fargate-role` speak.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    yield from missing_policy(nodes, node_policies.Need.ECR_PULL, "nodes cannot pull the images of the core add-ons")

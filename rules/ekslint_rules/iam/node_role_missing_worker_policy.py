from collections.abc import Iterator

from ekslint import EC2NodeClass, Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._policies import missing_policy
from ekslint_rules.iam._roles import role_of

Need = node_policies.Need
_MINIMAL = node_policies.grant_for(Need.WORKER_MINIMAL).policies[0]


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation", "eksctl", "karpenter"))
def node_role_missing_worker_policy(nodes: NodeGroup | EC2NodeClass) -> Iterator[Finding]:
    """The role of nodes lacks the worker node policy.

    ## Why is this bad?
    Without AmazonEKSWorkerNodePolicy a node can describe neither itself nor its cluster, and never joins. A warning
    where it has AmazonEKSWorkerNodeMinimalPolicy, as the nodes of Auto Mode: others have to be told not to look
    themselves up (nodeadm's feature gate InstanceIdNodeName).

    ## When it stays silent
    Roles that are declared elsewhere, policies that are known only at deploy time, and policies of your own that allow
    the same actions. Where eksctl's defaults are replaced, `eksctl-policies-replaced` speaks. Of the roles of the
    cluster and of Fargate profiles `node-role-is-cluster-role` and `node-role-is-fargate-role` speak.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    role = role_of(nodes)
    if role is None:
        return
    if any(node_policies.policy_name(policy) == _MINIMAL for policy in role.managed_policies):
        yield from missing_policy(
            nodes, Need.WORKER, f"{_MINIMAL} is for Auto Mode, other nodes look themselves up in EC2", lower=1
        )
    else:
        yield from missing_policy(nodes, Need.WORKER, "nodes cannot join the cluster")

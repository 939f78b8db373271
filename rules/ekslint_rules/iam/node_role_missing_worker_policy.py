from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, node_policies, rule
from ekslint_rules.iam._policies import missing_policy


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("cloudformation",))
def node_role_missing_worker_policy(group: NodeGroup) -> Iterator[Finding]:
    """The role of a node group lacks the worker node policy.

    ## Why is this bad?
    Without AmazonEKSWorkerNodePolicy a node can describe neither itself nor its cluster, and never joins.

    ## When it stays silent
    Roles that are declared elsewhere, policies that are known only at deploy time, and policies of your own that allow
    the same actions. Where eksctl's defaults are replaced, `eksctl-policies-replaced` speaks. Of the cluster's own role
    `node-role-is-cluster-role` speaks.

    ## References
    - Amazon EKS user guide, Amazon EKS node IAM role
    """
    yield from missing_policy(group, node_policies.Need.WORKER, "nodes cannot join the cluster")

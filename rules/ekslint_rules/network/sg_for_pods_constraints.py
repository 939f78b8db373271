from collections.abc import Iterator

from ekslint import Cluster, Finding, KubernetesObject, Severity, cni_settings_of, node_policies, rule, vpc_cni
from ekslint_rules._installations import goes_to
from ekslint_rules.automode._auto import is_auto_only
from ekslint_rules.iam._policies import has_own_statements, lacks
from ekslint_rules.network._cni import SECURITY_GROUP_POLICY, objects_on
from ekslint_rules.network._pod_security_groups import groups_without_branches, is_for_fargate, problems_of_policy

_CONTROLLER_POLICY = "AmazonEKSVPCResourceController"


@rule(Severity.ERROR, since="0.1.0", tags=("network", "security"), dialects=("eksctl", "cloudformation", "kubernetes"))
def sg_for_pods_constraints(subject: Cluster | KubernetesObject) -> Iterator[Finding]:
    """Pods are to have security groups of their own, which the cluster cannot give them.

    ## Why is this bad?
    Pods that a SecurityGroupPolicy selects wait for a network interface of their own. They get one only if
    `ENABLE_POD_ENI` tells the VPC CNI so, the cluster's role has AmazonEKSVPCResourceController, and the instance type
    has branch interfaces: most of Nitro do, no burstable ones (t3, t4g …). An interface takes five security groups;
    Windows pods get none; and the VPC CNI up to 1.10.2 needs time to clean up after a pod.

    ## When it stays silent
    Policies in namespaces of a Fargate profile, which needs none of that; Auto Mode, where `auto-unsupported-feature`
    speaks; a VPC CNI that neither the EKS add-on nor a DaemonSet aws-node of the files installs; clusters with
    Karpenter, or with one node group at least that has branch interfaces or unknown types; cluster roles that are
    declared elsewhere or have policies of one's own; policies that select by service account, for what they ask of
    single pods.

    ## References
    - Amazon EKS user guide, assign security groups to individual Pods
    - EKS best practices guide, networking, security groups per Pod
    - amazon-vpc-resource-controller-k8s, pkg/aws/vpc/limits.go (IsTrunkingCompatible)
    """
    if isinstance(subject, Cluster):
        yield from _of_cluster(subject)
    elif (subject.group, subject.kind) == SECURITY_GROUP_POLICY:
        yield from problems_of_policy(subject)


def _of_cluster(cluster: Cluster) -> Iterator[Finding]:
    if cluster.is_implicit:
        return
    policies = [each for each in objects_on(cluster, *SECURITY_GROUP_POLICY) if goes_to(each, cluster)]
    if not policies or is_auto_only(cluster):
        return
    policies = [each for each in policies if not is_for_fargate(each, cluster)]
    if policies:
        yield from _pools(cluster, policies)
        yield from _switch(cluster, policies)
        yield from _role(cluster, policies)


def _pools(cluster: Cluster, policies: list[KubernetesObject]) -> Iterator[Finding]:
    groups = groups_without_branches(cluster)
    if not groups:
        return
    types = ", ".join(dict.fromkeys(name for group in groups for name in group.instance_types))
    yield Finding(
        groups[0].at("instance_types"),
        f"{policies[0]} gives pods security groups of their own, but no node of {cluster} can: {types} have no branch "
        "interfaces, and the pods stay Pending",
        label="no branch interfaces",
        help="use a Nitro type that is not burstable, as m5.large or m6g.large",
        related=[
            *((group.at("instance_types"), f"{group}, too") for group in groups[1:]),
            *((policy.at("name"), f"{policy}") for policy in policies),
        ],
        lower=cluster.may_be_partial,
        discriminator="types",
    )


def _role(cluster: Cluster, policies: list[KubernetesObject]) -> Iterator[Finding]:
    role = cluster.role
    if role is not None and lacks(role, node_policies.Need.VPC_RESOURCE_CONTROLLER):
        yield Finding(
            role.at("managed_policies"),
            f"{role} lacks {_CONTROLLER_POLICY}: {cluster} cannot give nodes the interfaces for {policies[0]}",
            label=f"no {_CONTROLLER_POLICY}",
            help=f"attach arn:aws:iam::aws:policy/{_CONTROLLER_POLICY}",
            related=[(policy.at("name"), f"{policy}") for policy in policies],
            lower=int(has_own_statements(role)),
            discriminator="role",
        )


def _switch(cluster: Cluster, policies: list[KubernetesObject]) -> Iterator[Finding]:
    settings = cni_settings_of(cluster)
    if settings is None or settings.is_on(vpc_cni.POD_ENI):
        return
    what = "configuration values of the add-on vpc-cni" if settings.addon else "DaemonSet aws-node"
    yield Finding(
        settings.place,
        f"{policies[0]} gives pods security groups of their own, but the VPC CNI of {cluster} is not told to: "
        "no node offers the interface that they wait for",
        label=f"without {vpc_cni.POD_ENI}",
        help=f'set env.{vpc_cni.POD_ENI}: "true" in the {what}',
        related=[(policy.at("name"), f"{policy} cannot be met") for policy in policies],
        lower=cluster.may_be_partial,
        discriminator="switch",
    )

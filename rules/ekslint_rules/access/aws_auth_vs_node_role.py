from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Finding, Severity, rule
from ekslint_rules.access._mapped_roles import aws_auth_of, is_named, mapped_arns, may_be

_ONLY_CONFIG_MAP = (None, "CONFIG_MAP")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "cloudformation"))
def aws_auth_vs_node_role(cluster: Cluster) -> Iterator[Finding]:
    """The ConfigMap aws-auth leaves out the role of a managed node group or of a Fargate profile.

    ## Why is this bad?
    EKS writes the roles of managed node groups and Fargate profiles into aws-auth when it makes them. A ConfigMap that
    is applied afterwards takes its place, and throws out every node whose role it does not name.

    ## When it stays silent
    Clusters with access entries (authentication mode API or API_AND_CONFIG_MAP), where EKS makes an entry for them.
    Roles from elsewhere, and ARNs with placeholders. Self-managed groups are what `self-managed-role-not-mapped`
    reports; those of eksctl have generated names.

    ## References
    - Amazon EKS user guide, grant IAM users access to Kubernetes with a ConfigMap
    """
    if cluster.dialect != "cloudformation" or cluster.is_implicit:
        return
    maps: list[ConfigMap] = [each for each in aws_auth_of(cluster) if "mapRoles" in each.mapping("data")]
    if len(maps) != 1 or cluster.authentication_mode not in _ONLY_CONFIG_MAP or cluster.auto_mode is not None:
        return
    arns = mapped_arns(cluster)
    if any(arn is None or not arn.startswith("arn:") or is_named(arn, "") for arn in arns):
        return
    managed = [group for group in cluster.node_groups if group.kind == "managed"]
    for pool in [*managed, *cluster.fargate_profiles]:
        role = None if pool.unknown("role") else pool.role
        if role is None or role.dialect != "cloudformation" or any(may_be(arn, role) for arn in arns):
            continue
        yield Finding(
            maps[0].at("data", "mapRoles", key=True),
            f"aws-auth leaves out {role} of {pool}: once it is applied, its nodes are thrown out",
            label="not among these",
            help=f"add {role} to mapRoles, or use access entries (authentication mode API)",
            related=[(pool.at("role"), f"the role of {pool}")],
            discriminator=role.resource,
        )

from collections.abc import Iterator, Sequence

from ekslint import Cluster, ConfigMap, FargateProfile, Finding, NodeGroup, Severity, rule
from ekslint_rules.access._mapped_roles import aws_auth_of, is_named, mapped_arns, may_be

_ONLY_CONFIG_MAP = (None, "CONFIG_MAP")
_OF_EKSCTL = "eksctl-"
"""With which the names of roles begin that eksctl makes."""
_PLACEHOLDERS = ("$", "<", "{{")


@rule(Severity.ERROR, since="0.1.0", tags=("iam",), dialects=("kubernetes", "cloudformation", "eksctl"))
def aws_auth_vs_node_role(cluster: Cluster) -> Iterator[Finding]:
    """The ConfigMap aws-auth leaves out the role of a node group or of a Fargate profile.

    ## Why is this bad?
    EKS writes the roles of managed node groups and Fargate profiles into aws-auth when it makes them, and eksctl those
    of its self-managed groups. A ConfigMap that is applied afterwards takes its place, and throws out every node whose
    role it does not name.

    ## When it stays silent
    Clusters with access entries (authentication mode API or API_AND_CONFIG_MAP, as eksctl chooses by itself), where an
    entry is made for them. Roles of which nobody knows the name, and ARNs with placeholders. Other self-managed groups
    and the nodes of Karpenter are what `self-managed-role-not-mapped` and `karpenter-node-role-access` report.

    ## References
    - Amazon EKS user guide, grant IAM users access to Kubernetes with a ConfigMap
    """
    if cluster.is_implicit or cluster.authentication_mode not in _ONLY_CONFIG_MAP or cluster.auto_mode is not None:
        return
    maps: list[ConfigMap] = [each for each in aws_auth_of(cluster) if "mapRoles" in each.mapping("data")]
    if len(maps) != 1:
        return
    arns = [arn for arn in mapped_arns(cluster) if arn is not None and _is_whole(arn)]
    if len(arns) != len(mapped_arns(cluster)):
        return
    reported: set[str] = set()
    pools: list[NodeGroup | FargateProfile] = [*cluster.fargate_profiles]
    pools += [group for group in cluster.node_groups if group.kind == "managed" or group.dialect == "eksctl"]
    for pool in pools:
        missing = _missing(pool, arns)
        if missing is None or missing in reported:
            continue
        reported.add(missing)
        yield Finding(
            maps[0].at("data", "mapRoles", key=True),
            f"aws-auth leaves out {missing}, which {pool} uses: once it is applied, what runs there is thrown out",
            label="not among these",
            help="add it to mapRoles, or use access entries (authentication mode API)",
            related=[(pool.at("role"), f"the role of {pool}")],
            discriminator=missing,
        )


def _missing(pool: NodeGroup | FargateProfile, arns: Sequence[str]) -> str | None:
    """The role of a pool in words, if none of the mapped ARNs can be its own; None if one can, or nobody knows."""
    role = None if pool.unknown("role") else pool.role
    if role is None:
        arn = None if pool.unknown("role_arn") else pool.role_arn
        if arn is None or ":role/" not in arn or not _is_whole(arn) or any(is_named(each, _name(arn)) for each in arns):
            return None
        return f"role {_name(arn)}"
    if role.dialect != "eksctl":
        return None if any(may_be(each, role) for each in arns) else str(role)
    if role.unknown("name"):
        return None
    if role.name is None:
        # CloudFormation makes a name of the stack's, which it cuts where it is too long.
        return None if any(_name(each).startswith(_OF_EKSCTL) for each in arns) else f"the {role}"
    return None if any(is_named(each, role.name) for each in arns) else f"role {role.name}"


def _is_whole(arn: str) -> bool:
    return arn.startswith("arn:") and bool(_name(arn)) and not any(sign in _name(arn) for sign in _PLACEHOLDERS)


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]

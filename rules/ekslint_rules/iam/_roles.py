"""Which role clusters and nodes have, and whether it is one that belongs to something else."""

from ekslint import Cluster, EC2NodeClass, FargateProfile, NodeGroup, Place, Role


def declared_role(owner: Cluster | FargateProfile | NodeGroup) -> Role | None:
    """The role that the tool makes or the same template declares, or else the one that another template declares.

    The latter is found by the name in the ARN.
    """
    role = owner.role
    cluster = owner if isinstance(owner, Cluster) else owner.cluster
    if role is not None or cluster is None or owner.unknown("role_arn"):
        return role
    arn = owner.role_arn
    return cluster.estate.role_named(arn, cluster) if arn is not None and ":role/" in arn else None


def role_of(nodes: NodeGroup | EC2NodeClass) -> Role | None:
    """The role of nodes, where the files declare it; node classes give its name."""
    if isinstance(nodes, NodeGroup):
        return declared_role(nodes)
    name = nodes.role
    return None if name is None else nodes.estate.role_named(name, nodes.cluster)


def used_at(nodes: NodeGroup | EC2NodeClass) -> Place:
    """Where nodes are given their role."""
    return nodes.at("role") if isinstance(nodes, NodeGroup) else nodes.at("spec", "role")


def has_role_of_another(nodes: NodeGroup | EC2NodeClass) -> bool:
    """Whether nodes have the role of their cluster or of a Fargate profile.

    That they do is the mistake then, not what the role lacks.
    """
    role, cluster = role_of(nodes), nodes.cluster
    if role is None or cluster is None:
        return False
    return _has(cluster, role) or any(_has(profile, role) for profile in cluster.fargate_profiles)


def shared_role(nodes: NodeGroup | EC2NodeClass, other: Cluster | FargateProfile) -> str | None:
    """The role that nodes have in common with something else, in words; None where they have none, or nobody knows."""
    role = role_of(nodes)
    if role is not None:
        return str(role) if _has(other, role) else None
    if not isinstance(nodes, NodeGroup) or nodes.unknown("role_arn") or other.unknown("role_arn"):
        return None
    arn = nodes.role_arn
    if arn is None or arn != other.role_arn:
        return None
    # What stands for `${Name}` is the same within one template only.
    if "$" in arn and nodes.origin.document is not other.origin.document:
        return None
    return f"role {arn.rpartition('/')[2]}"


def _has(owner: Cluster | FargateProfile, role: Role) -> bool:
    return not owner.unknown("role") and declared_role(owner) is role

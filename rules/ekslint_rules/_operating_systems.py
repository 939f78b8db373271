"""Which operating system nodes run."""

from ekslint import KarpenterPool, LiveNode, NodeGroup, Place, Pool, ami_families

_LABEL = "kubernetes.io/os"


def is_windows(pool: Pool) -> bool:
    """Whether the nodes of a pool run Windows, as far as its image or its requirements tell."""
    if isinstance(pool, NodeGroup):
        families = (
            ami_families.from_ami_type(pool.ami_type) if pool.ami_type is not None else None,
            ami_families.from_eksctl(pool.ami_family) if pool.ami_family is not None else None,
        )
        return any(family is not None and family.is_windows for family in families)
    if isinstance(pool, KarpenterPool):
        wanted = [each for each in pool.requirements if each.key == _LABEL and each.operator == "In"]
        return any(set(each.values) == {"windows"} for each in wanted)
    return isinstance(pool, LiveNode) and pool.labels.get(_LABEL) == "windows"


def system_place(pool: Pool) -> Place:
    """What makes the nodes of a pool those of their system: the image of a node group, else the pool itself."""
    if not isinstance(pool, NodeGroup):
        return pool.at("name")
    return pool.at("ami_family" if pool.dialect == "eksctl" else "ami_type")

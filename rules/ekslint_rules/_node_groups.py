"""What several rules ask of node groups."""

from ekslint import NodeGroup


def hosts_controllers_only(group: NodeGroup) -> bool:
    """Whether a group is set apart for Karpenter's controller and its like: meant to be small, alone and fixed."""
    return "karpenter.sh/controller" in group.labels or any(
        taint.key == "CriticalAddonsOnly" and taint.is_hard for taint in group.taints
    )

"""What kind of capacity nodes are bought as."""

from ekslint import KarpenterPool, LiveNode, NodeGroup, Place, PodTemplate, Pool, Requirement

_KARPENTER_LABEL = "karpenter.sh/capacity-type"
_CAPACITY_TYPES = ("on-demand", "reserved", "spot")
_MANAGED_LABEL = "eks.amazonaws.com/capacityType"
_SPOT = {_KARPENTER_LABEL: "spot", _MANAGED_LABEL: "SPOT", "node-lifecycle": "spot"}


def is_spot(pool: Pool) -> bool:
    """Whether all nodes of a pool are Spot instances. Undecided if that is unknown."""
    if isinstance(pool, NodeGroup):
        return pool.capacity_type == "SPOT"
    if isinstance(pool, KarpenterPool):
        return capacity_types(pool) == {"spot"}
    if isinstance(pool, LiveNode):
        return any(pool.labels.get(key) == value for key, value in _SPOT.items())
    return False


def capacity_types(pool: KarpenterPool) -> set[str]:
    """The capacity types among which a NodePool lets Karpenter choose, as far as it says; else none."""
    wanted = [each for each in pool.requirements if each.key == _KARPENTER_LABEL]
    found = {value for value in _CAPACITY_TYPES if wanted and all(_holds(each, value) for each in wanted)}
    # Who has reservations names them: `NotIn [on-demand]` leaves them open, and means Spot.
    return found if any(each.operator == "In" for each in wanted) else found - {"reserved"}


def spot_place(pool: Pool) -> Place:
    """Where a pool says that its nodes are Spot instances."""
    if isinstance(pool, KarpenterPool):
        for index, requirement in enumerate(pool.requirements):
            if requirement.key == _KARPENTER_LABEL:
                return pool.at("requirements", index, "key")
    return pool.at("capacity_type") if isinstance(pool, NodeGroup) else pool.at("labels")


def asks_for_spot(pod: PodTemplate) -> bool:
    """Whether a pod requires Spot nodes by itself."""
    selector = pod.node_selector
    if any(key in selector and selector[key] == value for key, value in _SPOT.items()):
        return True
    terms = list(pod.required_node_affinity or ())
    return bool(terms) and all(any(map(_is_spot_only, term.match_expressions)) for term in terms)


def _is_spot_only(requirement: Requirement) -> bool:
    wanted = _SPOT.get(requirement.key)
    return wanted is not None and requirement.operator == "In" and set(requirement.values) == {wanted}


def _holds(requirement: Requirement, value: str) -> bool:
    match requirement.operator:
        case "In":
            return value in requirement.values
        case "NotIn":
            return value not in requirement.values
    return requirement.operator == "Exists"

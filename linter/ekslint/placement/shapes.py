"""The shape of every pool of a cluster."""

from ekslint.facts.node_labels import PoolKind
from ekslint.model.pool import FargateProfile, KarpenterPool, LiveNode, NodeGroup, Pool
from ekslint.model.reading import Undecided
from ekslint.placement.domains import Doubt
from ekslint.placement.fargate import FargateShape
from ekslint.placement.node_groups import LiveNodeShape, NodeGroupShape, UnknownShape
from ekslint.placement.provisioners import ProvisionerShape
from ekslint.placement.shape import PoolShape
from ekslint.placement.surroundings import Surroundings

_KINDS = {
    ("managed", "eksctl"): PoolKind.EKSCTL_MANAGED,
    ("self-managed", "eksctl"): PoolKind.EKSCTL_SELF_MANAGED,
}


def kind_of(pool: Pool) -> PoolKind:
    """What facts call the kind of a pool."""
    return _KINDS.get((pool.kind, pool.dialect)) or PoolKind(_KIND_NAMES.get(pool.kind, pool.kind))


_KIND_NAMES = {"live": PoolKind.SELF_MANAGED.value}


def shape_of(pool: Pool, surroundings: Surroundings) -> PoolShape:
    """The nodes of a pool, as the scheduler of its cluster sees them. Never raises Undecided."""
    try:
        kind = kind_of(pool)
    except Undecided as error:
        return UnknownShape(pool, surroundings, PoolKind.SELF_MANAGED, Doubt(error.why, error.source))
    match pool:
        case NodeGroup():
            return NodeGroupShape(pool, surroundings, kind)
        case KarpenterPool():
            key = (id(pool), surroundings.of_provisioners)
            found = surroundings.provisioned.get(key)
            if found is None:
                found = surroundings.provisioned[key] = ProvisionerShape(pool, surroundings, kind)
            return found
        case FargateProfile():
            return FargateShape(pool, surroundings, kind)
        case LiveNode():
            return LiveNodeShape(pool, surroundings, kind)
    return UnknownShape(pool, surroundings, kind, Doubt(f"nobody knows what the {pool} are like"))

"""Which instance types a NodePool leaves to choose from."""

from collections.abc import Sequence

from ekslint import KarpenterPool, decides_type, types_meeting


def types_left(pool: KarpenterPool) -> tuple[int, Sequence[str]] | None:
    """The types that all requirements together leave, and the position of the one that leaves the fewest by itself.

    None where no requirement decides that, or none is left; never too few types: see `types_meeting`.
    """
    cluster, is_auto = pool.cluster, pool.kind != "karpenter"
    if cluster is None:
        return None
    estate = cluster.estate
    deciding = [(index, each) for index, each in enumerate(pool.requirements) if decides_type(each, is_auto=is_auto)]
    types = types_meeting(estate, [each for _, each in deciding], is_auto=is_auto)
    if not deciding or not types:
        return None
    index, _ = min(deciding, key=lambda each: len(types_meeting(estate, [each[1]], is_auto=is_auto)))
    return index, [each.name for each in types]

"""EKS Auto Mode of a cluster: `ComputeConfig`, and the node pools that come with it."""

from ekslint.facts.auto_mode import BUILTIN_POOLS
from ekslint.loaders.cloudformation.conditions import all_of, branches
from ekslint.loaders.cloudformation.fields import boolean, identifier, sequence, text
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import Listed, mapped, otherwise
from ekslint.loaders.loaded import ClusterReference
from ekslint.model.cluster import AutoMode, Cluster
from ekslint.model.condition import Condition
from ekslint.model.reading import Reading, Unknown


def load_auto_mode(cluster: Cluster, resource: Resource, setting: Setting) -> None:
    """Declare Auto Mode of a cluster, and add the built-in pools that are on."""
    compute = resource.get("ComputeConfig")
    enabled = boolean(member(compute, "Enabled"))
    pools, role = member(compute, "NodePools"), member(compute, "NodeRoleArn")
    auto_mode = resource.entity(AutoMode, f"Auto Mode of {cluster}", at=compute.source)
    auto_mode.declare(
        node_pools=otherwise(sequence(pools, text), lambda: Reading((), pools.source)),
        node_role=identifier(role),
        declared_role=setting.identities.role(role),
    )
    # `possible_items` of the cluster hands Auto Mode out as a subject: it exists where it is enabled, and only there.
    conditions = [condition for condition, leaf in branches(enabled) if leaf.value is True]
    given = [each for each in (resource.presence, *conditions[:1]) if each is not None]
    auto_mode.presence = all_of(given) if given else None
    cluster.declare(auto_mode=mapped(enabled, lambda leaf: Reading(auto_mode if leaf.value else None, compute.source)))
    for condition, leaf in branches(enabled):
        if leaf.value is True:
            _add_pools(pools, condition, cluster, resource, setting)
        elif isinstance(leaf.value, Unknown):
            cluster.declare(has_hidden_parts=Reading(True, leaf.source))


def _add_pools(
    pools: Reading, condition: Condition | None, cluster: Cluster, resource: Resource, setting: Setting
) -> None:
    for of_list, listed in branches(pools, condition):
        if isinstance(listed.value, Unknown) or (isinstance(listed.value, Listed) and listed.value.open is not None):
            cluster.declare(has_hidden_parts=Reading(True, listed.source))
        for item in listed.value.items if isinstance(listed.value, Listed) else ():
            for of_item, leaf in branches(text(item), of_list):
                if isinstance(leaf.value, Unknown):
                    cluster.declare(has_hidden_parts=Reading(True, leaf.source))
                elif leaf.value in BUILTIN_POOLS:
                    _add_pool(leaf, of_item, cluster, resource, setting)


def _add_pool(
    leaf: Reading, condition: Condition | None, cluster: Cluster, resource: Resource, setting: Setting
) -> None:
    from ekslint.loaders.eksctl.auto_mode import builtin_pool

    pool = builtin_pool(leaf.value, leaf.source, dialect="cloudformation", resource=f"{resource.identity}/{leaf.value}")
    given = [each for each in (resource.presence, condition) if each is not None]
    pool.presence = all_of(given) if given else None
    setting.add_pool(pool, ClusterReference(cluster=cluster))

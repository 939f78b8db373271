"""EKS Auto Mode: `autoModeConfig`, and the node pools that it brings along.

Source of the built-in pools: EKS user guide (automode/set-builtin-node-pools, create-node-pool, auto-cost-control).
"""

from ekslint.facts import eksctl_defaults
from ekslint.facts.node_labels import LabelOrigin, PoolKind
from ekslint.facts.node_taints import automatic_taints
from ekslint.loaders.eksctl.decoding import sequence
from ekslint.loaders.eksctl.fields import is_known
from ekslint.loaders.eksctl.labels import labels_with
from ekslint.loaders.eksctl.setting import Setting
from ekslint.model.cluster import AutoMode
from ekslint.model.pool import KarpenterPool, Requirement, Taint
from ekslint.model.reading import Reading, Source

_DEFAULT_NODE_CLASS = "default"
_ARCHITECTURES = {"general-purpose": ("amd64",), "system": ("amd64", "arm64")}
_REQUIREMENTS = (
    Requirement("kubernetes.io/os", "In", ("linux",)),
    Requirement("karpenter.sh/capacity-type", "In", ("on-demand",)),
    Requirement("eks.amazonaws.com/instance-category", "In", ("c", "m", "r")),
    Requirement("eks.amazonaws.com/instance-generation", "Gt", ("4",)),
)
_LIFETIMES = {"expire_after": "336h", "termination_grace_period": "24h0m0s", "consolidate_after": "30s"}
_DISRUPTION_BUDGETS = ({"nodes": "10%"},)


def load_auto_mode(setting: Setting) -> Reading:
    """Auto Mode of the cluster, None if it is off; adds the built-in pools that are on to the setting."""
    fields = setting.root.section("autoModeConfig")
    enabled = fields.boolean("enabled", default=False)
    if not is_known(enabled):
        setting.pool_hole = setting.pool_hole or enabled
        return enabled
    if not enabled.value:
        return Reading(None, enabled.source)
    auto_mode = AutoMode(
        f"Auto Mode of {setting.cluster}",
        fields.source(),
        dialect="eksctl",
        resource=f"AutoMode/{setting.cluster.resource.partition('/')[2]}",
    )
    names = fields.texts("nodePools")
    if not fields.has("nodePools"):
        defaults = [Reading(name, names.source) for name in eksctl_defaults.AUTO_MODE_NODE_POOLS]
        names = sequence(defaults, names.source)
    auto_mode.declare(node_pools=names, node_role=fields.text("nodeRoleARN"))
    if not is_known(names):
        setting.pool_hole = setting.pool_hole or names
    for reading in (names.parts or {}).values():
        if not is_known(reading):
            setting.pool_hole = setting.pool_hole or reading
        elif reading.value in _ARCHITECTURES:
            pool = builtin_pool(reading.value, reading.source, dialect="eksctl", resource=f"AutoMode/{reading.value}")
            pool.cluster = setting.cluster
            setting.pools.append(pool)
    return Reading(auto_mode, fields.source())


def builtin_pool(name: str, origin: Source, *, dialect: str, resource: str) -> KarpenterPool:
    """One of the two pools that come with Auto Mode, `general-purpose` or `system`."""
    pool = KarpenterPool(f"built-in node pool {name}", origin, dialect=dialect, resource=resource)
    pool.kind = "auto-builtin"
    named = Reading(name, origin)
    automatic = {
        LabelOrigin.POOL_NAME: named,
        LabelOrigin.NODE_CLASS: Reading(_DEFAULT_NODE_CLASS, origin),
        LabelOrigin.CAPACITY_TYPE: Reading("on-demand", origin),
    }
    architectures = Requirement("kubernetes.io/arch", "In", _ARCHITECTURES[name])
    pool.declare(
        name=named,
        labels=labels_with(Reading({}, origin), PoolKind.AUTO_BUILTIN, automatic),
        taints=Reading(tuple(Taint(*taint) for taint in automatic_taints(PoolKind.AUTO_BUILTIN, name)), origin),
        requirements=Reading((architectures, *_REQUIREMENTS), origin),
        node_class_group=Reading("eks.amazonaws.com", origin),
        node_class_kind=Reading("NodeClass", origin),
        node_class_name=Reading(_DEFAULT_NODE_CLASS, origin),
        disruption_budgets=Reading(_DISRUPTION_BUDGETS, origin),
        **{field: Reading(value, origin) for field, value in _LIFETIMES.items()},
    )
    return pool

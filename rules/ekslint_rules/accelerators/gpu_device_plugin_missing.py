from collections.abc import Iterator

from ekslint import (
    Cluster,
    EC2NodeClass,
    Finding,
    KarpenterPool,
    NodeGroup,
    Place,
    Placement,
    Pool,
    Severity,
    known,
    placements_on,
    rule,
)
from ekslint_rules.accelerators._devices import PLUGINS, device_requests, devices_of, has_plugin


@rule(Severity.WARNING, since="0.1.0", tags=("gpu",), dialects=("cloudformation", "karpenter"))
def gpu_device_plugin_missing(cluster: Cluster) -> Iterator[Finding]:
    """Pods ask for GPUs or Neuron devices of the nodes, but nothing installs the device plugin.

    ## Why is this bad?
    Without the device plugin the kubelet does not offer `nvidia.com/gpu` or `aws.amazon.com/neuron`: the nodes look
    as if they had none, and the pods stay Pending. Amazon Linux has the drivers, not the plugin.

    ## When it stays silent
    eksctl, which installs the plugin itself; Auto Mode and Bottlerocket, which bring it; any sign of the plugin or of
    the GPU operator (manifests, Helm, Argo CD, Flux). Advice only where no file installs anything on the cluster:
    then add-ons are kept elsewhere.

    ## References
    - Amazon EKS user guide, machine learning: NVIDIA device plugin, Neuron device plugin
    """
    for maker in PLUGINS:
        pools = [pool for pool in cluster.pools if _needs_plugin(pool) and devices_of(pool) == maker]
        if not pools or has_plugin(cluster, maker):
            continue
        clients = list(_clients(cluster, maker, pools))
        if not clients:
            continue
        resource = clients[0][1]
        installs_anything = bool(cluster.estate.installations) or bool(cluster.addons)
        yield Finding(
            _place(pools[0]),
            f"{pools[0]} has devices for {resource}, but nothing in the files installs the device plugin: "
            f"{clients[0][0].workload} would stay Pending",
            label="nothing offers these devices",
            help=f"install the {PLUGINS[maker][0]}",
            related=[(each.workload.at("name"), f"{each.workload} asks for {name}") for each, name in clients],
            lower=max(cluster.may_be_partial, int(not installs_anything)),
            discriminator=maker,
        )


def _clients(cluster: Cluster, maker: str, pools: list[Pool]) -> Iterator[tuple[Placement, str]]:
    def is_client(placement: Placement) -> bool:
        return _resource(placement, maker) is not None and any(
            each is pool for each in placement.possible for pool in pools
        )

    for placement in known(placements_on(cluster, only_certain=True), is_client):
        yield placement, _resource(placement, maker) or maker


def _resource(placement: Placement, maker: str) -> str | None:
    return next((name for made_by, name in device_requests(placement) if made_by == maker), None)


def _needs_plugin(pool: Pool) -> bool:
    if isinstance(pool, NodeGroup):
        if pool.dialect == "eksctl":
            return False
        named = f"{pool.ami_type or ''} {pool.ami_family or ''}".upper()
        return "BOTTLEROCKET" not in named
    if isinstance(pool, KarpenterPool) and pool.kind == "karpenter":
        node_class = pool.node_class
        family = node_class.ami_family if isinstance(node_class, EC2NodeClass) else None
        return family is not None and family != "Bottlerocket"
    return False


def _place(pool: Pool) -> Place:
    return pool.at("instance_types") if isinstance(pool, NodeGroup) else pool.at("requirements")

from collections.abc import Iterator

from ekslint import Cluster, FargateProfile, Finding, KarpenterPool, NodeGroup, Place, Severity, rule
from ekslint_rules.accelerators._devices import devices_of
from ekslint_rules.availability._accelerators import is_accelerated
from ekslint_rules.scheduling._taints import hard_taints

_SOFT = "PreferNoSchedule"
_HARD = ("NoExecute", "NoSchedule")


@rule(
    Severity.WARNING,
    since="0.1.0",
    tags=("gpu", "cost"),
    dialects=("eksctl", "cloudformation", "karpenter"),
)
def accelerator_pool_untainted(pool: NodeGroup | KarpenterPool) -> Iterator[Finding]:
    """A pool of nodes with GPUs or other accelerators has no taint.

    ## Why is this bad?
    Any pod may land there. Those without a device keep the most expensive nodes of the cluster busy, and from being
    removed, while pods that need the device wait.

    ## When it stays silent
    A hard taint, whatever its key; the only pool of its cluster, where other pods have nowhere else to go. Advice
    outside production, where no file declares the cluster, and for `PreferNoSchedule`. Taints with a misspelled effect
    are `taint-effect-invalid`.

    ## References
    - Amazon EKS user guide, machine learning: taints for GPU node groups
    - Amazon EKS best practices guide, AI/ML compute
    """
    if not is_accelerated(pool) or hard_taints(pool):
        return
    cluster = None if pool.unknown("cluster") else pool.cluster
    if cluster is not None and not cluster.is_implicit:
        others = [each for each in cluster.pools if each is not pool and not isinstance(each, FargateProfile)]
        if not others and not cluster.has_unseen_pools and not cluster.may_be_partial:
            return
    effects = {taint.effect for taint in pool.taints}
    if not effects <= {_SOFT, *_HARD}:
        # A word that is no effect is another mistake, and nobody meant to leave the pool open.
        return
    soft = _SOFT in effects
    key = "aws.amazon.com/neuron" if devices_of(pool) == "neuron" else "nvidia.com/gpu"
    yield Finding(
        _place(pool),
        f"{pool} has accelerators and {'only a soft taint' if soft else 'no taint'}: pods that need none may fill it",
        label="anybody may use these nodes",
        help=f"taint it, as with {key}=true:NoSchedule, and tolerate that in the pods that need it",
        lower=_lower(cluster) + soft,
    )


def _lower(cluster: Cluster | None) -> int:
    return 1 if cluster is None or cluster.is_implicit else cluster.tolerance


def _place(pool: NodeGroup | KarpenterPool) -> Place:
    if isinstance(pool, NodeGroup):
        first = pool.at("instance_types", 0)
        return first if first.is_written else pool.at("instance_types")
    for index, requirement in enumerate(pool.requirements):
        if "instance-" in requirement.key:
            return pool.at("requirements", index, "key")
    return pool.at("requirements")

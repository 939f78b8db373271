from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, instance_types, rule, some


@rule(Severity.WARNING, since="0.1.0", tags=("upgrades", "reliability"), dialects=("cloudformation",))
def mng_update_strategy_minimal(group: NodeGroup) -> Iterator[Finding]:
    """Updates of a node group terminate nodes before new ones have started.

    ## Why is this bad?
    With the strategy MINIMAL the group is short of nodes for the whole update. It is meant for capacity that cannot be
    had twice; anywhere else DEFAULT starts new nodes first.

    ## When it stays silent
    Groups with GPUs or other accelerators, capacity blocks and reservations, placement groups. One step lower outside
    production.

    ## References
    - Amazon EKS user guide, understand each phase of node updates
    """
    if group.kind != "managed" or group.update_config is None:
        return
    if group.update_config.get("updateStrategy") != "MINIMAL" or group.is_pinned_capacity:
        return
    if group.capacity_type == "CAPACITY_BLOCK" or some(group.instance_types, _is_scarce):
        return
    yield Finding(
        group.at("update_config", "updateStrategy"),
        f"an update of {group} terminates nodes before it starts new ones: it is short of nodes all the while",
        label="terminates first",
        help="use DEFAULT, which starts new nodes first",
        lower=group.cluster.tolerance if group.cluster is not None else 0,
    )


def _is_scarce(name: str) -> bool:
    facts = instance_types.instance_type(name)
    return facts is not None and bool(facts.gpus or facts.neuron or facts.accelerators)

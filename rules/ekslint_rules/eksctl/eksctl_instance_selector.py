import re
from collections.abc import Callable, Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, instance_types, regions, rule
from ekslint_rules.eksctl import _node_groups as written

_SELECTOR = "instanceSelector"
_MEMORY = re.compile(r"(?P<number>[0-9]{1,9})(?P<fraction>\.[0-9]{1,3})? ?(?:(?P<unit>[mgt])i?b?)?", re.IGNORECASE)
_MIB = {"m": 1, "g": 1024, "t": 1024 * 1024}
_ARCHITECTURES = {"": "amd64", "x86_64": "amd64", "amd64": "amd64", "arm64": "arm64"}


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_instance_selector(group: EksctlNodeGroup) -> Iterator[Finding]:
    """An instance selector is so vague that it matches more types than a node group may have.

    ## Why is this bad?
    eksctl looks up the types that the selector matches when it creates the group, and refuses more than 40 of them.

    ## When it stays silent
    Selectors with `allow` or `deny`, clusters whose region is not in the file, and types that only some zones of the
    region have, that are no longer current, or that are bare metal: what is left has to be too many by itself.

    ## References
    - eksctl, pkg/eks/nodegroup_service.go: ExpandInstanceSelectorOptions
    - eksctl, instance selector
    """
    wanted = _wanted(group)
    region = None if group.cluster.unknown("region") else group.cluster.region
    if wanted is None or region is None:
        return
    zones = frozenset(regions.zones_of(region))
    matching = [
        each.name
        for each in instance_types.all_instance_types()
        if wanted(each) and zones and zones.issubset(each.zones(region))
    ]
    if len(matching) > eksctl_limits.MAXIMUM_SELECTED_TYPES:
        yield Finding(
            group.at(_SELECTOR, key=True),
            f"the instance selector of {group} matches {len(matching)} types or more in {region} "
            f"({matching[0]}, {matching[1]} …), and eksctl takes {eksctl_limits.MAXIMUM_SELECTED_TYPES} at most",
            label="too vague",
            help="say vCPUs and memory both, or list the types",
        )


def _wanted(group: EksctlNodeGroup) -> Callable[[instance_types.InstanceType], bool] | None:
    """Whether a type surely matches; None where the selector is empty, unknown or beyond what can be told here."""
    known = {"vCPUs", "memory", "gpus", "cpuArchitecture", "neuron_devices"}
    names = list(written.keys(group, _SELECTOR))
    if not written.has_instance_selector(group) or not known.issuperset(names):
        return None
    if any(group.unknown(_SELECTOR, name) for name in names):
        return None
    vcpus, memory = written.number(group, _SELECTOR, "vCPUs"), _mib(written.text(group, _SELECTOR, "memory"))
    gpus, neuron = (written.number(group, _SELECTOR, name) for name in ("gpus", "neuron_devices"))
    architecture = _ARCHITECTURES.get(written.text(group, _SELECTOR, "cpuArchitecture"))
    if architecture is None or memory is None or neuron:
        return None

    def matches(each: instance_types.InstanceType) -> bool:
        return (
            architecture in each.architectures
            and each.is_current_generation
            and not each.is_bare_metal
            and not each.accelerators
            and (not vcpus or each.vcpus == vcpus)
            and (not memory or each.memory_mib == memory)
            and (gpus is None or sum(gpu.number for gpu in each.gpus) == gpus)
            and (gpus != 0 or not each.gpus)
            and (neuron is None or not each.neuron)
        )

    return matches


def _mib(memory: str) -> float | None:
    """0 for no memory asked for, None for what is no amount of memory. Without a unit it is GiB."""
    if not memory:
        return 0
    found = _MEMORY.fullmatch(memory)
    if found is None:
        return None
    return float(found["number"] + (found["fraction"] or "")) * _MIB[(found["unit"] or "g").lower()]

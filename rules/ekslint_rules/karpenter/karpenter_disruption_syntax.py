import re
from collections.abc import Iterator

from ekslint import Finding, NodePool, Severity, rule

_DISRUPTION = ("spec", "disruption")
_POLICIES = ("WhenEmpty", "WhenEmptyOrUnderutilized", "Balanced")
"""The last one from Karpenter 1.14 on."""
_OLD_POLICY = "WhenUnderutilized"
_DURATION = re.compile(r"(?:[0-9]+[smh])+")
_DURATIONS = {
    (*_DISRUPTION, "consolidateAfter"): True,
    ("spec", "template", "spec", "expireAfter"): True,
    ("spec", "template", "spec", "terminationGracePeriod"): False,
}
"""Every field with a duration, and whether it may be `Never`."""


@rule(Severity.ERROR, since="0.1.0", tags=("karpenter", "upgrades"), dialects=("karpenter",))
def karpenter_disruption_syntax(node_pool: NodePool) -> Iterator[Finding]:
    """What a NodePool says about the end of its nodes is written wrong, or for `v1beta1`.

    ## Why is this bad?
    `v1` moved `expireAfter` from `disruption` to the template, renamed the policy WhenUnderutilized to
    WhenEmptyOrUnderutilized, and wants `consolidateAfter` wherever there is a `disruption`. Durations are hours,
    minutes and seconds: a day is 24h. The API server refuses the NodePool otherwise; a field that it does not know it
    drops, where the client does not ask it to be strict, as kubectl does.

    ## When it stays silent
    Other versions than `v1`. Values that a template or a kustomization fills in.

    ## References
    - Karpenter documentation, v1 migration, changelog
    - Karpenter, pkg/apis/v1/nodepool.go and pkg/apis/v1/nodeclaim.go
    """
    if node_pool.version != "v1":
        return
    for path, may_be_never in _DURATIONS.items():
        yield from _duration(node_pool, path, may_be_never=may_be_never)
    if node_pool.unknown(*_DISRUPTION) or not node_pool.has(*_DISRUPTION):
        return
    disruption = node_pool.mapping(*_DISRUPTION)
    if "expireAfter" in disruption:
        yield Finding(
            node_pool.at(*_DISRUPTION, "expireAfter", key=True),
            f"{node_pool} has expireAfter in its disruption, where v1 does not know it: kubectl refuses it, and other "
            "tools drop it",
            label="a field of v1beta1",
            help="move it to spec.template.spec",
            discriminator="expireAfter",
        )
    if "consolidateAfter" not in disruption:
        yield Finding(
            node_pool.at(*_DISRUPTION, key=True),
            f"the disruption of {node_pool} has no consolidateAfter: the API server refuses it",
            label="no consolidateAfter",
            help="consolidateAfter: 0s is what v1beta1 did with WhenUnderutilized",
            discriminator="consolidateAfter",
        )
    policy = node_pool.text(*_DISRUPTION, "consolidationPolicy")
    if policy is not None and policy not in _POLICIES:
        yield Finding(
            node_pool.at(*_DISRUPTION, "consolidationPolicy"),
            f"{node_pool} has the consolidation policy {policy}, which v1 does not have: the API server refuses it",
            label="write WhenEmptyOrUnderutilized" if policy == _OLD_POLICY else "no such policy",
            help=f"it is {', '.join(_POLICIES[:-1])} or, from Karpenter 1.14 on, {_POLICIES[-1]}",
            discriminator="consolidationPolicy",
        )


def _duration(node_pool: NodePool, path: tuple[str, ...], *, may_be_never: bool) -> Iterator[Finding]:
    if node_pool.unknown(*path):
        return
    value = node_pool.get(*path)
    if value is None or (may_be_never and value == "Never"):
        return
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return
    field = path[-1]
    yield Finding(
        node_pool.at(*path),
        f"{node_pool} has {field} of {value}, which is no duration to Karpenter: the API server refuses it",
        label="such as 720h" if field == "expireAfter" else "such as 30m",
        help=f"hours, minutes and seconds{', or Never' if may_be_never else ''}",
        discriminator=f"duration of {field}",
    )

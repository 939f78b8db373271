from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, instance_types, parse_quantity, rule

from ekslint_rules.eksctl import _node_groups as written

_MIB = 1 << 20


@rule(Severity.ERROR, since="0.1.0", tags=("nodes",), dialects=("eksctl",))
def eksctl_managed_unsupported(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A managed node group sets what EKS decides for such groups, or chooses its instance types in two ways.

    ## Why is this bad?
    EKS makes the instance profile and the security group of a managed node group, and does not run them on Outposts.
    Its types are one `instanceType`, a list, or what an instance selector finds, which may be 40 types at most; eksctl
    refuses everything else.

    ## When it stays silent
    A list of types beside a selector, which is what eksctl's own dry run writes; selectors with `allow` or `deny`, and
    those that match more than 40 types in some zones of the region only.

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateManagedNodeGroup
    - eksctl, pkg/eks/nodegroup_service.go: ExpandInstanceSelectorOptions
    """
    yield from _too_many_types(group)
    if not group.is_managed:
        return
    for exclusion in eksctl_limits.EXCLUDED_FROM_MANAGED_GROUPS:
        if written.is_used(group, exclusion):
            yield Finding(
                group.at(*exclusion.path, key=True),
                f"{group} sets {written.dotted(*exclusion.path)}, which managed node groups do not have",
                label="not in managed node groups",
                help="remove it, or make it a self-managed group (nodeGroups)",
            )
    single = written.text(group, "instanceType")
    if not single:
        return
    others = {"instanceTypes": written.is_filled(group, "instanceTypes"), "instanceSelector": _has_selector(group)}
    for other, is_used in others.items():
        if is_used:
            yield Finding(
                group.at("instanceType"),
                f"{group} is of type {single}, and {other} chooses its types as well",
                label=f"beside {other}",
                help="keep one of the two",
                related=[(group.at(other, key=True), "chooses the types")],
                discriminator=other,
            )


def _has_selector(group: EksctlNodeGroup) -> bool:
    return written.has_instance_selector(group)


def _too_many_types(group: EksctlNodeGroup) -> Iterator[Finding]:
    selector = "instanceSelector"
    if not _has_selector(group) or any(group.unknown(selector, key) for key in written.keys(group, selector)):
        return
    if written.is_filled(group, selector, "allow") or written.is_filled(group, selector, "deny"):
        return
    region = None if group.cluster.unknown("region") else group.cluster.region
    wanted = _Wanted(group)
    count = sum(map(wanted.matches, instance_types.all_instance_types())) if region is None else sum(
        wanted.matches(each) and region in each.offered_regions for each in instance_types.all_instance_types()
    )
    if count > eksctl_limits.MAXIMUM_SELECTED_TYPES:
        yield Finding(group.at(selector, key=True), "")


class _Wanted:
    def __init__(self, group: EksctlNodeGroup) -> None: ...

    def matches(self, each: instance_types.InstanceType) -> bool:
        return False

from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Place, Severity, kubelet_flags, rule
from ekslint_rules.upgrades._images import family_name
from ekslint_rules.upgrades._skew import version_of_nodes, versions_ahead

_KERNEL_ARGUMENT = "systemd.unified_cgroup_hierarchy=0"
_BOTTLEROCKET = "Bottlerocket"


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation"))
def cgroup_v1_node(group: NodeGroup) -> Iterator[Finding]:
    """Nodes are switched back to cgroup v1, on which the kubelet does not start any more.

    ## Why is this bad?
    From Kubernetes 1.35 on the kubelet refuses to start on cgroup v1, unless its configuration says otherwise
    (`failCgroupV1`). Nodes with the kernel argument systemd.unified_cgroup_hierarchy=0 never join.

    ## When it stays silent
    Versions before 1.35, versions that are not in the files, and `failCgroupV1: false`, which Bottlerocket sets by
    itself. Amazon Linux 2, which has nothing but cgroup v1, is what `al2-ami` reports.

    ## References
    - Amazon EKS user guide, review release notes for Kubernetes versions on standard support
    - Kubernetes documentation, about cgroup v2
    """
    place = _of_scripts(group)
    if place is None or (family_name(group) or "").startswith(_BOTTLEROCKET):
        return
    found = version_of_nodes(group)
    if found is None:
        return
    version, said = found
    ahead = versions_ahead(version, kubelet_flags.FIRST_WITHOUT_CGROUP_V1)
    if ahead is None or ahead < 0 or (group.kubelet_configuration or {}).get("failCgroupV1") is False:
        return
    yield Finding(
        place,
        f"{group} switches its nodes to cgroup v1, and the kubelet of {version} does not start on it",
        label="cgroup v1",
        help="remove the kernel argument",
        rests_on=[said],
    )


def _of_scripts(group: NodeGroup) -> Place | None:
    if group.dialect == "eksctl":
        for index, script in enumerate(group.startup_scripts):
            if _KERNEL_ARGUMENT in script:
                return group.at("startup_scripts", index).within(_KERNEL_ARGUMENT)
        return None
    user_data = group.user_data
    text = user_data.text if user_data is not None else None
    if user_data is None or text is None or _KERNEL_ARGUMENT not in text or "failCgroupV1: false" in text:
        return None
    return user_data.at("text").within(_KERNEL_ARGUMENT)

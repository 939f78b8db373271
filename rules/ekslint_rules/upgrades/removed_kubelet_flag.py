from collections.abc import Iterator

from ekslint import Finding, NodeGroup, Severity, kubelet_flags, rule
from ekslint_rules.upgrades._skew import version_of_nodes, versions_ahead


@rule(Severity.ERROR, since="0.1.0", tags=("upgrades",), dialects=("eksctl", "cloudformation"))
def removed_kubelet_flag(group: NodeGroup) -> Iterator[Finding]:
    """The kubelet is started with a flag that it does not know any more.

    ## Why is this bad?
    A kubelet ends at once when it is given an unknown flag: after the upgrade no new node joins.

    ## When it stays silent
    Flags that this version still has, flags that cannot be read, and groups whose version is not in the files.

    ## References
    - Amazon EKS user guide, review release notes for Kubernetes versions on standard support
    - Kubernetes, change logs of 1.24, 1.26, 1.27, 1.31, 1.34 and 1.35
    """
    user_data = group.user_data
    if user_data is None:
        return
    found = version_of_nodes(group)
    if found is None:
        return
    version, said = found
    for flag in user_data.kubelet_flags:
        # Flags go as a whole, or with certain values: the name tells even where the value is filled in later.
        value = "" if user_data.unknown("kubelet_flags", flag) else user_data.kubelet_flags[flag]
        removed = kubelet_flags.removed_in(flag, value)
        ahead = versions_ahead(version, removed) if removed is not None else None
        if ahead is not None and ahead >= 0:
            place = user_data.at("kubelet_flags", flag)
            shown = f"--{flag}={value}" if kubelet_flags.removed_in(flag) is None else f"--{flag}"
            yield Finding(
                place,
                f"{group} starts the kubelet of {version} with {shown}, which Kubernetes {removed} removed",
                label=f"gone since {removed}",
                help="remove it",
                rests_on=[said],
                discriminator=flag,
            )

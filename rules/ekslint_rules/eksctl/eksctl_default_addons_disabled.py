from collections.abc import Iterator

from ekslint import ClusterConfig, EksctlNodeGroup, Finding, Severity, dotted, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._reading import Path, flag, integer, is_absent, is_given, is_off, is_set, lacks_addon

_SWITCH = ("addonsConfig", "disableDefaultAddons")
_LISTS: tuple[Path, ...] = (
    ("fargateProfiles",),
    ("iam", "serviceAccounts"),
    ("iam", "podIdentityAssociations"),
)
_SECTIONS: tuple[Path, ...] = (("karpenter",), ("gitops", "flux"))


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_default_addons_disabled(config: ClusterConfig) -> Iterator[Finding]:
    """The cluster is created without the VPC CNI, but with things that need a network.

    ## Why is this bad?
    Without a CNI no node becomes ready, and nothing that runs in pods can start. eksctl creates such a cluster only
    bare, for you to bring a CNI of your own first.

    ## When it stays silent
    Auto Mode has a network of its own, and vpc-cni may be listed as an add-on. Node groups that begin without nodes.
    One step lower where the cluster may exist already, with a CNI.

    ## References
    - eksctl, creating a cluster without networking add-ons
    - eksctl, pkg/ctl/cmdutils/configfile.go (validateBareCluster)
    """
    if not flag(config, *_SWITCH) or not is_off(config, "autoModeConfig", "enabled"):
        return
    if not lacks_addon(config, "vpc-cni"):
        return
    found: list[Path] = list(dict.fromkeys((group.path[-2],) for group in config.parts if _has_nodes(group)))
    found += [path for path in _LISTS if is_given(config, *path)]
    found += [path for path in _SECTIONS if is_set(config, *path)]
    if found:
        shown = [dotted(path) for path in found]
        names = enumerated(shown)
        yield Finding(
            config.at(*_SWITCH),
            f"{config.cluster} gets neither the default add-ons nor vpc-cni: {names} would have no network",
            label="no default add-ons",
            help="list vpc-cni under addons, or add these after a CNI of your own",
            related=[(config.at(*path, key=True), "needs a network") for path in found],
            lower=config.cluster.may_be_partial,
        )


def _has_nodes(group: EksctlNodeGroup) -> bool:
    """Whether a group surely begins with nodes: with as many as it says, else with its minimum, else with two."""
    for field in ("desiredCapacity", "minSize"):
        if not is_absent(group, field):
            return (integer(group, field) or 0) > 0
    return True

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, dotted, rule
from ekslint_rules.eksctl._pod_identity import association_problems
from ekslint_rules.eksctl._reading import Path, flag, is_given, is_off, is_on_outposts, items, lacks_addon, text

_AGENT = "eks-pod-identity-agent"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_pia_shape(config: ClusterConfig) -> Iterator[Finding]:
    """A pod identity association is incomplete or contradictory, or the cluster gets no agent for it.

    ## Why is this bad?
    eksctl refuses associations without a service account or without permissions. Without the add-on
    eks-pod-identity-agent nothing on the nodes hands the credentials out.

    ## When it stays silent
    Auto Mode brings the agent along, there is none on Outposts, and the add-on may be listed in another file of the
    same cluster. Policies of several kinds go together. One step lower where the cluster may exist already, with the
    agent.

    ## References
    - eksctl, EKS Pod Identity associations
    - eksctl, pkg/ctl/cmdutils/pod_identity_association.go and configfile.go
    """
    for path in items(config, "iam", "podIdentityAssociations"):
        account = text(config, *path, "serviceAccountName")
        title = f"the association of service account {account}" if account is not None else dotted(path)
        yield from association_problems(config, path, title)
    if is_on_outposts(config) is not False:
        # There is neither Pod Identity nor any add-on on Outposts, see outposts-limits.
        return
    first = _first_association(config)
    if first is not None and is_off(config, "autoModeConfig", "enabled") and lacks_addon(config, _AGENT):
        yield Finding(
            config.at(*first, key=True),
            f"{config.cluster} uses Pod Identity, but lists no add-on {_AGENT}, which hands out the credentials",
            label=f"needs {_AGENT}",
            help=f"add {_AGENT} to addons",
            lower=config.cluster.may_be_partial,
        )


def _first_association(config: ClusterConfig) -> Path | None:
    """What makes eksctl create associations, if anything does."""
    if is_given(config, "iam", "podIdentityAssociations"):
        return ("iam", "podIdentityAssociations")
    automatic: Path = ("addonsConfig", "autoApplyPodIdentityAssociations")
    for path in items(config, "addons"):
        if flag(config, *automatic):
            return automatic
        for field in ("useDefaultPodIdentityAssociations", "podIdentityAssociations"):
            if flag(config, *path, field) or (field.startswith("pod") and is_given(config, *path, field)):
                return (*path, field)
    return None

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, addons, eksctl_defaults, nearest, rule
from ekslint_rules.eksctl._reading import flag, is_absent, is_arn, is_given, is_off, is_set, items, text, texts, written

_AUTO_MODE = "autoModeConfig"
_ROLE_FIELDS = ("nodeRoleARN", "permissionsBoundaryARN")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "automode"))
def eksctl_automode(config: ClusterConfig) -> Iterator[Finding]:
    """The settings of Auto Mode contradict each other, or the rest of the file.

    ## Why is this bad?
    eksctl refuses the file. It creates a cluster with Auto Mode bare: node groups and core add-ons come afterwards,
    with `eksctl create nodegroup` and `eksctl create addon`.

    ## When it stays silent
    Core add-ons beside Fargate profiles or hybrid nodes, which need them; Outposts are the matter of the rule
    eksctl-outposts. Node groups and add-ons count one step less where the cluster may exist already.

    ## References
    - eksctl, EKS Auto Mode
    - eksctl, pkg/apis/eksctl.io/v1alpha5/auto_mode.go and pkg/ctl/cmdutils/configfile.go
    """
    if not is_set(config, _AUTO_MODE):
        return
    yield from _arns(config)
    if flag(config, _AUTO_MODE, "enabled"):
        yield from _node_pools(config)
        yield from _roles(config)
        yield from _created_with_it(config)
    elif is_off(config, _AUTO_MODE, "enabled"):
        for field in (*_ROLE_FIELDS, "nodePools"):
            if is_given(config, _AUTO_MODE, field):
                yield Finding(
                    config.at(_AUTO_MODE, field, key=True),
                    f"{_AUTO_MODE}.{field} is set, but Auto Mode is off",
                    label="enabled is not true",
                    help=f"set {_AUTO_MODE}.enabled: true",
                    related=[(config.at(_AUTO_MODE, "enabled"), "off")]
                    if is_set(config, _AUTO_MODE, "enabled")
                    else [],
                )


def _arns(config: ClusterConfig) -> Iterator[Finding]:
    for field in _ROLE_FIELDS:
        arn = written(config, _AUTO_MODE, field)
        if isinstance(arn, str) and not is_arn(arn):
            yield Finding(
                config.at(_AUTO_MODE, field),
                f"{arn or 'an empty text'} is no ARN: eksctl cannot read {_AUTO_MODE}.{field}",
                label="not an ARN",
                discriminator="arn",
            )


def _node_pools(config: ClusterConfig) -> Iterator[Finding]:
    known = eksctl_defaults.AUTO_MODE_NODE_POOLS
    seen: set[str] = set()
    for path, name in texts(config, _AUTO_MODE, "nodePools"):
        if name not in known:
            meant = nearest(name, known)
            yield Finding(
                config.at(*path),
                f"Auto Mode has no built-in node pool {name}: there are {' and '.join(known)}",
                label="unknown node pool",
                help=f"did you mean {meant}?"
                if meant is not None
                else "declare pools of your own as NodePool objects of karpenter.sh",
            )
        elif name in seen:
            yield Finding(config.at(*path), f"the node pool {name} is listed twice", label="listed before")
        seen.add(name)


def _roles(config: ClusterConfig) -> Iterator[Finding]:
    given = [field for field in _ROLE_FIELDS if is_given(config, _AUTO_MODE, field)]
    if written(config, _AUTO_MODE, "nodePools") == []:
        for field in given:
            yield Finding(
                config.at(_AUTO_MODE, field, key=True),
                f"without built-in node pools, there are no nodes that {_AUTO_MODE}.{field} could be for",
                label="nodePools is empty",
                help="name the role in the NodeClass of your own pools",
                related=[(config.at(_AUTO_MODE, "nodePools", key=True), "no built-in node pools")],
            )
    elif len(given) > 1:
        yield Finding(
            config.at(_AUTO_MODE, "permissionsBoundaryARN", key=True),
            "the permissions boundary is for a node role that eksctl creates, but nodeRoleARN names one that exists",
            label="not with nodeRoleARN",
            related=[(config.at(_AUTO_MODE, "nodeRoleARN"), "a role that exists")],
        )


def _created_with_it(config: ClusterConfig) -> Iterator[Finding]:
    enabled = [(config.at(_AUTO_MODE, "enabled"), "Auto Mode is on")]
    groups = [kind for kind in ("nodeGroups", "managedNodeGroups") if is_given(config, kind)]
    for kind in groups:
        yield Finding(
            config.at(kind, key=True),
            f"eksctl creates no {kind} along with a cluster that has Auto Mode",
            label="not on creation",
            help="create the cluster without them, then the core add-ons, then run eksctl create nodegroup",
            related=enabled,
            lower=config.cluster.may_be_partial,
        )
    others = [field for field in ("fargateProfiles", "remoteNetworkConfig") if not is_absent(config, field)]
    # eksctl stops at the node groups, which are what such add-ons are for.
    if groups or others or is_set(config, "remoteNetworkConfig"):
        return
    for path in items(config, "addons"):
        name = text(config, *path, "name")
        if name in addons.CORE_ADDONS:
            yield Finding(
                config.at(*path, "name"),
                f"Auto Mode has a {name} of its own: eksctl does not install the add-on along with the cluster",
                label="not with Auto Mode",
                help="remove it, or add it afterwards with eksctl create addon",
                related=enabled,
                lower=config.cluster.may_be_partial,
            )

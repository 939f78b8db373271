from collections.abc import Iterator

from ekslint import ClusterConfig, EksctlNodeGroup, Finding, Place, Severity, dotted, rule
from ekslint_rules.eksctl._reading import (
    Path,
    flag,
    is_absent,
    is_arn,
    is_given,
    is_set,
    text,
    uses_ipv6,
    written,
)

_OUTPOST_ARN: Path = ("outpost", "controlPlaneOutpostARN")
_UNSUPPORTED_LISTS: tuple[Path, ...] = (
    ("addons",),
    ("identityProviders",),
    ("fargateProfiles",),
    ("secretsEncryption", "keyARN"),
    ("availabilityZones",),
    ("localZones",),
    ("vpc", "publicAccessCIDRs"),
    ("managedNodeGroups",),
)
_UNSUPPORTED_SECTIONS: tuple[Path, ...] = (("karpenter",), ("gitops",))
_UNSUPPORTED_SWITCHES: tuple[tuple[Path, bool], ...] = (
    (("accessConfig", "bootstrapClusterCreatorAdminPermissions"), False),
    (("iam", "withOIDC"), True),
    (("vpc", "autoAllocateIPv6"), True),
    (("vpc", "clusterEndpoints", "publicAccess"), True),
    (("vpc", "clusterEndpoints", "privateAccess"), False),
    (("autoModeConfig", "enabled"), True),
)
_WHY = {
    "addons": "EKS add-ons are not offered",
    "identityProviders": "the API server takes no further identity providers",
    "fargateProfiles": "there is no Fargate",
    "secretsEncryption": "Secrets cannot be encrypted with a key of KMS",
    "ipFamily": "there is no IPv6",
    "availabilityZones": "the zone is that of the Outpost",
    "localZones": "the zone is that of the Outpost",
    "publicAccessCIDRs": "the API server has no public endpoint",
    "managedNodeGroups": "there are no managed node groups",
    "karpenter": "eksctl installs no Karpenter",
    "gitops": "eksctl sets up no GitOps",
    "bootstrapClusterCreatorAdminPermissions": "whoever creates the cluster stays its administrator",
    "withOIDC": "there is no OIDC provider",
    "autoAllocateIPv6": "there is no IPv6",
    "publicAccess": "the API server has no public endpoint",
    "privateAccess": "the API server has nothing but its private endpoint",
    "autoModeConfig": "there is no Auto Mode",
}
_AMI_FAMILIES = ("amazonlinux2", "amazonlinux2023")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_outposts(config: ClusterConfig) -> Iterator[Finding]:
    """The cluster or a node group is on an Outpost, but something in the file does not exist there.

    ## Why is this bad?
    A local cluster on Outposts offers less than one in a region: no add-ons, no Fargate, no managed node groups, no
    OIDC provider, one zone. eksctl refuses a file that asks for it.

    ## When it stays silent
    Managed groups with an `outpostARN` are the matter of the rule eksctl-managed-unsupported.

    ## References
    - eksctl, AWS Outposts support
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go (ValidateClusterConfig, ValidateNodeGroup)
    """
    if is_set(config, "outpost"):
        yield from _outpost(config)
    if is_given(config, *_OUTPOST_ARN):
        place = (config.at(*_OUTPOST_ARN), "the control plane is on an Outpost")
        yield from _unsupported(config, place)
        yield from _placement(config)
    yield from _node_groups(config)


def _outpost(config: ClusterConfig) -> Iterator[Finding]:
    if is_absent(config, *_OUTPOST_ARN):
        yield Finding(
            config.at(*_OUTPOST_ARN),
            "outpost does not say on which Outpost the control plane is to be",
            label="controlPlaneOutpostARN is missing",
        )
    arn = text(config, *_OUTPOST_ARN)
    if arn is not None and not _is_outpost(arn):
        yield Finding(
            config.at(*_OUTPOST_ARN), f"{arn} is no ARN of an Outpost", label="arn:aws:outposts:…:outpost/op-…"
        )


def _unsupported(config: ClusterConfig, related: tuple[Place, str]) -> Iterator[Finding]:
    found = [path for path in _UNSUPPORTED_LISTS if is_given(config, *path)]
    found += [path for path in _UNSUPPORTED_SECTIONS if is_set(config, *path)]
    found += [path for path, refused in _UNSUPPORTED_SWITCHES if flag(config, *path) is refused]
    if uses_ipv6(config):
        found.append(("kubernetesNetworkConfig", "ipFamily"))
    for path in found:
        why = next(_WHY[step] for step in reversed(path) if step in _WHY)
        value = text(config, *path) if flag(config, *path) is not None else None
        yield Finding(
            config.at(*path, key=True),
            f"{dotted(path)}{f': {value}' if value is not None else ''} is not possible on Outposts: {why}",
            label="not on Outposts",
            related=[related],
        )


def _placement(config: ClusterConfig) -> Iterator[Finding]:
    etcd = ("outpost", "etcdInstanceType")
    if is_absent(config, *etcd):
        for path, what in (
            (("etcdPlacement",), "etcd"),
            (("controlPlanePlacement", "spreadLevel"), "the control plane"),
        ):
            if is_set(config, "outpost", *path) and written(config, "outpost", *path) != "":
                yield Finding(
                    config.at("outpost", *path, key=True),
                    f"outpost says how to place {what}, but etcd has no instances of its own",
                    label="needs outpost.etcdInstanceType",
                )
    elif is_given(config, *etcd):
        group = ("outpost", "controlPlanePlacement", "groupName")
        if is_given(config, *group):
            yield Finding(
                config.at(*group),
                "with etcd on instances of its own, the control plane cannot be put into a placement group",
                label="not with etcdInstanceType",
                related=[(config.at(*etcd), "etcd has instances of its own")],
            )
        mode = ("accessConfig", "authenticationMode")
        if text(config, *mode) == "CONFIG_MAP":
            yield Finding(
                config.at(*mode),
                "with etcd on instances of its own, access goes by access entries, not by the ConfigMap aws-auth",
                label="API_AND_CONFIG_MAP or API",
                related=[(config.at(*etcd), "etcd has instances of its own")],
            )


def _node_groups(config: ClusterConfig) -> Iterator[Finding]:
    control_plane = text(config, *_OUTPOST_ARN)
    first: EksctlNodeGroup | None = None
    for group in config.parts:
        if group.is_managed:
            continue
        outpost = text(group, "outpostARN")
        if outpost is not None:
            yield from _outpost_of_group(config, group, outpost, first)
            first = first or group
        if outpost is not None or control_plane is not None:
            yield from _group_on_outpost(group)
        if control_plane is not None:
            yield from _group_of_local_cluster(group)


def _outpost_of_group(
    config: ClusterConfig, group: EksctlNodeGroup, outpost: str, first: EksctlNodeGroup | None
) -> Iterator[Finding]:
    control_plane, place = text(config, *_OUTPOST_ARN), group.at("outpostARN")
    if not _is_outpost(outpost):
        yield Finding(place, f"{outpost} of {group} is no ARN of an Outpost", label="arn:aws:outposts:…:outpost/op-…")
    elif control_plane is not None and outpost != control_plane:
        yield Finding(
            place,
            f"{group} is on another Outpost than the control plane",
            label="another Outpost",
            help="leave outpostARN out: the group goes where the control plane is",
            related=[(config.at(*_OUTPOST_ARN), "the control plane is here")],
        )
    elif first is not None and text(first, "outpostARN") != outpost:
        yield Finding(
            place,
            f"{group} and {first} are on different Outposts: eksctl creates nodes on one at a time",
            label="another Outpost",
            related=[(first.at("outpostARN"), f"{first} is here")],
        )


def _group_on_outpost(group: EksctlNodeGroup) -> Iterator[Finding]:
    for field in ("instanceSelector", "availabilityZones", "localZones"):
        if is_given(group, field):
            why = "the zone is that of the Outpost" if field != "instanceSelector" else "name an instanceType instead"
            yield Finding(
                group.at(field, key=True),
                f"{group} is on an Outpost, where {field} does not apply: {why}",
                label="not on Outposts",
            )


def _group_of_local_cluster(group: EksctlNodeGroup) -> Iterator[Finding]:
    family = text(group, "amiFamily")
    if family is not None and family.lower() not in _AMI_FAMILIES:
        yield Finding(
            group.at("amiFamily"),
            f"{group} of a cluster on Outposts runs Amazon Linux, not {family}",
            label="AmazonLinux2023 or AmazonLinux2",
        )
    volume = text(group, "volumeType")
    if volume is not None and volume != "gp2":
        yield Finding(
            group.at("volumeType"),
            f"an Outpost has no {volume} volumes for {group}, only gp2",
            label="gp2 only",
        )


def _is_outpost(arn: str) -> bool:
    return is_arn(arn) and arn.split(":")[2] == "outposts"

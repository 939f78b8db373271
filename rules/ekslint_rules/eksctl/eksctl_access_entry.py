from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, aws_enums, dotted, nearest, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._access_policies import access_policy_problems
from ekslint_rules.eksctl._reading import Path, flag, is_absent, is_arn, is_given, items, text

_ACCESS = "accessConfig"
_NODE_TYPES = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX")
_TYPES = ("STANDARD", "EC2", *_NODE_TYPES)


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_access_entry(config: ClusterConfig) -> Iterator[Finding]:
    """An access entry cannot be made as it is written, or nobody could enter the cluster.

    ## Why is this bad?
    eksctl refuses the file. Entries of node types carry fixed rights, policies of access entries are not those of IAM,
    and a cluster that its creator cannot enter gets no self-managed nodes.

    ## When it stays silent
    A missing type is STANDARD. Principals that a template fills in.

    ## References
    - eksctl, access entries
    - eksctl, pkg/apis/eksctl.io/v1alpha5/access_entry.go and pkg/accessentry/service.go
    """
    mode = text(config, _ACCESS, "authenticationMode")
    modes = aws_enums.enumeration("eks.AuthenticationMode")
    if mode is not None and mode not in modes:
        meant = nearest(mode, modes)
        yield Finding(
            config.at(_ACCESS, "authenticationMode"),
            f"the authentication mode {mode} does not exist: it is {enumerated(modes, 'or')}",
            label="unknown mode",
            help=f"did you mean {meant}?" if meant is not None else None,
        )
    yield from _switched_off(config)
    seen: dict[str, Path] = {}
    for path in items(config, _ACCESS, "accessEntries"):
        principal = text(config, *path, "principalARN")
        shown = f"the access entry of {principal}" if principal is not None else dotted(path)
        yield from _principal(config, path, principal, seen)
        yield from _type(config, path, shown)
        if text(config, *path, "type") not in _NODE_TYPES:
            yield from access_policy_problems(config, path, shown)
    yield from _nobody(config)


def _switched_off(config: ClusterConfig) -> Iterator[Finding]:
    cluster = config.cluster
    if not is_given(config, _ACCESS, "accessEntries") or cluster.unknown("authentication_mode"):
        return
    if cluster.authentication_mode == "CONFIG_MAP":
        place = config.at(_ACCESS, "authenticationMode")
        yield Finding(
            place if place.is_written else config.at(_ACCESS, "accessEntries", key=True),
            f"{config.cluster} lists access entries, but the authentication mode CONFIG_MAP switches them off",
            label="no access entries" if place.is_written else "CONFIG_MAP is the default on Outposts",
            help="set accessConfig.authenticationMode to API_AND_CONFIG_MAP or API",
            related=[(config.at(_ACCESS, "accessEntries", key=True), "access entries")],
        )


def _principal(config: ClusterConfig, path: Path, principal: str | None, seen: dict[str, Path]) -> Iterator[Finding]:
    place = config.at(*path, "principalARN")
    if principal is None:
        if is_absent(config, *path, "principalARN"):
            yield Finding(place, f"{dotted(path)} does not say whom it lets in", label="principalARN is missing")
        return
    if not is_arn(principal):
        yield Finding(
            place,
            f"{principal} is no ARN: an access entry names its principal by ARN",
            label="not an ARN",
            help="write it as arn:aws:iam::ACCOUNT:role/NAME",
        )
    elif principal in seen:
        yield Finding(
            place,
            f"{principal} has two access entries: EKS keeps one for each principal",
            label="listed before",
            help="put groups and policies into one entry",
            related=[(config.at(*seen[principal], "principalARN"), "listed here first")],
        )
    seen.setdefault(principal, path)


def _type(config: ClusterConfig, path: Path, shown: str) -> Iterator[Finding]:
    kind = text(config, *path, "type")
    if kind is None:
        return
    if kind not in _TYPES:
        meant = nearest(kind, _TYPES)
        yield Finding(
            config.at(*path, "type"),
            f"{shown} is of the unknown type {kind}: there are {enumerated(_TYPES)}",
            label="unknown type",
            help=f"did you mean {meant}?" if meant is not None else None,
        )
    elif kind in _NODE_TYPES:
        for field in ("kubernetesGroups", "kubernetesUsername", "accessPolicies"):
            if is_given(config, *path, field):
                yield Finding(
                    config.at(*path, field, key=True),
                    f"{shown} is for nodes ({kind}), which have the rights of nodes: {field} cannot be set",
                    label=f"not for {kind}",
                    related=[(config.at(*path, "type"), "an entry for nodes")],
                )


def _nobody(config: ClusterConfig) -> Iterator[Finding]:
    creator = (_ACCESS, "bootstrapClusterCreatorAdminPermissions")
    if flag(config, *creator) is not False or not is_given(config, "nodeGroups"):
        return
    cluster = config.cluster
    if cluster.unknown("authentication_mode"):
        return
    by_config_map = cluster.authentication_mode == "CONFIG_MAP"
    if by_config_map or is_absent(config, _ACCESS, "accessEntries"):
        why = (
            "there are no access entries in the mode CONFIG_MAP" if by_config_map else "no access entry lets anybody in"
        )
        yield Finding(
            config.at(*creator),
            f"whoever creates the cluster gets no access to it, and {why}: eksctl could let no self-managed nodes join",
            label="nobody can enter",
            help="add an access entry with AmazonEKSClusterAdminPolicy, or use managed node groups",
            related=[(config.at("nodeGroups", key=True), "self-managed nodes")],
            lower=cluster.may_be_partial,
        )

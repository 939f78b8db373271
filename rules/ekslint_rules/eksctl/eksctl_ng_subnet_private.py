from collections.abc import Iterator, Mapping

from ekslint import ClusterConfig, EksctlNodeGroup, Finding, Severity, rule
from ekslint_rules.eksctl._reading import Path, flag, is_absent, is_given, is_off, is_unknown, text, texts, written


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "network"))
def eksctl_ng_subnet_private(config: ClusterConfig) -> Iterator[Finding]:
    """A node group and the subnets that it is to be in disagree about being private.

    ## Why is this bad?
    eksctl puts groups with `privateNetworking: true` into private subnets, and all others into public ones. It refuses
    a group that names a private subnet without it, and a private group where the VPC has no private subnets. For any
    other group where the VPC has only private ones it finds no subnet at all.

    ## When it stays silent
    Public subnets for private groups, of which eksctl only warns; subnets that the file does not list under `vpc`;
    groups in local zones and on Outposts. What a fully private cluster asks of groups is the matter of
    `eksctl-private-cluster`.

    ## References
    - eksctl, custom subnets for node groups
    - eksctl, pkg/vpc/vpc.go (selectNodeGroupSubnetsFromIDs), pkg/cfn/builder/nodegroup.go (AssignSubnets) and
      pkg/apis/eksctl.io/v1alpha5/vpc.go
    """
    listed = _private_only(config)
    has_private = not is_absent(config, "vpc", "subnets", "private")
    has_public = not is_absent(config, "vpc", "subnets", "public")
    for group in config.parts:
        private = flag(group, "privateNetworking")
        if private is None and is_absent(group, "privateNetworking"):
            private = False
        if private and has_public and not has_private and not group.is_managed and is_absent(group, "subnets"):
            yield Finding(
                group.at("privateNetworking"),
                f"{group} wants private subnets, but vpc.subnets lists public ones only",
                label="no private subnets",
                related=[(config.at("vpc", "subnets", key=True), "public subnets only")],
            )
        if private is False:
            yield from _private_subnets(config, group, listed)
            if _finds_no_public_subnet(config, group):
                yield Finding(
                    group.at("privateNetworking"),
                    f"{group} is to be in public subnets, but vpc.subnets lists private ones only",
                    label="no public subnets",
                    help="set privateNetworking: true for the group",
                    related=[(config.at("vpc", "subnets", key=True), "private subnets only")],
                )


def _finds_no_public_subnet(config: ClusterConfig, group: EksctlNodeGroup) -> bool:
    """Whether a group that is not private names no subnets, and the VPC lists none for it."""
    if not is_given(config, "vpc", "subnets", "private") or not is_absent(config, "vpc", "subnets", "public"):
        return False
    if not is_absent(config, "outpost") or not is_off(config, "privateCluster", "enabled"):
        return False
    return all(is_absent(group, field) for field in ("subnets", "localZones", "outpostARN"))


def _private_subnets(config: ClusterConfig, group: EksctlNodeGroup, listed: Mapping[str, Path]) -> Iterator[Finding]:
    found = [(path, subnet) for path, subnet in texts(group, "subnets") if subnet in listed]
    if found:
        (path, subnet), *others = found
        yield Finding(
            group.at(*path),
            f"{group} is not private, but {subnet} is a private subnet",
            label="a private subnet",
            help="set privateNetworking: true for the group",
            related=[
                (config.at(*listed[subnet], key=True), "listed as private"),
                *((group.at(*other), "private, too") for other, _ in others),
            ],
        )


def _private_only(config: ClusterConfig) -> Mapping[str, Path]:
    """Alias or ID → where a subnet is listed, of those that are private and surely not public too."""
    if is_unknown(config, "vpc", "subnets", "public"):
        return {}
    public = _listed(config, "public")
    return {name: path for name, path in _listed(config, "private").items() if name not in public}


def _listed(config: ClusterConfig, side: str) -> dict[str, Path]:
    path: Path = ("vpc", "subnets", side)
    aliases = written(config, *path)
    found: dict[str, Path] = {}
    for alias in aliases if isinstance(aliases, dict) else ():
        found[alias] = (*path, alias)
        identifier = text(config, *path, alias, "id")
        if identifier is not None:
            found.setdefault(identifier, (*path, alias))
    return found

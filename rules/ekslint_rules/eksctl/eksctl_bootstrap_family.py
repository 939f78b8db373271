from collections.abc import Iterator

from ekslint import EksctlNodeGroup, Finding, Severity, eksctl_limits, rule
from ekslint_rules.eksctl import _node_groups as written

_KUBERNETES = ("bottlerocket", "settings", "kubernetes")


@rule(Severity.ERROR, since="0.1.0", tags=("images",), dialects=("eksctl",))
def eksctl_bootstrap_family(group: EksctlNodeGroup) -> Iterator[Finding]:
    """A node group sets what its AMI family does not read when a node starts.

    ## Why is this bad?
    Bottlerocket has no shell to run commands, and reads TOML settings in place of kubelet configuration; Windows starts
    with its own PowerShell script; other families know nothing of Bottlerocket's settings. eksctl refuses these
    combinations, except a `bottlerocket` block in a managed group of another family, which it ignores. Settings that a
    group has fields for go into those fields, and those that join the node to its cluster EKS writes itself.

    ## When it stays silent
    Commands before the start of Windows nodes, which are run; families that eksctl does not know (`eksctl-ami-family`).

    ## References
    - eksctl, pkg/apis/eksctl.io/v1alpha5/validation.go: ValidateNodeGroup, checkBottlerocketSettings
    - eksctl, pkg/nodebootstrap/bottlerocket.go and managed_bottlerocket.go
    """
    facts, name = written.family_facts(group), written.ami_family(group)
    if facts is not None and facts.is_bottlerocket:
        for field in ("preBootstrapCommands", "overrideBootstrapCommand", "kubeletExtraConfig"):
            yield from _unread(group, field, name or facts.name, "reads TOML settings alone", "bottlerocket.settings")
        yield from _settings(group)
        yield from _managed_settings(group) if group.is_managed else _dns_settings(group)
    elif facts is not None and facts.is_windows:
        field = "overrideBootstrapCommand" if group.is_managed else "kubeletExtraConfig"
        yield from _unread(group, field, name or facts.name, "starts with a script of its own", None)
    if written.is_present(group, "bottlerocket") and (
        (facts is not None and not facts.is_bottlerocket) or (name == "" and not group.is_managed)
    ):
        yield _misplaced(group, name or "")


def _unread(group: EksctlNodeGroup, field: str, family: str, why: str, instead: str | None) -> Iterator[Finding]:
    # kubeletExtraConfig of a managed group is a field that eksctl does not know.
    if written.is_present(group, field) and not (group.is_managed and field == "kubeletExtraConfig"):
        yield Finding(
            group.at(field, key=True),
            f"{group} sets {field}, but {family} {why}",
            label=f"not for {family}",
            help=f"put it into {instead}" if instead else "remove it",
            related=[(group.at("amiFamily"), "the family")],
        )


def _misplaced(group: EksctlNodeGroup, family: str) -> Finding:
    outcome = "which eksctl ignores" if group.is_managed else "which eksctl refuses"
    runs = f"runs {family}" if family else "has no amiFamily"
    return Finding(
        group.at("bottlerocket", key=True),
        f"{group} {runs}, but has settings of Bottlerocket, {outcome}",
        label="only for Bottlerocket",
        help="set amiFamily: Bottlerocket, or remove the block",
        related=[(group.at("amiFamily"), "the family")] if written.is_filled(group, "amiFamily") else (),
        severity=Severity.WARNING if group.is_managed else None,
    )


def _settings(group: EksctlNodeGroup) -> Iterator[Finding]:
    fields = (
        eksctl_limits.BOTTLEROCKET_SETTINGS_OF_MANAGED_GROUP
        if group.is_managed
        else eksctl_limits.BOTTLEROCKET_SETTINGS_OF_NODE_GROUP
    )
    for key, field in fields.items():
        if key in written.keys(group, *_KUBERNETES):
            yield Finding(
                group.at(*_KUBERNETES, key, key=True),
                f"{group} sets {key} for Bottlerocket itself, which eksctl writes from {field} of the group",
                label=f"use {field}",
                help=f"move it to {field} of the group",
            )


def _managed_settings(group: EksctlNodeGroup) -> Iterator[Finding]:
    for key in written.keys(group, *_KUBERNETES):
        if key in eksctl_limits.BOTTLEROCKET_SETTINGS_OF_EKS:
            yield Finding(
                group.at(*_KUBERNETES, key, key=True),
                f"{group} sets {key} for Bottlerocket itself, which EKS writes for every managed node group",
                label="EKS's own",
                help="remove it",
            )
    admin = ("bottlerocket", "settings", "host-containers", "admin")
    if written.is_present(group, "bottlerocket", "enableAdminContainer") and "enabled" in written.keys(group, *admin):
        yield Finding(
            group.at(*admin, "enabled", key=True),
            f"{group} switches Bottlerocket's admin container on or off in two ways",
            label="set twice",
            help="keep bottlerocket.enableAdminContainer",
            related=[(group.at("bottlerocket", "enableAdminContainer"), "the other")],
        )


def _dns_settings(group: EksctlNodeGroup) -> Iterator[Finding]:
    if "cluster-dns-ip" in written.keys(group, *_KUBERNETES) and written.is_filled(group, "clusterDNS"):
        yield Finding(
            group.at(*_KUBERNETES, "cluster-dns-ip", key=True),
            f"{group} sets cluster-dns-ip for Bottlerocket, and clusterDNS for the group",
            label="set twice",
            help="keep clusterDNS",
            related=[(group.at("clusterDNS"), "the group's own")],
        )

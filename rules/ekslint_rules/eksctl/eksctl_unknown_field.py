import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ekslint import (
    ClusterConfig,
    Finding,
    SchemaProblem,
    SchemaProblemKind,
    Severity,
    dotted,
    eksctl_fields,
    nearest,
    regions,
    rule,
    schema_problems,
)
from ekslint_rules.eksctl._reading import text

_TOLD_BY_OTHER_RULES = frozenset(
    {
        ("Addon", "name"),
        ("Capability", "name"),
        ("Capability", "type"),
        ("ClusterNAT", "gateway"),
        ("FargateProfile", "name"),
        ("FargateProfileSelector", "namespace"),
        ("IdentityProvider", "clientID"),
        ("IdentityProvider", "issuerURL"),
        ("IdentityProvider", "name"),
        ("IdentityProvider", "type"),
        ("Karpenter", "version"),
        ("KubernetesNetworkConfig", "ipFamily"),
        ("LaunchTemplate", "id"),
        ("ManagedNodeGroup", "amiFamily"),
        ("ManagedNodeGroup", "name"),
        ("NodeGroup", "amiFamily"),
        ("NodeGroup", "name"),
        ("NodeGroupInstancesDistribution", "instanceTypes"),
        ("RemoteNetworkConfig", "remoteNodeNetworks"),
        ("SecretsEncryption", "keyARN"),
        ("UpgradePolicy", "supportType"),
    }
)
_CLUSTER_NAME = re.compile(r"[A-Za-z0-9-]+")
_LONGEST_LABEL = 63
# Neither names nor regions have underscores, so that nobody can have meant these as they stand.
_TO_BE_REPLACED = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|(?i:your_\w+)")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_unknown_field(config: ClusterConfig) -> Iterator[Finding]:
    """The file has a field that eksctl does not know, lacks one, or has a value that cannot be.

    ## Why is this bad?
    eksctl decodes the file strictly: one misspelt field, and it refuses all of it. Only where nothing but the case is
    wrong it says nothing, drops the field, and creates something else than the file describes.

    ## When it stays silent
    Placeholders (`${…}`, `{{ … }}`, `CLUSTER_NAME`), free-form sections (policies, Bottlerocket settings, kubelet
    configuration), and what other rules of this category tell more about.

    ## References
    - eksctl, config file schema
    - eksctl, pkg/eks/api.go (ParseConfig) and pkg/ctl/cmdutils/configfile.go
    """
    for problem in schema_problems(config.node, eksctl_fields.TABLE):
        if problem.kind is SchemaProblemKind.UNKNOWN:
            yield _unknown(config, problem)
        elif (problem.type, problem.path[-1]) not in _TOLD_BY_OTHER_RULES:
            yield _other(config, problem)
    yield from _cluster_name(config)
    yield from _region(config)


def _cluster_name(config: ClusterConfig) -> Iterator[Finding]:
    name = text(config, "metadata", "name")
    if name is None or _TO_BE_REPLACED.fullmatch(name):
        return
    if not _CLUSTER_NAME.fullmatch(name):
        yield Finding(
            config.at("metadata", "name"),
            f"the cluster's name {name} has characters other than letters, digits and hyphens, which eksctl refuses",
            label="letters, digits and hyphens only",
        )
    elif any(True for _ in config.parts) and (len(name) > _LONGEST_LABEL or name.startswith("-") or name.endswith("-")):
        yield Finding(
            config.at("metadata", "name"),
            f"the cluster's name {name} cannot be the value of a label, which eksctl gives to all nodes: at most "
            f"{_LONGEST_LABEL} characters, and no hyphen at either end",
            label=f"{len(name)} characters" if len(name) > _LONGEST_LABEL else "a hyphen at an end",
        )


def _region(config: ClusterConfig) -> Iterator[Finding]:
    region = text(config, "metadata", "region")
    # A new region is one that fits the names of a partition.
    if region is not None and regions.partition_of(region) is None and not _TO_BE_REPLACED.fullmatch(region):
        meant = regions.region_of_zone(region) or nearest(region, regions.region_names())
        yield Finding(
            config.at("metadata", "region"),
            f"{region} is no region of AWS",
            label=f"did you mean {meant}?" if meant is not None else "no region",
            help=f"write {meant}" if meant is not None else None,
        )


def _unknown(config: ClusterConfig, problem: SchemaProblem) -> Finding:
    name, meant = str(problem.path[-1]), problem.suggestion
    if meant is not None and meant.lower() == name.lower():
        return Finding(
            config.at(*problem.path, key=True),
            f"{problem.message}, only {meant}: eksctl minds the case, and drops this one without a word",
            label="wrong case",
            help=f"write {meant}",
        )
    home = _home(problem, name)
    help_ = f"it belongs under {home}" if home is not None else f"did you mean {meant}?" if meant else None
    return Finding(
        config.at(*problem.path, key=True),
        f"{problem.message}: eksctl refuses the whole file",
        label=help_ or "unknown field",
        help=help_,
    )


def _other(config: ClusterConfig, problem: SchemaProblem) -> Finding:
    if problem.kind is SchemaProblemKind.MISSING:
        name = problem.path[-1]
        return Finding(config.at(*problem.path), f"{problem.message}, which is required", label=f"{name} is missing")
    help_ = f"did you mean {problem.suggestion}?" if problem.suggestion is not None else None
    return Finding(config.at(*problem.path), problem.message, label=help_ or "not one of them", help=help_)


def _home(problem: SchemaProblem, name: str) -> str | None:
    """Where a field of this very name belongs: right below, or else in the one place that has it."""
    below = [
        field.name
        for field in eksctl_fields.fields_of(problem.type).values()
        for shape in field.shapes
        if not shape.container
        and shape.type in eksctl_fields.type_names()
        and name in eksctl_fields.fields_of(shape.type)
    ]
    if len(below) == 1:
        return dotted((*problem.path[:-1], below[0]))
    if problem.suggestion is not None and name not in _sibling_fields(problem.type):
        return None
    homes = _homes().get(name, ())
    if len(homes) != 1:
        return None
    return f"the cluster's own {homes[0]}" if homes[0] in problem.path else homes[0]


def _sibling_fields(type_name: str) -> frozenset[str]:
    """The fields of the other kind of node group."""
    siblings = {"ManagedNodeGroup": "NodeGroup", "NodeGroup": "ManagedNodeGroup"}
    return frozenset(eksctl_fields.fields_of(siblings[type_name])) if type_name in siblings else frozenset()


@cache
def _homes() -> Mapping[str, Sequence[str]]:
    """Field name → where a ClusterConfig has a field of this name: `metadata`, `iam`, `nodeGroups`."""
    found: dict[str, set[str]] = {}
    waiting = [("", eksctl_fields.ROOT)]
    while waiting:
        path, owner = waiting.pop()
        for field in eksctl_fields.fields_of(owner).values():
            if path:
                found.setdefault(field.name, set()).add(path)
            below = f"{path}.{field.name}" if path else field.name
            waiting += [(below, shape.type) for shape in field.shapes if shape.type in eksctl_fields.type_names()]
    return {name: sorted(homes) for name, homes in found.items()}

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ekslint import (
    ClusterConfig,
    Finding,
    SchemaProblem,
    SchemaProblemKind,
    Severity,
    eksctl_fields,
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


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl",))
def eksctl_unknown_field(config: ClusterConfig) -> Iterator[Finding]:
    """The file has a field that eksctl does not know, lacks one, or has a value that cannot be.

    ## Why is this bad?
    eksctl decodes the file strictly: one misspelt field, and it refuses all of it. Only where nothing but the case is
    wrong it says nothing, drops the field, and creates something else than the file describes.

    ## When it stays silent
    Placeholders (`${…}`, `{{ … }}`), free-form sections (policies, Bottlerocket settings, kubelet configuration), and
    what other rules of this category tell more about.

    ## References
    - eksctl, config file schema
    - eksctl, pkg/eks/api.go (ParseConfig) and pkg/ctl/cmdutils/configfile.go
    """
    for problem in schema_problems(config.node, eksctl_fields.TABLE):
        if problem.kind is SchemaProblemKind.UNKNOWN:
            yield _unknown(config, problem)
        elif (problem.type, problem.path[-1]) not in _TOLD_BY_OTHER_RULES:
            yield _other(config, problem)
    name = text(config, "metadata", "name")
    if name is not None and not _CLUSTER_NAME.fullmatch(name):
        yield Finding(
            config.at("metadata", "name"),
            f"the cluster's name {name} has characters other than letters, digits and hyphens, which eksctl refuses",
            label="letters, digits and hyphens only",
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
    homes = _homes().get(name, ()) if meant is None or name in _sibling_fields(problem.type) else ()
    help_ = f"it belongs under {homes[0]}" if len(homes) == 1 else f"did you mean {meant}?" if meant else None
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

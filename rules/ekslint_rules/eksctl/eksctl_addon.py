import json
import re
from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, dotted, embedded, rule
from ekslint_rules._wording import enumerated
from ekslint_rules.eksctl._pod_identity import association_problems
from ekslint_rules.eksctl._reading import (
    Path,
    flag,
    is_absent,
    is_given,
    is_set,
    items,
    named,
    text,
    well_known_policies,
    written,
)

_AGENT = "eks-pod-identity-agent"
_NAMESPACE = re.compile(r"[a-z]([a-z0-9-]*[a-z0-9])?")
_LONGEST_NAMESPACE = 63


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_addon(config: ClusterConfig) -> Iterator[Finding]:
    """An add-on has no name, settings that cannot be read, or permissions in ways that exclude each other.

    ## Why is this bad?
    The service account of an add-on gets its permissions in one way: a role that exists, policies for a role that
    eksctl creates (IRSA), or Pod Identity. eksctl refuses the file where there are two.

    ## When it stays silent
    Add-ons without permissions of their own, and settings that a template fills in.

    ## References
    - eksctl, EKS add-ons
    - eksctl, pkg/apis/eksctl.io/v1alpha5/addon.go and validation.go (validateAddonPodIdentityAssociations)
    """
    for path in items(config, "addons"):
        title = named(config, "add-on", *path)
        if is_absent(config, *path, "name"):
            yield Finding(config.at(*path, "name"), f"{title} has no name", label="name is missing")
        yield from _settings(config, path, title)
        yield from _permissions(config, path, title)
        yield from _associations(config, path, title)


def _settings(config: ClusterConfig, path: Path, title: str) -> Iterator[Finding]:
    values = text(config, *path, "configurationValues")
    if values is not None and not _is_json(values):
        place = config.at(*path, "configurationValues")
        if not _is_yaml_mapping(values, config, path):
            yield Finding(
                place,
                f"the configurationValues of {title} are neither JSON nor a mapping in YAML",
                label="cannot be read",
            )
    namespace = text(config, *path, "namespaceConfig", "namespace")
    if namespace is not None and not (_NAMESPACE.fullmatch(namespace) and len(namespace) <= _LONGEST_NAMESPACE):
        yield Finding(
            config.at(*path, "namespaceConfig", "namespace"),
            f"{title} cannot go into {namespace}: a namespace has lower-case letters, digits and hyphens, begins with "
            f"a letter, and is at most {_LONGEST_NAMESPACE} characters long",
            label="not the name of a namespace",
        )


def _is_json(values: str) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(values, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _is_yaml_mapping(values: str, config: ClusterConfig, path: Path) -> bool:
    read = embedded(values, config.at(*path, "configurationValues").source)
    return isinstance(read.root, dict) and not read.document.problems


def _irsa(config: ClusterConfig, path: Path) -> list[str]:
    """The fields that surely give the add-on a role by IRSA."""
    found = [field for field in ("serviceAccountRoleARN", "attachPolicyARNs") if is_given(config, *path, field)]
    if isinstance(written(config, *path, "attachPolicy"), dict):
        found.append("attachPolicy")
    if well_known_policies(config, *path, "wellKnownPolicies"):
        found.append("wellKnownPolicies")
    return found


def _permissions(config: ClusterConfig, path: Path, title: str) -> Iterator[Finding]:
    irsa = _irsa(config, path)
    if len(irsa) > 1:
        yield Finding(
            config.at(*path, irsa[1], key=True),
            f"{title} gets its permissions in {len(irsa)} ways: {enumerated(irsa)}",
            label=f"not with {irsa[0]}",
            help="keep one of them",
            related=[(config.at(*path, field, key=True), "another way") for field in irsa if field != irsa[1]],
        )
    by_default = bool(flag(config, *path, "useDefaultPodIdentityAssociations"))
    associations = is_given(config, *path, "podIdentityAssociations")
    ways = [("podIdentityAssociations", associations), ("useDefaultPodIdentityAssociations", by_default)]
    for field, is_used in ways:
        if is_used and irsa:
            yield Finding(
                config.at(*path, field, key=True),
                f"{title} gets its permissions by Pod Identity, and by a role for its service account ({irsa[0]})",
                label=f"not with {irsa[0]}",
                help="keep one of them",
                related=[(config.at(*path, irsa[0], key=True), "a role for the service account")],
            )
    if by_default and associations:
        yield Finding(
            config.at(*path, "useDefaultPodIdentityAssociations", key=True),
            f"{title} is to have the recommended pod identity associations, and others",
            label="not with podIdentityAssociations",
            help="keep one of them",
            related=[(config.at(*path, "podIdentityAssociations", key=True), "others")],
            discriminator="associations",
        )


def _associations(config: ClusterConfig, path: Path, title: str) -> Iterator[Finding]:
    field = (*path, "podIdentityAssociations")
    name = text(config, *path, "name")
    if is_given(config, *field) and name is not None and name.lower() == _AGENT:
        yield Finding(
            config.at(*field, key=True),
            f"{_AGENT} hands out the credentials of others, and cannot have associations itself",
            label=f"not for {_AGENT}",
        )
    for association in items(config, *field):
        shown = f"{dotted(association[len(path) :])} of {title}"
        yield from association_problems(config, association, shown)
        if well_known_policies(config, *association, "wellKnownPolicies"):
            yield Finding(
                config.at(*association, "wellKnownPolicies", key=True),
                f"{shown} has wellKnownPolicies, which associations of add-ons cannot have",
                label="not for add-ons",
                help="set useDefaultPodIdentityAssociations: true for the add-on",
                discriminator="add-on",
            )
        if is_set(config, *association, "tags"):
            yield Finding(
                config.at(*association, "tags", key=True),
                f"{shown} has tags, which associations of add-ons cannot have",
                label="not for add-ons",
            )

"""What entries of `podIdentityAssociations` have in common, whether of the cluster or of an add-on."""

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding
from ekslint_rules.eksctl._reading import (
    Path,
    is_absent,
    is_given,
    text,
    well_known_policies,
)

_POLICIES = ("permissionPolicy", "permissionPolicyARNs")


def association_problems(config: ClusterConfig, path: Path, title: str) -> Iterator[Finding]:
    """What is wrong with the association at a path by itself; `title` names it in a sentence."""
    for field in ("namespace", "serviceAccountName"):
        if is_absent(config, *path, field):
            yield Finding(
                config.at(*path, field),
                f"{title} has no {field}: it would belong to no service account",
                label=f"{field} is missing",
            )
    well_known = well_known_policies(config, *path, "wellKnownPolicies")
    if well_known is False and all(is_absent(config, *path, field) for field in ("roleARN", *_POLICIES)):
        yield Finding(
            config.at(*path, "roleARN"),
            f"{title} has neither a role nor a policy: eksctl cannot tell what it may do",
            label="no role and no policy",
            help="set roleARN, or one of permissionPolicy, permissionPolicyARNs and wellKnownPolicies",
        )
    if is_given(config, *path, "roleARN"):
        given = [field for field in _POLICIES if is_given(config, *path, field)]
        for field in [*given, "wellKnownPolicies"] if well_known else given:
            yield Finding(
                config.at(*path, field, key=True),
                f"{title} has a roleARN and {field}: eksctl adds no policies to a role that is not its own",
                label="not with roleARN",
                help="attach the policies to the role itself, or leave out roleARN",
                related=[(config.at(*path, "roleARN"), "the role that exists")],
            )
    yield from _policy_name(config, path, title)


def _policy_name(config: ClusterConfig, path: Path, title: str) -> Iterator[Finding]:
    name = text(config, *path, "permissionPolicyName")
    if name is None:
        return
    place = config.at(*path, "permissionPolicyName")
    if is_absent(config, *path, "permissionPolicy"):
        yield Finding(
            place,
            f"{title} names a policy {name}, but has no permissionPolicy to go by that name",
            label="permissionPolicy is missing",
        )
    elif not any(letter.isascii() and letter.isalnum() for letter in name):
        yield Finding(
            place,
            f"{title} names its policy {name}: a name needs a letter or a digit",
            label="no letter and no digit",
            discriminator="characters",
        )

"""Access policies, of access entries and of capabilities."""

from collections.abc import Iterator

from ekslint import ClusterConfig, Finding
from ekslint_rules.eksctl._reading import Path, is_absent, is_arn, is_given, items, text

_SCOPES = ("cluster", "namespace")
_EXAMPLE = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def access_policy_problems(config: ClusterConfig, owner: Path, shown: str) -> Iterator[Finding]:
    """What is wrong with the `accessPolicies` of the item at a path; `shown` names it in a sentence."""
    for path in items(config, *owner, "accessPolicies"):
        yield from _policy(config, path, shown)
        yield from _scope(config, path, shown)


def _policy(config: ClusterConfig, path: Path, shown: str) -> Iterator[Finding]:
    arn = text(config, *path, "policyARN")
    place = config.at(*path, "policyARN")
    if arn is None:
        if is_absent(config, *path, "policyARN"):
            yield Finding(place, f"{shown} has an access policy without its ARN", label="policyARN is missing")
    elif not is_arn(arn):
        yield Finding(
            place, f"{arn} of {shown} is no ARN of an access policy", label="not an ARN", help=f"as {_EXAMPLE}"
        )
    elif not arn.split(":", 5)[5].startswith("cluster-access-policy/"):
        yield Finding(
            place,
            f"{arn} of {shown} is no access policy: access entries take EKS's own policies, not those of IAM",
            label="not a cluster-access-policy",
            help=f"use one like {_EXAMPLE}",
        )


def _scope(config: ClusterConfig, path: Path, shown: str) -> Iterator[Finding]:
    scope = (*path, "accessScope")
    kind = text(config, *scope, "type")
    if kind is None:
        if is_absent(config, *scope, "type"):
            yield Finding(
                config.at(*scope, "type"),
                f"{shown} has an access policy that does not say where it applies",
                label="accessScope.type is missing",
                help="set accessScope.type to cluster or namespace",
            )
    elif kind not in _SCOPES:
        yield Finding(
            config.at(*scope, "type"),
            f"{shown} has an access policy of the unknown scope {kind}: it is cluster or namespace",
            label="cluster or namespace",
        )
    elif kind == "cluster" and is_given(config, *scope, "namespaces"):
        yield Finding(
            config.at(*scope, "namespaces", key=True),
            f"{shown} has an access policy for the whole cluster, but lists namespaces",
            label="not for the scope cluster",
            help="set type: namespace, or remove the namespaces",
            related=[(config.at(*scope, "type"), "the whole cluster")],
        )
    elif kind == "namespace" and is_absent(config, *scope, "namespaces"):
        yield Finding(
            config.at(*scope, "type"),
            f"{shown} has an access policy for namespaces, but names none",
            label="namespaces is missing",
            discriminator="namespaces",
        )

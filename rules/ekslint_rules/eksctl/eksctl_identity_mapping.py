from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, rule
from ekslint_rules.eksctl._reading import Path, dotted, is_absent, is_given, items, text

_OF_A_PRINCIPAL = ("arn", "username", "groups")


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_identity_mapping(config: ClusterConfig) -> Iterator[Finding]:
    """A line of `iamIdentityMappings` mixes what belongs to different kinds of mappings.

    ## Why is this bad?
    A mapping lets in one principal, one account, or one AWS service in a namespace. eksctl refuses a line that is two of
    them, or half of one.

    ## When it stays silent
    A principal without groups can be given rights by its user name.

    ## References
    - eksctl, manage IAM users and roles
    - eksctl, pkg/apis/eksctl.io/v1alpha5/identitymapping.go
    """
    for path in items(config, "iamIdentityMappings"):
        yield from _service(config, path)
        if is_given(config, *path, "account"):
            others = [
                field for field in (*_OF_A_PRINCIPAL, "serviceName", "namespace") if is_given(config, *path, field)
            ]
            if others:
                yield Finding(
                    config.at(*path, "account"),
                    f"{dotted(path)} lets in a whole account: {', '.join(others)} cannot stand beside it",
                    label="stands alone",
                    help="make two mappings of it",
                    related=[(config.at(*path, others[0], key=True), "belongs to another kind of mapping")],
                )


def _service(config: ClusterConfig, path: Path) -> Iterator[Finding]:
    service = text(config, *path, "serviceName")
    if service is not None:
        if all(is_given(config, *path, field) for field in _OF_A_PRINCIPAL):
            yield Finding(
                config.at(*path, "serviceName"),
                f"the mapping of the service {service} has arn, username and groups: eksctl knows the role of a service",
                label="not with arn, username and groups",
                help="make two mappings of it",
                related=[(config.at(*path, "arn"), "belongs to a mapping of its own")],
            )
        if is_absent(config, *path, "namespace"):
            yield Finding(
                config.at(*path, "serviceName"),
                f"the service {service} is let into one namespace, but none is named",
                label="namespace is missing",
                discriminator="namespace",
            )
    elif is_given(config, *path, "namespace") and is_absent(config, *path, "serviceName"):
        yield Finding(
            config.at(*path, "namespace"),
            f"{dotted(path)} has a namespace, which only mappings of a service have",
            label="serviceName is missing",
        )

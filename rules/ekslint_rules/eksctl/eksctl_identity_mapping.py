from collections.abc import Iterator

from ekslint import ClusterConfig, Finding, Severity, dotted, rule
from ekslint_rules.eksctl._reading import Path, is_absent, is_given, items, text

_OF_A_PRINCIPAL = ("arn", "username", "groups")
_SERVICE = "emr-containers"


@rule(Severity.ERROR, since="0.1.0", tags=("eksctl", "iam"))
def eksctl_identity_mapping(config: ClusterConfig) -> Iterator[Finding]:
    """A line of `iamIdentityMappings` mixes what belongs to different kinds of mappings.

    ## Why is this bad?
    A mapping lets in one principal, one account, or one AWS service in a namespace. eksctl refuses a line that is two
    of them, or half of one.

    ## When it stays silent
    A principal without groups can be given rights by its user name.

    ## References
    - eksctl, manage IAM users and roles
    - eksctl, pkg/apis/eksctl.io/v1alpha5/identitymapping.go and pkg/authconfigmap/service_access.go
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
    if service is None:
        if is_given(config, *path, "namespace") and is_absent(config, *path, "serviceName"):
            yield Finding(
                config.at(*path, "namespace"),
                f"{dotted(path)} has a namespace, which only mappings of a service have",
                label="serviceName is missing",
            )
        return
    place = config.at(*path, "serviceName")
    others = [field for field in _OF_A_PRINCIPAL if is_given(config, *path, field)]
    if others:
        yield Finding(
            place,
            f"the mapping of the service {service} also has {', '.join(others)}: eksctl maps the role of the "
            "service and nobody else",
            label=f"not with {others[0]}",
            help="make two mappings of it",
            related=[(config.at(*path, field, key=True), "belongs to a mapping of its own") for field in others],
        )
    if is_absent(config, *path, "namespace"):
        yield Finding(
            place,
            f"the service {service} is let into one namespace, but none is named",
            label="namespace is missing",
            discriminator="namespace",
        )
    if service != _SERVICE:
        yield Finding(
            place,
            f"eksctl knows no service {service} to map, only {_SERVICE}",
            label="unknown service",
            help=f"write {_SERVICE}",
            discriminator="service",
        )

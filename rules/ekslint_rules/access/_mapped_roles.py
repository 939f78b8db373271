"""Which roles aws-auth and access entries let in."""

from collections.abc import Iterator

from ekslint import Cluster, ConfigMap, Role


def aws_auth_of(cluster: Cluster) -> Iterator[ConfigMap]:
    """The ConfigMaps aws-auth that go to a cluster, or may."""
    for config_map in cluster.estate.of(ConfigMap):
        if config_map.is_aws_auth and any(candidate is cluster for candidate in config_map.clusters):
            yield config_map


def mapped_arns(cluster: Cluster) -> list[str | None]:
    """The ARNs of all roles and users that aws-auth maps, whoever writes it; None where one is missing."""
    arns = [mapping.arn for mapping in cluster.identity_mappings]
    return arns + [mapping.arn for each in aws_auth_of(cluster) for mapping in each.identity_mappings]


def is_named(arn: str | None, name: str) -> bool:
    """Whether an ARN is that of a role with this name, whatever its path."""
    return arn is not None and arn.rpartition("/")[2] == name


def may_be(principal: str | None, role: Role) -> bool:
    """Whether an ARN, or a logical name of the same template, stands for a role."""
    if principal is None:
        return False
    logical_name = role.resource.rpartition("/")[2]
    if not principal.startswith("arn:"):
        return principal == logical_name
    # A generated name holds the logical one, between the stack's and a random part.
    name = principal.rpartition("/")[2]
    return name == role.name if role.name is not None else logical_name in name

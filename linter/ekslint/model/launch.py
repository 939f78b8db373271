"""How a node starts: launch templates, user data, and what it tells of labels and taints."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ekslint.model.entity import Entity
from ekslint.model.pool import Taint

if TYPE_CHECKING:
    from ekslint.model.iam import Role


class UserData(Entity):
    """Decoded user data of a launch template, a launch configuration or an instance."""

    __slots__ = (
        "bootstrapper",
        "cluster_fields",
        "cluster_name",
        "format",
        "kubelet_flags",
        "labels",
        "max_pods",
        "script_arguments",
        "service_cidr",
        "taints",
        "text",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "bootstrapper": None,
        "cluster_fields": (),
        "cluster_name": None,
        "format": None,
        "kubelet_flags": {},
        "labels": {},
        "max_pods": None,
        "script_arguments": {},
        "service_cidr": None,
        "taints": (),
        "text": None,
    }
    text: str | None
    """What is filled in at deployment stands in it as `${Name}`."""
    format: str | None
    """`shell`, `mime`, `nodeadm`, `toml`, `powershell` or `cloud-config`; None where it is none of these."""
    bootstrapper: str | None
    """`bootstrap.sh`, `nodeadm`, `bottlerocket` or `Start-EKSBootstrap`; None where it starts no known kubelet."""
    cluster_name: str | None
    cluster_fields: Sequence[str]
    """What it tells the node of its cluster: some of name, apiServerEndpoint, certificateAuthority, cidr."""
    service_cidr: str | None
    """The range of Services that it tells nodeadm: the kubelet takes the address of the cluster's DNS from it."""
    labels: Mapping[str, str]
    taints: Sequence[Taint]
    max_pods: int | None
    kubelet_flags: Mapping[str, str]
    """Flags for the kubelet, by name without dashes: {"node-labels": "workload=cpu"}; "" for a flag without value."""
    script_arguments: Mapping[str, str]
    """Options of bootstrap.sh or Start-EKSBootstrap.ps1, by name without dashes: {"use-max-pods": "false"}."""


class LaunchTemplate(Entity):
    """A launch template or launch configuration, as it is written: what it does not say is None or empty."""

    __slots__ = (
        "has_own_image",
        "has_profile",
        "hibernates",
        "image",
        "instance_type",
        "is_launch_configuration",
        "key_name",
        "market_type",
        "name",
        "network_interface_subnets",
        "profile",
        "role",
        "security_groups",
        "shutdown_behavior",
        "user_data",
    )
    defaults: ClassVar[Mapping[str, Any]] = {
        "has_own_image": False,
        "has_profile": False,
        "hibernates": False,
        "image": None,
        "instance_type": None,
        "is_launch_configuration": False,
        "key_name": None,
        "market_type": None,
        "name": None,
        "network_interface_subnets": (),
        "profile": None,
        "role": None,
        "security_groups": (),
        "shutdown_behavior": None,
        "user_data": None,
    }
    name: str | None
    image: str | None
    """A literal image ID or an SSM parameter path."""
    instance_type: str | None
    has_own_image: bool
    """Whether it says which image to use, even where nobody knows which."""
    has_profile: bool
    """Whether it names an instance profile, even where nobody knows which."""
    profile: str | None
    """The instance profile: its ARN, name, or logical name in the same template."""
    role: "Role | None"
    """The role of the instance profile, where both are declared in the same files."""
    security_groups: Sequence[str]
    """IDs or logical names, of the template itself and of its network interfaces."""
    network_interface_subnets: Sequence[str]
    """Subnets that its network interfaces name: EKS refuses them in the template of a managed node group."""
    key_name: str | None
    market_type: str | None
    """`spot` or `capacity-block`."""
    shutdown_behavior: str | None
    hibernates: bool
    user_data: UserData | None
    is_launch_configuration: bool

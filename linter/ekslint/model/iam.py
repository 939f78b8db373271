"""IAM roles and what they allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ekslint.facts.iam_policies import action_matches
from ekslint.model.entity import Entity


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy document; strings are lists of one."""

    effect: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    principals: tuple[tuple[str, str], ...] = ()
    """(type, value): ("Service", "ec2.amazonaws.com"), ("*", "*"); ARNs of resources beside it are logical names, those
    of identity providers their URLs."""
    has_conditions: bool = False
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """(operator, key, values): ("StringEquals", "oidc.eks.…:sub", ("system:serviceaccount:shop:api",)). What is not
    known of a text stands in it as `${Name}`."""

    def covers(self, action: str) -> bool:
        """Whether it speaks of an action, for whatever resource: named in Action, or not left out by NotAction."""
        if self.not_actions:
            return not any(action_matches(pattern, action) for pattern in self.not_actions)
        return any(action_matches(pattern, action) for pattern in self.actions)


class Role(Entity):
    """An IAM role: a resource of a template, or the one that eksctl creates for a node group."""

    __slots__ = ("inline_statements", "managed_policies", "name", "trust")
    defaults: ClassVar[Mapping[str, Any]] = {
        "inline_statements": (),
        "managed_policies": (),
        "name": None,
        "trust": (),
    }
    name: str | None
    """RoleName; None where it is generated."""
    managed_policies: Sequence[str]
    """ARNs of AWS managed policies, or names of policies declared beside it."""
    inline_statements: Sequence[Statement]
    """Of inline policies, and of customer managed policies that are declared in the same files."""
    trust: Sequence[Statement]
    """Of the trust policy; empty where the tool writes it."""


class IdentityReference(Entity):
    """A property of a template that takes the ARN or the name of a role or instance profile, and is given one."""

    __slots__ = ("given", "given_kind", "identity", "template", "wanted", "wanted_kind")
    defaults: ClassVar[Mapping[str, Any]] = {"given": None, "given_kind": None, "identity": None, "template": None}
    wanted: str
    """`ARN` or `name`."""
    wanted_kind: str
    """`role` or `instance profile`."""
    given: str | None
    """`ARN` or `name`; None where it is no reference to a role or instance profile of a template."""
    given_kind: str | None
    """`role` or `instance profile`, or None as before."""
    identity: str | None
    """Logical name of what it refers to."""
    template: str | None
    """Path of the template that declares it and exports or hands on the value; None where it is the same one."""


class InstanceProfile(Entity):
    """An instance profile of a template: what gives a machine its role."""

    __slots__ = ("name", "roles")
    defaults: ClassVar[Mapping[str, Any]] = {"name": None, "roles": ()}
    name: str | None
    """InstanceProfileName; None where it is generated."""
    roles: Sequence[str]
    """Names of its roles (EC2 takes one), or logical names of roles in the same template."""

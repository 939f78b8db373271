"""Roles, instance profiles, and the policies that are attached to roles from the one side or the other."""

from collections.abc import Iterator, Mapping

from ekslint.loaders.cloudformation.fields import (
    identifier,
    listed,
    name,
    sequence,
    sequence_of,
)
from ekslint.loaders.cloudformation.policies import in_both_branches, statements
from ekslint.loaders.cloudformation.resolver import member
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import (
    Gap,
    Listed,
    OpenParameter,
    PartialText,
    ResourceElsewhere,
    ResourceReference,
    for_each_branch,
    mapped,
    under_condition,
)
from ekslint.model.iam import InstanceProfile, Role
from ekslint.model.reading import Choice, Reading, Source, Unknown

ROLE = "AWS::IAM::Role"
_PROFILE = "AWS::IAM::InstanceProfile"
_MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
ATTACHED_POLICIES = (_MANAGED_POLICY, "AWS::IAM::Policy", "AWS::IAM::RolePolicy")


class Identities:
    """The roles and instance profiles of a template."""

    def __init__(self, template: Template) -> None:
        self._template = template
        self._names: dict[str, dict[object, Resource]] = {}
        self._attached: dict[str, list[Resource]] = {}
        for policy in template.of_type(*ATTACHED_POLICIES):
            for role in self._targets(policy):
                self._attached.setdefault(role, []).append(policy)
        if template.resolver.others is not None:
            for declared in template.of_type(ROLE):
                for policy in template.resolver.others.policies_for(declared):
                    self._attached.setdefault(declared.logical_id, []).append(policy)
        self.roles = {resource.logical_id: self._role(resource) for resource in template.of_type(ROLE)}
        self.profiles = {resource.logical_id: _profile(resource) for resource in template.of_type(_PROFILE)}

    def role(self, reading: Reading) -> Reading:
        """The role that an ARN, a name or a reference stands for; absent where no template declares it."""

        def find(leaf: Reading) -> Reading:
            if isinstance(leaf.value, ResourceElsewhere):
                return Reading(self._elsewhere(leaf.value), leaf.source)
            if isinstance(leaf.value, Unknown):
                return Reading(None, leaf.source)
            found = self._named(leaf.value, ROLE, "RoleName")
            return Reading(self.roles.get(found.logical_id) if found is not None else None, leaf.source)

        # A role that no template declares is none that could be looked at.
        return for_each_branch(reading, find)

    def _elsewhere(self, value: ResourceElsewhere) -> Role | None:
        identities, logical_id = self._declaring(value, ROLE)
        return identities.roles.get(logical_id) if identities is not None else None

    def _declaring(self, value: ResourceElsewhere, kind: str) -> tuple["Identities | None", str]:
        """The identities of the template that has a resource of this kind, and its logical name there."""
        found, _, logical_id = value.resource.partition("/")
        others = self._template.resolver.others
        if others is None or found != kind or value.attribute not in {"", "Arn"}:
            return None, logical_id
        if not others.is_one_stack(value.path, value.number):
            return None, logical_id
        return others.identities(value.path, value.number), logical_id

    def role_of_profile(self, reading: Reading) -> Reading:
        """The role of an instance profile, by ARN, name or reference."""

        def find(leaf: Reading) -> Reading:
            if isinstance(leaf.value, ResourceElsewhere):
                return self._role_of_profile_elsewhere(leaf.value, leaf.source)
            if isinstance(leaf.value, Unknown):
                return Reading(None, leaf.source)
            profile = self._named(leaf.value, _PROFILE, "InstanceProfileName")
            if profile is None:
                return Reading(None, leaf.source)
            roles = listed(profile.get("Roles"))

            def first(each: Reading) -> Reading:
                value: Listed = each.value
                return value.items[0] if value.items else Reading(None, each.source)

            role = self.role(mapped(roles, first))
            # The machines name the profile; who wants to know where its role is declared asks the role.
            return for_each_branch(role, lambda found: Reading(found.value, leaf.source))

        return for_each_branch(reading, find)

    def _role_of_profile_elsewhere(self, value: ResourceElsewhere, source: Source) -> Reading:
        identities, logical_id = self._declaring(value, _PROFILE)
        profile = identities._template.resources.get(logical_id) if identities is not None else None
        if identities is None or profile is None:
            return Reading(None, source)
        role = identities.role_of_profile(Reading(ResourceReference(profile), source))
        return for_each_branch(role, lambda found: Reading(found.value, source))

    def _named(self, value: object, kind: str, name_property: str) -> Resource | None:
        if isinstance(value, ResourceReference):
            return value.resource if value.resource.type == kind else None
        match value.parts[-2:] if isinstance(value, PartialText) else ():
            case (str(before), Gap(stands_for=named)) if before.endswith("/"):
                # An ARN that is put together around a reference to the role.
                return self._named(named, kind, name_property)
        wanted = value if isinstance(value, OpenParameter) else _last_segment(value)
        return self._named_resources(kind, name_property).get(wanted) if wanted is not None else None

    def _named_resources(self, kind: str, name_property: str) -> Mapping[object, Resource]:
        """The resources of a type by their names, as far as these can be compared."""
        if kind not in self._names:
            found = self._names[kind] = {}
            for resource in self._template.of_type(kind):
                given = resource.get(name_property).value
                key = given if isinstance(given, OpenParameter) else _last_segment(given)
                if key is not None:
                    found.setdefault(key, resource)
        return self._names[kind]

    def _targets(self, policy: Resource) -> Iterator[str]:
        """The logical names of the roles that a policy attaches itself to."""
        seen: set[str] = set()
        for value in roles_of(policy):
            role = self._named(value, ROLE, "RoleName")
            if role is not None and role.logical_id not in seen:
                seen.add(role.logical_id)
                yield role.logical_id

    def _role(self, resource: Resource) -> Role:
        given_name = name(resource.get("RoleName"))
        title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
        role = resource.entity(Role, f"role {title}")
        trust = resource.get("AssumeRolePolicyDocument")
        role.declare(
            name=given_name,
            trust=sequence_of(statements(trust), trust.source),
            managed_policies=self._managed_policies(resource),
            inline_statements=self._inline_statements(resource),
        )
        return role

    def _managed_policies(self, resource: Resource) -> Reading:
        written = resource.get("ManagedPolicyArns")
        arns = [mapped(item, _policy) for item in _items(written)]
        arns += [
            under_condition(policy.presence, Reading(policy.logical_id, policy.get("Roles").source))
            for policy in self._attached.get(resource.logical_id, ())
            if policy.type == _MANAGED_POLICY
        ]
        return sequence_of(arns, written.source, _why_open(written))

    def _inline_statements(self, resource: Resource) -> Reading:
        written = resource.get("Policies")
        found = [statement for policy in _items(written) for statement in statements(member(policy, "PolicyDocument"))]
        attached = list(self._attached.get(resource.logical_id, ()))
        attached += [
            value.resource
            for item in _items(resource.get("ManagedPolicyArns"))
            for value in _leaves(item)
            if isinstance(value, ResourceReference) and value.resource.type == _MANAGED_POLICY
        ]
        found += [
            under_condition(policy.presence, statement)
            for policy in dict.fromkeys(attached)
            for statement in statements(policy.get("PolicyDocument"))
        ]
        return sequence_of(found, written.source, _why_open(written))


def roles_of(policy: Resource) -> Iterator[object]:
    """What a policy names as the roles that it attaches itself to."""
    roles = listed(policy.get("Roles" if policy.type != "AWS::IAM::RolePolicy" else "RoleName")).value
    for item in roles.items if isinstance(roles, Listed) else ():
        yield from _leaves(item)


def _profile(resource: Resource) -> InstanceProfile:
    given_name = name(resource.get("InstanceProfileName"))
    title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
    profile = resource.entity(InstanceProfile, f"instance profile {title}")
    profile.declare(name=given_name, roles=sequence(resource.get("Roles"), identifier))
    return profile


def _policy(leaf: Reading) -> Reading:
    """The ARN of a policy; only its name has to be known."""
    value = leaf.value
    if isinstance(value, PartialText):
        known = filled(value)
        last = known.parts[-1] if isinstance(known, PartialText) else None
        if isinstance(known, PartialText) and isinstance(last, str) and "/" in last:
            return Reading(str(known), leaf.source)
    # A list parameter that is empty by default is a list of one empty text.
    return Reading(None, leaf.source) if value == "" else identifier(leaf)


def _items(reading: Reading) -> list[Reading]:
    """The items of a list, those of both branches where it depends on a condition."""
    value = reading.value
    if isinstance(value, Choice):
        return in_both_branches(reading, _items)
    found = listed(reading).value
    return list(found.items) if isinstance(found, Listed) else []


def _why_open(reading: Reading) -> Unknown | None:
    value = reading.value
    if isinstance(value, Choice):
        return _why_open(value.if_true) or _why_open(value.if_false)
    return value if isinstance(value, Unknown) else value.open if isinstance(value, Listed) else None


def _leaves(reading: Reading) -> Iterator[object]:
    value = reading.value
    if isinstance(value, Choice):
        yield from _leaves(value.if_true)
        yield from _leaves(value.if_false)
    else:
        yield value


def _last_segment(value: object) -> str | None:
    """What follows the last slash of an ARN or name; None where not even that is known."""
    known = filled(value) if isinstance(value, PartialText) else value
    if isinstance(known, str):
        return known.rpartition("/")[2] or None
    if not isinstance(known, PartialText):
        return None
    return str(known).rpartition("/")[2] or None

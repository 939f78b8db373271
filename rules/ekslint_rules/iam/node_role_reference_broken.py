from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ekslint import (
    EC2NodeClass,
    Entity,
    Estate,
    Finding,
    InstanceProfile,
    NodeClass,
    Place,
    Role,
    Severity,
    rule,
)
from ekslint_rules._role_names import declared_names, meant_name

_ROLE, _PROFILE = "role", "instance profile"
_OF_EKSCTL = "eksctl-"
"""With which names begin that eksctl makes."""
_PLACEHOLDERS = ("$", "<", "{{")


class _Reference(NamedTuple):
    """A name of a role or instance profile, as something gives it."""

    owner: Entity
    kind: str
    name: str
    place: Place


@rule(Severity.WARNING, since="0.1.0", tags=("iam",), dialects=("karpenter", "kubernetes", "cloudformation"))
def node_role_reference_broken(estate: Estate) -> Iterator[Finding]:
    """A node class or an instance profile names a role that nothing declares.

    ## Why is this bad?
    Nodes get their permissions by that name. If the role, or the instance profile, does not exist, no node starts and
    pods stay Pending; of an instance profile CloudFormation makes nothing, and rolls the stack back.

    ## When it stays silent
    Names that are nothing like those of the declared roles, unless every other such name is one of them: the role may
    be declared elsewhere. Placeholders, and names of what eksctl makes.

    ## References
    - Karpenter, NodeClasses: spec.role, spec.instanceProfile
    - Amazon EKS user guide, create a node class for Amazon EKS
    - CloudFormation reference, AWS::IAM::InstanceProfile: Roles
    """
    references = list(_references(estate))
    for kind, declared in ((_ROLE, estate.of(Role)), (_PROFILE, estate.of(InstanceProfile))):
        names = declared_names(declared)
        mine = [each for each in references if each.kind == kind]
        broken = [each for each in mine if each.name not in names]
        is_odd_one = len(broken) == 1 < len(mine) and not any(each.unknown("name") for each in declared)
        for reference in broken if names else ():
            meant = meant_name(reference.name, names)
            if meant is not None or is_odd_one:
                yield _finding(reference, meant, names)


def _finding(reference: _Reference, meant: str | None, names: Mapping[str, Entity]) -> Finding:
    owner, kind, name, place = reference
    if meant is not None:
        return Finding(
            place,
            f"{owner} names the {kind} {name}, but the files declare {meant}",
            label=f"did you mean {meant}?",
            help=f"write {meant}",
            related=[(names[meant].at("name"), f"this {kind}")],
        )
    return Finding(
        place,
        f"{owner} names the {kind} {name}, which is declared nowhere, unlike every other that the files name",
        label="not declared",
        related=[(each.at("name"), f"{each} is declared") for each in names.values()],
    )


def _references(estate: Estate) -> Iterator[_Reference]:
    for node_class in (*estate.of(EC2NodeClass), *estate.of(NodeClass)):
        for kind, field in ((_ROLE, "role"), (_PROFILE, "instanceProfile")):
            if node_class.unknown("spec", field):
                continue
            name = node_class.get("spec", field)
            if isinstance(name, str) and _is_name(name):
                yield _Reference(node_class, kind, name, node_class.at("spec", field))
    logical_names = {role.resource.rpartition("/")[2] for role in estate.of(Role)}
    for profile in estate.of(InstanceProfile):
        # EC2 takes one role; more than one are those of several branches of a condition.
        names = list(profile.possible_items("roles"))
        if len(names) == 1 and names[0] not in logical_names and _is_name(names[0]):
            yield _Reference(profile, _ROLE, names[0], profile.at("roles", 0))


def _is_name(text: str) -> bool:
    return bool(text) and not text.startswith(_OF_EKSCTL) and not any(sign in text for sign in _PLACEHOLDERS)

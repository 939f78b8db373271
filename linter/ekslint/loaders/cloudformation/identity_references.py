"""Properties that take a role or an instance profile: by its ARN the one, by its name the other."""

from collections.abc import Iterator

from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import Listed, ResourceElsewhere, ResourceReference, for_each_branch
from ekslint.model.iam import IdentityReference
from ekslint.model.reading import Reading, Unknown

_ARN, _NAME = "ARN", "name"
_ROLE, _PROFILE = "role", "instance profile"
_GIVEN = {"": _NAME, "Arn": _ARN}
_KINDS = {"AWS::IAM::Role": _ROLE, "AWS::IAM::InstanceProfile": _PROFILE}
_PROPERTIES = {
    "AWS::EC2::LaunchTemplate": (
        (("LaunchTemplateData", "IamInstanceProfile", "Arn"), _ARN, _PROFILE),
        (("LaunchTemplateData", "IamInstanceProfile", "Name"), _NAME, _PROFILE),
    ),
    "AWS::EKS::AccessEntry": ((("PrincipalArn",), _ARN, _ROLE),),
    "AWS::EKS::Addon": ((("ServiceAccountRoleArn",), _ARN, _ROLE),),
    "AWS::EKS::Cluster": ((("RoleArn",), _ARN, _ROLE), (("ComputeConfig", "NodeRoleArn"), _ARN, _ROLE)),
    "AWS::EKS::FargateProfile": ((("PodExecutionRoleArn",), _ARN, _ROLE),),
    "AWS::EKS::Nodegroup": ((("NodeRole",), _ARN, _ROLE),),
    "AWS::EKS::PodIdentityAssociation": ((("RoleArn",), _ARN, _ROLE),),
    "AWS::IAM::InstanceProfile": ((("Roles",), _NAME, _ROLE),),
}
"""Source: AWS CloudFormation, the pages of these resource types. `Ref` gives the name of both kinds, `Arn` the ARN."""


def identity_references(template: Template) -> Iterator[IdentityReference]:
    """Every such property that is written, in the order of the template."""
    for resource in template.resources.values():
        for path, wanted, kind in _PROPERTIES.get(resource.type, ()):
            written = resource.get(*path)
            if written.value is None:
                continue
            items = written.value.items if isinstance(written.value, Listed) else (written,)
            for item in items:
                yield _reference(resource, ".".join(path[1:] or path), wanted, kind, item)


def _reference(resource: Resource, title: str, wanted: str, kind: str, item: Reading) -> IdentityReference:
    reference = resource.entity(IdentityReference, f"{title} of {resource.logical_id}", at=item.source)

    def declared(choose: int) -> Reading:
        return for_each_branch(item, lambda leaf: Reading(_of(leaf.value)[choose], leaf.source))

    reference.declare(
        given=declared(0),
        given_kind=declared(1),
        identity=declared(2),
        template=declared(3),
        wanted=Reading(wanted, item.source),
        wanted_kind=Reading(kind, item.source),
    )
    return reference


def _of(value: object) -> tuple[object, object, object, object]:
    if isinstance(value, ResourceElsewhere):
        kind, _, logical_id = value.resource.partition("/")
        if kind in _KINDS:
            return _GIVEN.get(value.attribute), _KINDS[kind], logical_id, value.path
        return None, None, None, None
    if isinstance(value, Unknown):
        return value, value, value, value
    if not isinstance(value, ResourceReference) or value.resource.type not in _KINDS:
        return None, None, None, None
    return _GIVEN.get(value.attribute), _KINDS[value.resource.type], value.resource.logical_id, None

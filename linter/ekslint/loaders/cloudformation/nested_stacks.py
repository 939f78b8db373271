"""`AWS::CloudFormation::Stack`: a stack that a template makes of another template."""

from ekslint.loaders.cloudformation.fields import mapping, text
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.texts import filled
from ekslint.loaders.cloudformation.values import PartialText, mapped, otherwise
from ekslint.model.nested_stack import NestedStack
from ekslint.model.reading import Reading


def nested_stack(resource: Resource) -> NestedStack:
    """The stack, whatever its template is about."""
    stack = resource.entity(NestedStack, f"nested stack {resource.logical_id}")
    parameters = mapping(resource.get("Parameters"), text)
    stack.declare(
        template_url=mapped(resource.get("TemplateURL"), _with_gaps),
        parameters=otherwise(parameters, lambda: Reading({}, parameters.source)),
    )
    return stack


def _with_gaps(leaf: Reading) -> Reading:
    """An address with `${Name}` for what is not known of it: its path tells the template, whatever the region."""
    known = filled(leaf.value) if isinstance(leaf.value, PartialText) else leaf.value
    return Reading(str(known), leaf.source) if isinstance(known, PartialText) else text(leaf)

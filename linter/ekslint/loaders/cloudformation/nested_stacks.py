"""`AWS::CloudFormation::Stack`: a stack that a template makes of another template."""

from ekslint.loaders.cloudformation.fields import mapping, text
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import otherwise
from ekslint.model.nested_stack import NestedStack
from ekslint.model.reading import Reading

NESTED_STACK = "AWS::CloudFormation::Stack"


def nested_stack(resource: Resource) -> NestedStack:
    """The stack, whatever its template is about."""
    stack = resource.entity(NestedStack, f"nested stack {resource.logical_id}")
    parameters = mapping(resource.get("Parameters"), text)
    stack.declare(
        template_url=text(resource.get("TemplateURL")),
        parameters=otherwise(parameters, lambda: Reading({}, parameters.source)),
    )
    return stack

"""What in a template may work on a cluster without the text saying what it does: nested stacks, custom resources."""

import re
from collections.abc import Mapping

from ekslint.loaders.cloudformation.template import Template
from ekslint.source.tree import TooManyNodes, walk

_NESTED = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource", "AWS::Serverless::Application")
_ROUTE_TABLE = "AWS::EC2::RouteTable"
_NETWORKS = frozenset({_ROUTE_TABLE, "AWS::EC2::VPC"})
_MAXIMUM_NODES = 50_000
_VARIABLE = re.compile(r"\$\{([^!.}][^.}]*)")


def names_used_elsewhere(template: Template) -> set[str]:
    """Logical names and parameters that nested stacks, custom resources and third-party resources are given."""
    names: set[str] = set()
    remaining = _MAXIMUM_NODES
    for resource in template.resources.values():
        if resource.type.startswith("AWS::") and resource.type not in _NESTED:
            continue
        try:
            for _, node in walk(resource.node.get("Properties"), budget=remaining):  # type: ignore[arg-type]
                remaining -= 1
                if isinstance(node, dict):
                    names.update(_references(node))
        except TooManyNodes:
            break
    return names


def adds_to_networks(template: Template) -> bool:
    """Whether something outside of the template may add routes and endpoints: a macro, or what is given the VPC.

    An output that is a VPC tells nothing, for whoever starts machines needs it; a route table is given for routes.
    """
    if any(template.resources[name].type == _ROUTE_TABLE for name in _outputs(template) if name in template.resources):
        return True
    types = {template.resources[name].type for name in names_used_elsewhere(template) if name in template.resources}
    return template.has_hidden_resources or not types.isdisjoint(_NETWORKS)


def _outputs(template: Template) -> set[str]:
    root = template.document.root
    outputs = root.get("Outputs") if isinstance(root, dict) else None
    names: set[str] = set()
    try:
        for _, node in walk(outputs, budget=_MAXIMUM_NODES):
            if isinstance(node, dict):
                names.update(_references(node))
    except TooManyNodes:
        pass
    return names


def _references(node: Mapping[str, object]) -> set[str]:
    found: set[str] = set()
    reference, attribute, text = node.get("Ref"), node.get("Fn::GetAtt"), node.get("Fn::Sub")
    if isinstance(reference, str):
        found.add(reference)
    if isinstance(attribute, str):
        found.add(attribute.partition(".")[0])
    elif isinstance(attribute, list) and attribute and isinstance(attribute[0], str):
        found.add(attribute[0])
    if isinstance(text, list) and text:
        text = text[0]
    if isinstance(text, str):
        found.update(_VARIABLE.findall(text))
    return found

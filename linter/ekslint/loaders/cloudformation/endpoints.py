"""The VPC endpoints of a template: ways to AWS that need no way out of the VPC."""

import re

from ekslint.loaders.cloudformation.fields import sequence_of
from ekslint.loaders.cloudformation.hidden_parts import adds_to_networks
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import PartialText, ResourceReference, mapped, under_condition
from ekslint.model.reading import Choice, Reading, Unknown

_ENDPOINT = "AWS::EC2::VPCEndpoint"
_SERVICE = re.compile(r"(?:cn\.)?com\.amazonaws\.[^.]+\.([^$]+)")


def endpoints_of(network: Resource, template: Template) -> Reading:
    """The services that a VPC has endpoints for, without what AWS puts before them (`ec2`, `ecr.api`)."""
    services = []
    for endpoint in template.of_type(_ENDPOINT):
        place = endpoint.get("VpcId").value
        if isinstance(place, ResourceReference) and place.resource is network:
            services.append(under_condition(endpoint.presence, _service(endpoint.get("ServiceName"))))
        elif isinstance(place, Unknown | Choice):
            why = Unknown(f"nothing tells which VPC {endpoint.logical_id} is in")
            services.append(Reading(why, endpoint.source))
    is_open = Unknown("something else may add endpoints") if adds_to_networks(template) else None
    return sequence_of(services, network.source, is_open)


def _service(reading: Reading) -> Reading:
    """`ec2` of `com.amazonaws.eu-west-1.ec2`."""

    def convert(leaf: Reading) -> Reading:
        found = _SERVICE.fullmatch(str(leaf.value)) if isinstance(leaf.value, str | PartialText) else None
        if found is None:
            return Reading(Unknown("its service is known only after deployment"), leaf.source)
        return Reading(found[1], leaf.source)

    return mapped(reading, convert)

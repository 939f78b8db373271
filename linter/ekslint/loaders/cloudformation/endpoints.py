"""The VPC endpoints of a template: ways to AWS that need no way out of the VPC."""

import re

from ekslint.loaders.cloudformation.fields import boolean, sequence_of
from ekslint.loaders.cloudformation.hidden_parts import adds_to_networks
from ekslint.loaders.cloudformation.template import Resource, Template
from ekslint.loaders.cloudformation.values import (
    PartialText,
    ResourceReference,
    for_each_branch,
    mapped,
    under_condition,
)
from ekslint.model.reading import Choice, Reading, Unknown

_ENDPOINT = "AWS::EC2::VPCEndpoint"
_HOSTED_ZONE = "AWS::Route53::HostedZone"
_SERVICE = re.compile(r"(?:cn\.)?com\.amazonaws\.[^.]+\.([^$]+)")


def endpoints_of(network: Resource, template: Template, *, with_private_names: bool = True) -> Reading:
    """The services that a VPC has endpoints for, without what AWS puts before them (`ec2`, `ecr.api`).

    Those with private DNS, or those without: that only hosted zones may name in its place.
    """
    services = []
    for endpoint in template.of_type(_ENDPOINT):
        place = endpoint.get("VpcId").value
        if isinstance(place, ResourceReference) and place.resource is network:
            service = _named(endpoint, template, _service(endpoint.get("ServiceName")), with_private_names)
            services.append(under_condition(endpoint.presence, service))
        elif isinstance(place, Unknown | Choice):
            why = Unknown(f"nothing tells which VPC {endpoint.logical_id} is in")
            services.append(Reading(why, endpoint.source))
    is_open = Unknown("something else may add endpoints") if adds_to_networks(template) else None
    return sequence_of(services, network.source, is_open)


def _named(endpoint: Resource, template: Template, service: Reading, with_private_names: bool) -> Reading:
    """The service, or nothing where the endpoint is of the other kind."""
    written = boolean(endpoint.get("PrivateDnsEnabled"))

    def convert(leaf: Reading) -> Reading:
        # Only what is written counts: it is also left out where the endpoint gets its names later.
        has_names = leaf.value is not False
        if not has_names and next(iter(template.of_type(_HOSTED_ZONE)), None) is not None:
            return Reading(Unknown("a hosted zone may have the names of the endpoint"), leaf.source)
        return service if has_names is with_private_names else Reading(None, service.source)

    return for_each_branch(written, convert)


def _service(reading: Reading) -> Reading:
    """`ec2` of `com.amazonaws.eu-west-1.ec2`."""

    def convert(leaf: Reading) -> Reading:
        found = _SERVICE.fullmatch(str(leaf.value)) if isinstance(leaf.value, str | PartialText) else None
        if found is None:
            return Reading(Unknown("its service is known only after deployment"), leaf.source)
        return Reading(found[1], leaf.source)

    return mapped(reading, convert)

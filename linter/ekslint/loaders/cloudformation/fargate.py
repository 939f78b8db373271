"""`AWS::EKS::FargateProfile`."""

from ekslint.facts.node_labels import PoolKind
from ekslint.facts.node_taints import automatic_taints
from ekslint.loaders.cloudformation.fields import comparable, name, pairs, sequence, text
from ekslint.loaders.cloudformation.resolver import Entries, member
from ekslint.loaders.cloudformation.scheduling import labels
from ekslint.loaders.cloudformation.setting import Setting
from ekslint.loaders.cloudformation.template import Resource
from ekslint.loaders.cloudformation.values import combined, mapped, otherwise
from ekslint.model.pool import FargateProfile, FargateSelector, Taint
from ekslint.model.reading import Reading, Unknown

FARGATE_PROFILE = "AWS::EKS::FargateProfile"


def load_fargate_profile(resource: Resource, setting: Setting) -> None:
    """Add a Fargate profile to what was loaded."""
    given_name = name(resource.get("FargateProfileName"))
    title = given_name.value if isinstance(given_name.value, str) else resource.logical_id
    profile = resource.entity(FargateProfile, f"Fargate profile {title}")
    profile.kind = PoolKind.FARGATE.value
    absent = Reading(None, resource.source)
    selectors, subnets = resource.get("Selectors"), resource.get("Subnets")
    profile.declare(
        name=given_name,
        labels=labels(absent, absent, PoolKind.FARGATE, {}, resource.source),
        taints=Reading(tuple(Taint(*taint) for taint in automatic_taints(PoolKind.FARGATE)), resource.source),
        selectors=otherwise(sequence(selectors, _selector), lambda: Reading((), selectors.source)),
        subnets=otherwise(setting.network.subnets_of(subnets), lambda: Reading((), subnets.source)),
        role=setting.identities.role(resource.get("PodExecutionRoleArn")),
        role_arn=comparable(resource.get("PodExecutionRoleArn")),
    )
    setting.add_pool(profile, setting.clusters.reference(resource.get("ClusterName")))


def _selector(item: Reading) -> Reading:
    def convert(leaf: Reading) -> Reading:
        if not isinstance(leaf.value, Entries):
            return Reading(Unknown("it is no selector"), leaf.source)
        written, selected = text(member(leaf, "Namespace")), pairs(member(leaf, "Labels"))
        namespace = otherwise(written, lambda: Reading("", written.source))

        def build(readings: list[Reading]) -> Reading:
            of_namespace, of_labels = readings
            for each in readings:
                if isinstance(each.value, Unknown):
                    return each
            parts = {"namespace": of_namespace, "labels": of_labels}
            return Reading(FargateSelector(of_namespace.value, of_labels.value or {}), leaf.source, parts)  # type: ignore[arg-type]

        return combined([namespace, selected], lambda each: build(list(each)), leaf.source)

    return mapped(item, convert)

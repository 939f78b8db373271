"""The same facts from AWS itself, for an account with credentials: newer than any package, and only of that account."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from facts_sources import Offerings, RegistrySource

_ZONE = re.compile(r"[a-z]+(-[a-z]+)+-[0-9]+[a-z]|[a-z]+[0-9]+-az[0-9]+")

_DAYS = ("release", "endOfStandardSupport", "endOfExtendedSupport")


class AwsSource(RegistrySource):
    """Instance types, offerings and policies as the AWS APIs answer; everything else from the pinned packages."""

    def __init__(self, cache: Path, today: date, session: Any = None) -> None:
        super().__init__(cache)
        self.today = today
        if session is None:
            import boto3  # type: ignore[import-not-found,import-untyped,unused-ignore]  # only this source needs it

            session = boto3.Session()
        self.session = session

    def cite_ec2(self) -> list[str]:
        """The API and the day."""
        return [f"Amazon EC2 DescribeInstanceTypes and DescribeInstanceTypeOfferings, {self.today}"]

    def cite_iam(self) -> list[str]:
        """The API and the day."""
        return [f"AWS IAM ListPolicies and GetPolicyVersion, {self.today}"]

    def instance_types(self) -> list[dict[str, Any]]:
        """The types of all regions of the account; the first region that describes one decides."""
        found: dict[str, dict[str, Any]] = {}
        for client in self._regional("ec2"):
            for info in _pages(client, "describe_instance_types", "InstanceTypes"):
                found.setdefault(info["InstanceType"], info)
        return list(found.values())

    def offerings(self, location: str) -> Offerings:
        """The offerings in all regions of the account, without local and Wavelength zones."""
        offered = {}
        for client in self._regional("ec2"):
            items = _pages(client, "describe_instance_type_offerings", "InstanceTypeOfferings", LocationType=location)
            offered[client.meta.region_name] = [
                (item["InstanceType"], item["Location"]) for item in items if _ZONE.fullmatch(item["Location"])
            ]
        return offered

    def policies(self) -> dict[str, dict[str, Any]]:
        """The managed policies with the documents of their default versions."""
        iam = self.session.client("iam")
        found = {}
        for policy in _pages(iam, "list_policies", "Policies", Scope="AWS"):
            version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
            found[policy["PolicyName"]] = {**policy, "Document": version["PolicyVersion"]["Document"]}
        return found

    def kubernetes_versions(self) -> Iterator[tuple[str, str, str, str]]:
        """Version, release, end of standard and of extended support, as EKS states them today."""
        for item in _pages(self.session.client("eks"), "describe_cluster_versions", "clusterVersions", includeAll=True):
            # an old version may lack dates
            days = [item[f"{day}Date"] for day in _DAYS if item.get(f"{day}Date")]
            if len(days) == len(_DAYS):
                released, standard, extended = (day.date().isoformat() for day in days)
                yield item["clusterVersion"], released, standard, extended

    def _regional(self, service: str) -> Iterator[Any]:
        regions = self.session.client(service, region_name="us-east-1").describe_regions()["Regions"]
        for name in sorted(region["RegionName"] for region in regions):
            yield self.session.client(service, region_name=name)


def _pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[dict[str, Any]]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]

import pytest

from ekslint.facts import regions
from ekslint.facts.regions import ZoneKind


@pytest.mark.parametrize(
    ("zone", "region", "kind"),
    [
        ("us-east-1a", "us-east-1", ZoneKind.AVAILABILITY_ZONE),
        ("us-gov-west-1b", "us-gov-west-1", ZoneKind.AVAILABILITY_ZONE),
        ("us-isob-east-1a", "us-isob-east-1", ZoneKind.AVAILABILITY_ZONE),
        ("cn-northwest-1c", "cn-northwest-1", ZoneKind.AVAILABILITY_ZONE),
        ("eusc-de-east-1a", "eusc-de-east-1", ZoneKind.AVAILABILITY_ZONE),
        ("us-west-2-lax-1a", "us-west-2", ZoneKind.LOCAL_ZONE),
        ("us-east-1-wl1-bos-wlz-1", "us-east-1", ZoneKind.WAVELENGTH_ZONE),
        ("eu-west-9z", "eu-west-9", ZoneKind.AVAILABILITY_ZONE),
        ("us-east-1", None, None),
        ("us-east-1aa", None, None),
        ("foo-1a", None, None),
        ("onprem", None, None),
        ("use1-az1", None, None),
        ("", None, None),
        ("us-east-1a\n", None, None),
        ("us-east-١a", None, None),
    ],
)
def test_zone_name(zone, region, kind):
    assert regions.region_of_zone(zone) == region
    assert regions.zone_kind(zone) is kind


@pytest.mark.parametrize(
    ("zone_id", "region"),
    [
        ("use1-az4", "us-east-1"),
        ("apne1-az4", "ap-northeast-1"),
        ("usw2-lax1-az1", "us-west-2"),
        ("zzz1-az1", None),
        ("us-east-1a", None),
        ("", None),
    ],
)
def test_region_of_zone_id(zone_id, region):
    assert regions.region_of_zone_id(zone_id) == region


def test_is_zone_id():
    assert regions.is_zone_id("use1-az4")
    assert regions.is_zone_id("zzz9-az1")
    assert not regions.is_zone_id("us-east-1a")


@pytest.mark.parametrize(
    ("zone_id", "kind"),
    [
        ("use1-az4", regions.ZoneKind.AVAILABILITY_ZONE),
        ("usw2-lax1-az1", regions.ZoneKind.LOCAL_ZONE),
        ("use1-wl1-bos-wlz1", regions.ZoneKind.WAVELENGTH_ZONE),
        ("us-west-2-lax-1a", None),
    ],
)
def test_zone_id_kind(zone_id, kind):
    assert regions.zone_id_kind(zone_id) is kind


def test_a_region():
    found = regions.region("us-east-1")
    assert (found.partition, found.dns_suffix, found.has_eks) == ("aws", "amazonaws.com", True)
    assert found.zones == tuple(f"us-east-1{letter}" for letter in "abcdef")
    assert found.zone_ids == tuple(f"use1-az{number}" for number in range(1, 7))


def test_a_region_whose_zones_are_not_known():
    found = regions.region("cn-north-1")
    assert (found.partition, found.dns_suffix) == ("aws-cn", "amazonaws.com.cn")
    assert found.zones == regions.zones_of("cn-north-1") == ()


@pytest.mark.parametrize(
    ("name", "partition", "suffix"),
    [
        ("eu-central-1", "aws", "amazonaws.com"),
        ("eu-central-9", "aws", "amazonaws.com"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-west-1", "aws-iso", "c2s.ic.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("mars-north-1", None, None),
        ("eu-central-1a", None, None),
        ("", None, None),
    ],
)
def test_partition(name, partition, suffix):
    assert regions.partition_of(name) == partition
    assert regions.dns_suffix(name) == suffix


def test_every_region_has_its_partition_by_name_too():
    assert len(regions.region_names()) >= 46
    assert sum(regions.region(name).has_eks for name in regions.region_names()) >= 46
    for name in regions.region_names():
        assert regions.region(name).partition in regions.partitions()
        for zone in regions.zones_of(name):
            assert regions.region_of_zone(zone) == name
        for zone_id in regions.region(name).zone_ids:
            assert regions.region_of_zone_id(zone_id) == name


def test_excluded_zones_are_zones():
    known = {zone_id for name in regions.region_names() for zone_id in regions.region(name).zone_ids}
    # cac1-az3 and usw1-az2 are among those that one account does not see
    assert "use1-az3" in regions.CONTROL_PLANE_EXCLUDED_ZONE_IDS & known
    assert all(map(regions.is_zone_id, regions.CONTROL_PLANE_EXCLUDED_ZONE_IDS))
    assert set(regions.region_names()) >= regions.REGIONS_WITH_ZONES_PER_ACCOUNT

"""tools/refresh_facts.py on small packages made here, and on the pinned ones where a cache folder is named."""

import gzip
import hashlib
import json
import os
import sys
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

TOOLS = Path(__file__).resolve().parents[3] / "tools"
CACHE = os.environ.get("EKSLINT_FACTS_CACHE")

M5_LARGE = {
    "InstanceType": "m5.large",
    "VCpuInfo": {"DefaultVCpus": 2},
    "MemoryInfo": {"SizeInMiB": 8192},
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"], "SustainedClockSpeedInGhz": 3.1, "Manufacturer": "Intel"},
    "Hypervisor": "nitro",
    "CurrentGeneration": True,
    "SupportedUsageClasses": ["spot", "on-demand"],
    "NetworkInfo": {
        "Ipv4AddressesPerInterface": 10,
        "MaximumNetworkInterfaces": 3,
        "DefaultNetworkCardIndex": 0,
        "NetworkCards": [{"MaximumNetworkInterfaces": 3, "BaselineBandwidthInGbps": 0.75}],
        "EnaSupport": "required",
        "Ipv6Supported": True,
    },
    "EbsInfo": {
        "MaximumEbsAttachments": 27,
        "AttachmentLimitType": "shared",
        "EbsOptimizedSupport": "default",
        "EbsOptimizedInfo": {"MaximumBandwidthInMbps": 4750},
    },
}
P5 = M5_LARGE | {
    "InstanceType": "p5.48xlarge",
    "SupportedUsageClasses": ["on-demand", "capacity-block"],
    "GpuInfo": {"Gpus": [{"Manufacturer": "NVIDIA", "Name": "H100", "Count": 8, "MemoryInfo": {"SizeInMiB": 81920}}]},
    "InstanceStorageInfo": {"NvmeSupport": "required", "TotalSizeInGB": 30400},
}
OFFERED = {
    "availability-zone": [("m5.large", "xx-test-1a"), ("m5.large", "xx-test-1b"), ("p5.48xlarge", "xx-test-1b")],
    "availability-zone-id": [("m5.large", "xxt1-az1"), ("m5.large", "xxt1-az2"), ("p5.48xlarge", "xxt1-az2")],
}
POLICY = {"Path": "/", "DefaultVersionId": "v3", "Document": {"Version": "2012-10-17", "Statement": []}}
EC2_ENUMS = (
    "HostnameType HttpTokensState InstanceMetadataEndpointState MarketType PlacementGroupStrategy "
    "SpotAllocationStrategy Tenancy VolumeType"
)


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))
    import facts_aws
    import facts_calendar
    import facts_kubernetes
    import facts_sources
    import facts_tables
    import refresh_facts

    yield SimpleNamespace(
        aws=facts_aws,
        calendar=facts_calendar,
        kubernetes=facts_kubernetes,
        refresh=refresh_facts,
        sources=facts_sources,
        tables=facts_tables,
    )
    for name in [name for name in sys.modules if name.startswith(("facts_", "refresh_facts"))]:
        del sys.modules[name]


def wheel(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            archive.writestr(name, gzip.compress(data) if name.endswith(".gz") else data)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def definitions(*kinds):
    return {
        "$defs": {
            f"io.{group}.{version}.{kind}": {
                "properties": {"metadata": {}},
                "x-kubernetes-group-version-kind": [{"group": group, "version": version, "kind": kind}],
            }
            for group, version, kind in kinds
        }
    }


@pytest.fixture
def source(tools, tmp_path):
    """The tables' sources, a few kilobytes of each."""
    enums = {name: {"type": "string", "enum": ["one", "two"]} for name in EC2_ENUMS.split()}
    packages = {
        "moto": {
            "moto/ec2/resources/instance_types.json.gz": {"p5.48xlarge": P5, "m5.large": M5_LARGE},
            **{
                f"moto/ec2/resources/instance_type_offerings/{location}/xx-test-1.json.gz": [
                    {"InstanceType": name, "Location": place} for name, place in pairs
                ]
                for location, pairs in OFFERED.items()
            },
            "moto/iam/aws_managed_policies.py": b'data = """'
            + json.dumps({"AmazonEKSThing": POLICY, "Other": POLICY}).encode()
            + b'"""\n',
        },
        "botocore": {
            "botocore/data/partitions.json": {
                "partitions": [{"id": "xx", "regionRegex": "^xx-\\w+-\\d+$", "outputs": {"dnsSuffix": "example.com"}}]
            },
            "botocore/data/endpoints.json": {
                "partitions": [
                    {
                        "partition": "xx",
                        "regions": {"xx-test-1": {}, "xx-test-2": {}},
                        "services": {"eks": {"endpoints": {"xx-test-1": {}}}},
                    }
                ]
            },
            "botocore/data/ec2/2015-01-01/service-2.json.gz": {"shapes": {}},
            "botocore/data/ec2/2016-01-01/service-2.json.gz": {
                "shapes": enums | {"InstanceType": {"enum": ["m5.large", "zz.retired"]}, "Unwanted": {"enum": ["x"]}}
            },
            "botocore/data/eks/2017-01-01/service-2.json.gz": {
                "shapes": {"AMITypes": {"enum": ["B", "A"]}, "Other": {"type": "string"}}
            },
        },
        "kubernetes-validate": {
            "k/schema/v1.9.0-local/_definitions.json": definitions(
                ("apps", "v1beta1", "Deployment"), ("", "v1", "Pod")
            ),
            "k/schema/v1.10.0-local/_definitions.json": definitions(("apps", "v1", "Deployment"), ("", "v1", "Pod")),
            "k/schema/v1.10.0-local-strict/_definitions.json": definitions(("apps", "v9", "Wrong")),
        },
    }
    pins = {
        name: tools.sources.Pin(
            name, "1.0", f"{name}.whl", wheel(tmp_path / f"{name}.whl", members), date(2026, 1, 2), "MIT"
        )
        for name, members in packages.items()
    }
    return tools.sources.RegistrySource(tmp_path, pins)


def lines(tables, name):
    return [line for line in tables[name].decode().split("\n") if line and not line.startswith("#")]


def test_tables_of_small_packages(tools, source, tmp_path):
    tables = tools.refresh.regenerated(source, tmp_path)
    assert lines(tables, "api_lifetimes.tsv") == [
        "apps/v1\tDeployment\t1.10\t",
        "apps/v1beta1\tDeployment\t1.9\t1.10",
        "v1\tPod\t1.9\t",
    ]
    assert lines(tables, "regions.tsv") == ["xx-test-1\txx\teks\tab\txxt1-az1,xxt1-az2", "xx-test-2\txx\t\t\t"]
    assert lines(tables, "partitions.tsv") == ["xx\texample.com\t^xx-\\w+-\\d+$"]
    assert lines(tables, "iam_policies.tsv") == ["AmazonEKSThing\t/", "Other\t/"]
    assert lines(tables, "iam_policy_documents.tsv") == [
        'AmazonEKSThing\tv3\t{"Statement":[],"Version":"2012-10-17"}',
    ]
    assert lines(tables, "instance_type_names.txt") == ["m5.large", "p5.48xlarge", "zz.retired"]
    assert "eks.AMITypes\tB,A" in lines(tables, "aws_enums.tsv")
    assert not any("Unwanted" in line for line in lines(tables, "aws_enums.tsv"))
    m5, p5 = (line.split("\t") for line in lines(tables, "instance_types.tsv"))
    expected = "m5.large 2 8192 amd64 Intel 3100 nitro 6ce os 3 10 3 1 0 750 4750 27s - - - -"
    assert [cell or "-" for cell in m5[:-1]] == expected.split()
    assert (p5[8], p5[17], p5[18]) == ("bo", "30400", "NVIDIA:H100:8:81920:8")
    offered = {row.split("\t")[0]: row.split("\t")[1:] for row in lines(tables, "instance_offerings.tsv")}
    assert offered == {m5[-1]: ["xx-test-1:ab", "xxt1:12"], p5[-1]: ["xx-test-1:b", "xxt1:2"]}
    assert b"# Source: moto 1.0 (MIT, 2026-01-02, sha256 " in tables["instance_types.tsv"]


def test_the_same_bytes_every_time(tools, source, tmp_path):
    assert tools.refresh.regenerated(source, tmp_path) == tools.refresh.regenerated(source, tmp_path)


def test_what_differs(tools, source, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    tables = tools.refresh.regenerated(source, data)
    assert tools.refresh.differing(tables, data) == sorted(tables)
    for name, text in tables.items():
        (data / name).write_bytes(text)
    assert tools.refresh.differing(tables, data) == []
    (data / "regions.tsv").write_bytes(tables["regions.tsv"] + b"\n")
    assert tools.refresh.differing(tables, data) == ["regions.tsv"]


def test_a_wheel_that_is_not_the_pinned_one(tools, source, tmp_path):
    (tmp_path / "moto.whl").write_bytes(b"something else")
    with pytest.raises(SystemExit, match=r"moto\.whl has sha256 [0-9a-f]{64}, facts_pins.toml says"):
        source.wheel("moto")


@pytest.mark.parametrize("cell", ["a\tb", "a\nb"])
def test_a_cell_that_breaks_the_table(tools, cell):
    with pytest.raises(ValueError, match="not a row"):
        tools.tables.render("title", ["source"], ["one"], [[cell]])


def test_a_row_of_the_wrong_length(tools):
    with pytest.raises(ValueError, match="not a row"):
        tools.tables.render("title", ["source"], ["one", "two"], [["a"]])


def test_kinds_are_objects_with_metadata_and_no_lists(tools):
    found = definitions(("apps", "v1", "Deployment"), ("apps", "v1", "DeploymentList"))["$defs"]
    found["io.Status"] = {"x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Status"}]}
    assert tools.kubernetes.kinds(found) == {("apps/v1", "Deployment")}


class FakeClient:
    """One client of a fake AWS: answers pages of what it was made with."""

    def __init__(self, region):
        self.meta = SimpleNamespace(region_name=region)

    def describe_regions(self):
        return {"Regions": [{"RegionName": "xx-test-1"}]}

    def get_policy_version(self, PolicyArn, VersionId):  # noqa: N803
        assert (PolicyArn, VersionId) == ("arn:AmazonEKSThing", "v3")
        return {"PolicyVersion": {"Document": POLICY["Document"]}}

    def get_paginator(self, operation):
        return SimpleNamespace(paginate=lambda **arguments: self.pages(operation, arguments))

    def pages(self, operation, arguments):
        if operation == "describe_instance_types":
            return [{"InstanceTypes": [P5]}, {"InstanceTypes": [M5_LARGE]}]
        if operation == "describe_instance_type_offerings":
            pairs = [*OFFERED[arguments["LocationType"]], ("m5.large", "xx-test-1-lax-1a")]
            return [{"InstanceTypeOfferings": [{"InstanceType": name, "Location": place} for name, place in pairs]}]
        if operation == "list_policies":
            policy = {
                "PolicyName": "AmazonEKSThing",
                "Arn": "arn:AmazonEKSThing",
                "Path": "/",
                "DefaultVersionId": "v3",
            }
            return [{"Policies": [policy]}]
        assert operation == "describe_cluster_versions"
        day = datetime(2026, 11, 20, tzinfo=UTC)
        dates = {"releaseDate": day, "endOfStandardSupportDate": day, "endOfExtendedSupportDate": day}
        return [{"clusterVersions": [{"clusterVersion": "1.37", **dates}, {"clusterVersion": "1.20"}]}]


def test_tables_from_aws(tools, source, tmp_path):
    session = SimpleNamespace(client=lambda service, region_name=None: FakeClient(region_name))
    aws = tools.aws.AwsSource(tmp_path, date(2026, 11, 21), session)
    aws.pins = source.pins
    (tmp_path / "kubernetes_versions.tsv").write_text("# head\n1.36\t2026-06-02\t2027-08-02\t2028-08-02\t1.13\n")
    ours, theirs = tools.refresh.regenerated(source, tmp_path), tools.refresh.regenerated(aws, tmp_path)
    for name in ("instance_types.tsv", "instance_offerings.tsv", "iam_policy_documents.tsv", "regions.tsv"):
        assert lines(ours, name) == lines(theirs, name), name
    assert (
        b"# Source: Amazon EC2 DescribeInstanceTypes and DescribeInstanceTypeOfferings, 2026-11-21."
        in theirs["instance_types.tsv"]
    )
    assert theirs["kubernetes_versions.tsv"].decode() == (
        "# head\n1.36\t2026-06-02\t2027-08-02\t2028-08-02\t1.13\n1.37\t2026-11-20\t2026-11-20\t2026-11-20\t\n"
    )
    assert "kubernetes_versions.tsv" not in ours


def test_the_calendar_keeps_what_eks_does_not_state(tools):
    table = "# head\n1.9\ta\tb\tc\t\n1.36\ta\tb\tc\t1.13\n"
    assert tools.calendar.merged(table, []) == table
    assert tools.calendar.merged(table, [("1.36", "x", "y", "z"), ("1.10", "d", "e", "f")]) == (
        "# head\n1.9\ta\tb\tc\t\n1.10\td\te\tf\t\n1.36\tx\ty\tz\t1.13\n"
    )


def test_the_pins(tools):
    pins = tools.sources.pins()
    assert set(pins) == {"moto", "botocore", "kubernetes-validate"}
    for pin in pins.values():
        assert f"-{pin.version}-" in pin.file
        assert len(pin.sha256) == 64
        assert pin.licence == "Apache-2.0"


def test_the_committed_tables_name_the_pins(tools):
    for name in ("instance_types.tsv", "aws_enums.tsv", "api_lifetimes.tsv"):
        head = (tools.refresh.DATA / name).read_text("utf-8").split("# Generated")[0]
        assert any(pin.citation in head for pin in tools.sources.pins().values()), name


@pytest.mark.skipif(not CACHE, reason="EKSLINT_FACTS_CACHE names no folder with the pinned packages")
def test_the_committed_tables_are_what_the_pins_give(tools, capsys):
    assert tools.refresh.main(["--cache", CACHE, "--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.skipif(not CACHE, reason="EKSLINT_FACTS_CACHE names no folder with the pinned packages")
def test_a_changed_table_is_named_and_rewritten(tools, capsys, tmp_path):
    for path in tools.refresh.DATA.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "regions.tsv").write_text("# nothing\n")
    assert tools.refresh.main(["--cache", CACHE, "--data", str(tmp_path), "--check"]) == 1
    assert capsys.readouterr().out == "regions.tsv\n"
    assert tools.refresh.main(["--cache", CACHE, "--data", str(tmp_path)]) == 0
    assert (tmp_path / "regions.tsv").read_bytes() == (tools.refresh.DATA / "regions.tsv").read_bytes()

"""Where the generated tables come from: pinned packages, read as archives and never imported."""

import ast
import gzip
import hashlib
import json
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

Offerings = Mapping[str, list[tuple[str, str]]]
"""Instance types by region, each with a place that offers it: (instance type, zone name or zone id)."""


class Pin(NamedTuple):
    """One package of `facts_pins.toml`."""

    package: str
    version: str
    file: str
    sha256: str
    released: date
    licence: str

    @property
    def citation(self) -> str:
        """The line about the package in the head of a table."""
        return f"{self.package} {self.version} ({self.licence}, {self.released}, sha256 {self.sha256[:16]})"


def pins() -> dict[str, Pin]:
    """Every pin of `facts_pins.toml` by its package's name."""
    path = Path(__file__).with_name("facts_pins.toml")
    return {package: Pin(package, **values) for package, values in tomllib.loads(path.read_text()).items()}


class RegistrySource:
    """The facts as the pinned packages have them.

    `cache` keeps the wheels between runs; a missing one is downloaded, a wrong one is an error.
    """

    def __init__(self, cache: Path, pinned: Mapping[str, Pin] | None = None) -> None:
        self.cache = cache
        self.pins = pinned or pins()

    def wheel(self, package: str) -> zipfile.ZipFile:
        """The package's wheel; SystemExit if it is not the pinned one."""
        pin = self.pins[package]
        path = self.cache / pin.file
        if not path.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
            download += ["--only-binary", ":all:", "--dest", str(self.cache), f"{pin.package}=={pin.version}"]
            subprocess.run(download, check=True)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != pin.sha256:
            raise SystemExit(f"{path} has sha256 {digest}, facts_pins.toml says {pin.sha256}")
        return zipfile.ZipFile(path)

    def cite(self, *packages: str) -> list[str]:
        """What to write about `packages` in the head of a table."""
        return [self.pins[package].citation for package in packages]

    def cite_ec2(self) -> list[str]:
        """Where instance types and offerings come from."""
        return self.cite("moto")

    def cite_iam(self) -> list[str]:
        """Where IAM policies come from."""
        return self.cite("moto")

    def instance_types(self) -> list[dict[str, Any]]:
        """What EC2 DescribeInstanceTypes answers, over all regions."""
        return list(self._json("moto", "moto/ec2/resources/instance_types.json.gz").values())

    def offerings(self, location: str) -> Offerings:
        """What EC2 DescribeInstanceTypeOfferings answers in each region, by `availability-zone` or `…-id`."""
        folder = f"moto/ec2/resources/instance_type_offerings/{location}/"
        offered = {}
        for member in sorted(self._moto.namelist()):
            if member.startswith(folder) and member.endswith(".json.gz"):
                region = member.removeprefix(folder).removesuffix(".json.gz")
                offered[region] = [
                    (item["InstanceType"], item["Location"])
                    for item in json.loads(gzip.decompress(self._moto.read(member)))
                ]
        return offered

    def policies(self) -> dict[str, dict[str, Any]]:
        """Every AWS managed IAM policy by name, with `Path`, `DefaultVersionId` and `Document`."""
        tree = ast.parse(self._moto.read("moto/iam/aws_managed_policies.py"))
        [text] = [
            node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ]
        policies: dict[str, dict[str, Any]] = json.loads(text)
        return policies

    def service_model(self, service: str) -> dict[str, Any]:
        """The newest API model of an AWS service."""
        members = [n for n in self._botocore.namelist() if n.startswith(f"botocore/data/{service}/")]
        [*_, newest] = sorted(n for n in members if n.endswith("/service-2.json.gz"))
        model: dict[str, Any] = self._json("botocore", newest)
        return model

    def endpoints(self) -> dict[str, Any]:
        """Which service has an endpoint in which region of which partition."""
        endpoints: dict[str, Any] = self._json("botocore", "botocore/data/endpoints.json")
        return endpoints

    def partitions(self) -> list[dict[str, Any]]:
        """The partitions with their names, DNS suffixes and patterns of region names."""
        partitions: list[dict[str, Any]] = self._json("botocore", "botocore/data/partitions.json")["partitions"]
        return partitions

    def kubernetes_definitions(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every Kubernetes version of the package, oldest first, with its OpenAPI definitions."""
        with self.wheel("kubernetes-validate") as wheel:
            found = {}
            for member in wheel.namelist():
                *_, folder, file = ["", *member.split("/")]
                if file == "_definitions.json" and folder.endswith("-local"):
                    version = folder.removeprefix("v").split("-")[0].rpartition(".")[0]
                    found[tuple(map(int, version.split(".")))] = member
            for number in sorted(found):
                yield ".".join(map(str, number)), json.loads(wheel.read(found[number]))["$defs"]

    @cached_property
    def _moto(self) -> zipfile.ZipFile:
        return self.wheel("moto")

    @cached_property
    def _botocore(self) -> zipfile.ZipFile:
        return self.wheel("botocore")

    def _json(self, package: str, member: str) -> Any:
        data = (self._moto if package == "moto" else self._botocore).read(member)
        return json.loads(gzip.decompress(data) if member.endswith(".gz") else data)

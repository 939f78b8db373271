"""ConfigMaps and Secrets, and what aws-auth says in one."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from ekslint.model.cluster import IdentityMapping
from ekslint.model.kubernetes.embedded import Embedded, embedded
from ekslint.model.kubernetes.manifest import KubernetesObject
from ekslint.model.kubernetes.sheet import Sheet, is_template
from ekslint.model.reading import PartialSequence, Reading, Undecided, Unknown
from ekslint.source.tree import Map, Node, Path

_IDENTITY_LISTS = {"mapRoles": "rolearn", "mapUsers": "userarn"}


class KeyedObject(KubernetesObject):
    """A ConfigMap or a Secret: values by key."""

    __slots__ = ()
    fields: ClassVar[tuple[str, ...]] = ("data", "binaryData")

    @property
    def is_generated(self) -> bool:
        """Whether kustomize makes it: then nobody knows here what is in it."""
        return False

    @property
    def is_immutable(self) -> bool:
        """Whether it cannot be changed."""
        return self.boolean("immutable") is True

    @property
    def keys(self) -> frozenset[str]:
        """The keys that pods can refer to."""
        return frozenset(key for field in self.fields for key in self.mapping(field))


class ConfigMap(KeyedObject):
    """A ConfigMap."""

    __slots__ = ("_identities",)
    part_names = ("IdentityMapping",)

    def __init__(self, sheet: Sheet, path: Path, node: Map, api_version: str, kind: str) -> None:
        super().__init__(sheet, path, node, api_version, kind)
        self._identities: Sequence[IdentityMapping] | None = None

    @property
    def data(self) -> Mapping[str, str]:
        """Values by key."""
        return self.strings("data")

    @property
    def is_aws_auth(self) -> bool:
        """Whether it is the ConfigMap that says who may enter an EKS cluster."""
        return self.known_name == "aws-auth"

    @property
    def identity_mappings(self) -> Sequence[IdentityMapping]:
        """The lines of `mapRoles` and `mapUsers`; empty unless it is aws-auth."""
        if self._identities is None:
            self._identities = self._read_identities() if self.is_aws_auth else ()
        return self._identities

    @property
    def parts(self) -> Iterator[IdentityMapping]:
        """The lines of aws-auth."""
        try:
            mappings = self.identity_mappings
        except Undecided:
            return
        yield from mappings.possible() if isinstance(mappings, PartialSequence) else mappings

    def document_in(self, key: str) -> Embedded | None:
        """The value of a key as the YAML that it is, with places in this file; None if absent.

        Placeholders in it stay what they are: only an all but empty text, which some tool will fill, is Undecided.
        """
        node = self.part("data").get(key)
        if node is None:
            return None
        if not isinstance(node, str) or (is_template(node) and "\n" not in node.strip()):
            self.text("data", key)
        return embedded(str(node), self._source(("data", key)))

    def _read_identities(self) -> Sequence[IdentityMapping]:
        found: list[IdentityMapping] = []
        unknown: Undecided | None = None
        for key, field in _IDENTITY_LISTS.items():
            try:
                text = self.document_in(key)
            except Undecided as undecided:
                unknown = undecided
                continue
            if text is None or (text.root is None and not text.document.problems):
                continue
            if not isinstance(text.root, list) or text.document.problems:
                # What the authenticator makes of half a list nobody can tell; a rule says that it is no list.
                unknown = unknown or Undecided("it is no list of mappings", text.source(()))
                continue
            found += [
                self._identity(text, (index,), item, key, field)
                for index, item in enumerate(text.root)
                if isinstance(item, dict)
            ]
        if unknown is None:
            return found
        known = [Reading(mapping, mapping.origin) for mapping in found]
        return PartialSequence(known, (Unknown(unknown.why), unknown.source))

    def _identity(self, text: Embedded, path: Path, item: Mapping[str, Node], key: str, field: str) -> IdentityMapping:
        arn_key, user_key, groups_key = (_written(item, name) for name in (field, "username", "groups"))
        arn = item.get(arn_key)
        shown = arn if isinstance(arn, str) else "?"
        title = f"aws-auth entry for {shown}"
        mapping = IdentityMapping(
            title, text.source(path, shown), dialect=self.dialect, resource=f"{self.resource}/{key}/{shown}"
        )
        mapping.declare(
            arn=_reading(arn, text, (*path, arn_key)),
            username=_reading(item.get(user_key), text, (*path, user_key)),
            groups=_groups(item.get(groups_key), text, (*path, groups_key)),
        )
        mapping.owner = self
        return mapping


class Secret(KeyedObject):
    """A Secret."""

    __slots__ = ()
    fields = ("data", "stringData")

    @property
    def type(self) -> str:
        """`Opaque`, `kubernetes.io/tls`, `kubernetes.io/dockerconfigjson` …"""
        return self.text("type") or "Opaque"

    @property
    def data(self) -> Mapping[str, str]:
        """Values by key, in base64."""
        return self.strings("data")

    @property
    def string_data(self) -> Mapping[str, str]:
        """Values by key, in clear."""
        return self.strings("stringData")


class GeneratedConfigMap(ConfigMap):
    """A ConfigMap that a kustomization generates; its place is the generator's entry."""

    __slots__ = ()

    @property
    def is_generated(self) -> bool:
        """See `KeyedObject.is_generated`."""
        return True


class GeneratedSecret(Secret):
    """A Secret that a kustomization generates; its place is the generator's entry."""

    __slots__ = ()

    @property
    def is_generated(self) -> bool:
        """See `KeyedObject.is_generated`."""
        return True


def _written(item: Mapping[str, Node], name: str) -> str:
    """A key as it is written: the authenticator decodes by way of Go's JSON, which does not look at case."""
    return name if name in item else next((key for key in item if key.lower() == name), name)


def _reading(value: Node, text: Embedded, path: Path) -> Reading:
    source = text.source(path, value if isinstance(value, str) else None)
    if is_template(value):
        return Reading(Unknown("a template fills it in"), source)
    if value is not None and not isinstance(value, str):
        return Reading(Unknown("it is not a string"), source)
    return Reading(value, source)


def _groups(value: Node, text: Embedded, path: Path) -> Reading:
    source = text.source(path)
    if value is None:
        return Reading((), source)
    if not isinstance(value, list):
        return Reading(Unknown("a template fills it in" if is_template(value) else "it is not a list"), source)
    items = [_reading(item, text, (*path, index)) for index, item in enumerate(value)]
    if any(isinstance(item.value, Unknown) for item in items):
        return Reading(PartialSequence(items), source)
    return Reading(tuple(item.value for item in items), source, dict(enumerate(items)))

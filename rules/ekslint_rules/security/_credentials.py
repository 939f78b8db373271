"""What a credential looks like, and what only stands for one."""

import re
from typing import NamedTuple

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an AWS access key", re.compile(r"(?<![A-Z0-9])A(?:KIA|SIA)[A-Z2-7]{16}(?![A-Z0-9])")),
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90})\b")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{20}\b")),
    ("a Slack token", re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,100}\b")),
)
"""Credentials that anybody recognises, by the form that their makers gave them."""
_URL = re.compile(
    r"(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s:/@'\"]{0,64}:(?P<password>[^\s:/@'\"]{4,100})@[a-z0-9\[]",
    re.IGNORECASE,
)
"""An address with user and password, as databases and brokers have."""
_WORD_FOR_PASSWORD = re.compile(r"(?i)(?:my|the)?[-_]?(?:passw(?:or)?d|pass|pwd|pw|secret|token)\Z")
_ASSIGNMENT = re.compile(
    r"""(?ix)(?<![a-z0-9])(?P<name>(?:[a-z0-9]{1,30}_){0,4}(?:password|secret_?(?:access_?)?key|api_?key
        |auth_?token|access_?token))\s{0,4}[=:]\s{0,4}["']?(?P<value>[^\s"'`;&|)]{6,200})"""
)
"""A variable of a script that is named as a credential, with what it is set to."""
_NAMED_SO = re.compile(
    r"(?i)(?:\A|[^a-z])(?:passw(?:or)?d|pass|pwd|passphrase|token|client[-_.]?secret"
    r"|(?:secret|access|api|private|encryption|signing)[-_.]?key)[0-9]*\Z"
)
"""Only the end of a key tells: `token-url` and `secretName` are none."""
_STANDS_FOR = re.compile(
    r"(?i)[<>{}$%*]|\.\.\.|\A(?:x{3,}|\*+)\Z|change[-_ ]?(?:me|it|this)|replace|placeholder|your[-_ ]|example|dummy"
    r"|redacted|insert|todo|\A(?:none|null|true|false|auto|enabled|disabled|required|optional|foobar)\Z"
    r"|!vault|ref\+|\A(?:vault|ssm|arn|op):|\A\.{0,2}/"
)
"""Words that nobody has for a password, references, and the path of a file."""


class Credential(NamedTuple):
    """A credential in a text."""

    what: str
    """`an AWS access key`, `a literal for DB_PASSWORD`."""
    line: int
    """Its line within the text, from 0."""


def known_credential(text: str) -> str | None:
    """What kind of credential a text holds, if it is one whose form is known: `an AWS access key`."""
    for what, pattern in _KINDS:
        match = pattern.search(text)
        if match is not None and not stands_for_one(match[0]):
            return what
    for match in _URL.finditer(text):
        password = match["password"]
        if not stands_for_one(password) and not _WORD_FOR_PASSWORD.match(password):
            return "an address with a password"
    return None


def credential_in_script(text: str) -> Credential | None:
    """The first credential in a script: one of a known form, or a literal in a variable that is named as one."""
    for number, line in enumerate(text.split("\n")):
        what = known_credential(line)
        if what is not None:
            return Credential(what, number)
        match = _ASSIGNMENT.search(line[:2_000])
        if match is not None and not stands_for_one(match["value"]) and not line.lstrip().startswith("#"):
            return Credential(f"a literal for {match['name']}", number)
    return None


def is_named_so(key: str) -> bool:
    """Whether a key is named as a credential: `db-password`, `API_TOKEN`; but not `token-url`."""
    return _NAMED_SO.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", key)) is not None


def stands_for_one(value: str) -> bool:
    """Whether a value is none, but a hint that somebody or something has to put one there."""
    return not value.strip() or _STANDS_FOR.search(value) is not None

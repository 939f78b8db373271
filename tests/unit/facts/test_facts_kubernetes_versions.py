from datetime import date, timedelta

import pytest

from ekslint.facts import kubernetes_versions as versions
from ekslint.facts.kubernetes_versions import SupportPhase

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.31", (1, 31)),
        ("v1.31", (1, 31)),
        ("1.31.4", (1, 31)),
        ("v1.33.1-eks-b9364f6", (1, 33)),
        ("1.31+", (1, 31)),
        ("1.3", (1, 3)),
        ("1", None),
        ("", None),
        ("latest", None),
        ("1.x", None),
        (" 1.31", None),
        ("1.31 ", None),
        ("1.31\n", None),
        ("1.٣١", None),
        ("1.99999999999", None),
    ],
)
def test_minor(text, number):
    assert versions.minor(text) == number


@pytest.mark.parametrize(
    ("version", "on", "phase"),
    [
        ("1.34", TODAY, SupportPhase.STANDARD),
        ("1.36", TODAY, SupportPhase.STANDARD),
        ("1.33", TODAY, SupportPhase.EXTENDED),
        ("1.31", TODAY, SupportPhase.EXTENDED),
        ("1.31", date(2026, 11, 25), SupportPhase.EXTENDED),
        ("1.31", date(2026, 11, 26), SupportPhase.ENDED),
        ("1.34", date(2026, 12, 1), SupportPhase.STANDARD),
        ("1.34", date(2026, 12, 2), SupportPhase.EXTENDED),
        ("1.30", TODAY, SupportPhase.ENDED),
        ("1.21", TODAY, SupportPhase.ENDED),
        ("1.16", TODAY, SupportPhase.ENDED),
        ("1.3", TODAY, SupportPhase.ENDED),
        ("1.37", TODAY, SupportPhase.UNKNOWN),
        ("2.0", TODAY, SupportPhase.UNKNOWN),
        ("nonsense", TODAY, SupportPhase.UNKNOWN),
        ("1.36", date(2026, 1, 1), SupportPhase.UNKNOWN),
        ("v1.33.1-eks-b9364f6", TODAY, SupportPhase.EXTENDED),
    ],
)
def test_support_phase(version, on, phase):
    assert versions.support_phase(version, on) is phase


def test_the_calendar_has_no_gap_and_runs_forward():
    numbers = [versions.minor(version) for version in versions.calendar()]
    assert numbers == [(1, minor) for minor in range(21, 37)]
    assert (versions.oldest_known(), versions.newest_known()) == ("1.21", "1.36")
    for row in versions.calendar().values():
        assert row.released < row.standard_support_ends < row.extended_support_ends
        if versions.minor(row.version) >= (1, 26):
            # 14 months of standard support and 12 more
            assert timedelta(days=417) <= row.standard_support_ends - row.released <= timedelta(days=433)
            assert row.extended_support_ends == row.standard_support_ends.replace(
                year=row.standard_support_ends.year + 1
            )


def test_supported_versions():
    assert versions.supported_versions(TODAY) == ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
    assert versions.supported_versions(TODAY, phase=SupportPhase.STANDARD) == ("1.34", "1.35", "1.36")


def test_karpenter_for_a_version():
    assert versions.support("1.33").karpenter == "1.5"
    assert versions.support("1.25").karpenter == "0.25"
    assert versions.support("1.22").karpenter is None


@pytest.mark.parametrize(("control_plane", "lag"), [("1.27", 2), ("1.28", 3), ("1.36", 3), ("x", None)])
def test_kubelet_may_lag(control_plane, lag):
    assert versions.kubelet_may_lag(control_plane) == lag


def test_the_calendar_cannot_be_changed():
    with pytest.raises(TypeError):
        versions.calendar()["1.99"] = versions.support("1.31")

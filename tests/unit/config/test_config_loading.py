"""Which file is the configuration, and what is no fit file."""

import os
from pathlib import Path

import pytest

from ekslint.config import Configuration, ConfigurationError, find_configuration, load_configuration, schema


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_nearest_one_up_to_the_root(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    write(tmp_path / ".ekslint.yaml", "ignore: [outside]")
    write(root / ".ekslint.yaml", "ignore: [top]")
    inner = write(root / "teams" / "shop" / ".ekslint.yaml", "ignore: [inner]")
    manifest = write(root / "teams" / "shop" / "apps" / "api.yaml", "")
    assert find_configuration(manifest, root) == inner
    assert load_configuration(manifest, root).ignore == ("inner",)
    assert load_configuration(root / "teams", root).ignore == ("top",)
    inner_loaded = load_configuration(root / "teams" / "shop", root)
    assert inner_loaded.path == "teams/shop/.ekslint.yaml"
    assert inner_loaded.exclude.folder == "teams/shop"


def test_nothing_beyond_the_root(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    write(tmp_path / ".ekslint.yaml", "ignore: [outside]")
    assert load_configuration(root, root) == Configuration()
    assert find_configuration(tmp_path, root) is None


def test_isolated(tmp_path: Path) -> None:
    config = write(tmp_path / ".ekslint.yaml", "nonsense")
    assert load_configuration(tmp_path, tmp_path, isolated=True) == Configuration()
    assert load_configuration(tmp_path, tmp_path, config=config, isolated=True) == Configuration()


def test_explicit_file_has_patterns_relative_to_the_root(tmp_path: Path) -> None:
    config = write(tmp_path / "ci" / "strict.yaml", "exclude: [vendor]")
    loaded = load_configuration(tmp_path, tmp_path, config=config)
    assert loaded.path == "ci/strict.yaml"
    assert loaded.exclude.match("vendor/a.yaml")


def test_explicit_file_may_lie_outside_of_the_root(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    config = write(tmp_path / "shared.yaml", "ignore: [a]\nfail-on: x")
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(root, root, config=config)
    assert caught.value.location is not None
    assert caught.value.location.path == config.as_posix()


def test_missing_explicit_file_names_a_similar_one(tmp_path: Path) -> None:
    write(tmp_path / "strict.yaml", "")
    with pytest.raises(ConfigurationError, match="there is no file") as caught:
        load_configuration(tmp_path, tmp_path, config=tmp_path / "stirct.yaml")
    assert caught.value.help == ["did you mean strict.yaml?"]
    with pytest.raises(ConfigurationError, match="there is no file"):
        load_configuration(tmp_path, tmp_path, config=tmp_path / "no" / "folder.yaml")


def test_wrong_name(tmp_path: Path) -> None:
    write(tmp_path / ".ekslint.yml", "ignore: [a]")
    with pytest.raises(ConfigurationError, match=r"the configuration is called \.ekslint\.yaml"):
        load_configuration(tmp_path, tmp_path)


def test_folder_pipe_and_endless_link(tmp_path: Path) -> None:
    (tmp_path / "a" / ".ekslint.yaml").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="it is a folder"):
        load_configuration(tmp_path / "a", tmp_path)
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / ".ekslint.yaml")
    with pytest.raises(ConfigurationError, match="it is a named pipe"):
        load_configuration(tmp_path / "b", tmp_path)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / ".ekslint.yaml").symlink_to(tmp_path / "c" / ".ekslint.yaml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_configuration(tmp_path / "c", tmp_path)


def test_link_out_of_the_repository_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    secret = write(tmp_path / "secret", "token: abc")
    (root / ".ekslint.yaml").symlink_to(secret)
    with pytest.raises(ConfigurationError, match="leads out of the repository") as caught:
        load_configuration(root, root)
    assert "abc" not in f"{caught.value} {caught.value.help}"


def test_link_inside_of_the_repository_is_read(tmp_path: Path) -> None:
    write(tmp_path / "ci" / "shared.yaml", "ignore: [a]")
    (tmp_path / ".ekslint.yaml").symlink_to(tmp_path / "ci" / "shared.yaml")
    loaded = load_configuration(tmp_path, tmp_path)
    assert (loaded.path, loaded.ignore, loaded.exclude.folder) == (".ekslint.yaml", ("a",), "")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / ".ekslint.yaml").write_bytes(b"ignore: [a]\nselect: [\xff]\n")
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(tmp_path, tmp_path)
    assert caught.value.location is not None
    assert (caught.value.location.line, caught.value.location.column) == (2, 10)


def test_too_large(tmp_path: Path) -> None:
    write(tmp_path / ".ekslint.yaml", "#" * (1024 * 1024 + 1))
    with pytest.raises(ConfigurationError, match="larger than 1 MiB"):
        load_configuration(tmp_path, tmp_path)


def test_byte_order_mark_and_windows_line_breaks(tmp_path: Path) -> None:
    (tmp_path / ".ekslint.yaml").write_bytes(b"\xef\xbb\xbfignore:\r\n  - a\r\nfail-on: x\r\n")
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(tmp_path, tmp_path)
    assert caught.value.location is not None
    assert (caught.value.location.line, caught.value.location.column) == (3, 10)


def test_schema_is_valid_and_describes_every_setting() -> None:
    from jsonschema import Draft7Validator

    Draft7Validator.check_schema(dict(schema()))
    for name, part in schema()["properties"].items():
        assert part.get("description", "").endswith("."), name

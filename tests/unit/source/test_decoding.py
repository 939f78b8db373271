import codecs

import pytest

from ekslint.source.decoding import DecodeProblem, Encoding, decode, encoding_of

TEXT = "apiVersion: v1\r\nkind: ConfigMap\ndata: {é: 日本, 😀: x}\n"


def problem(data: bytes) -> DecodeProblem:
    answer = decode(data)
    assert isinstance(answer, DecodeProblem)
    return answer


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("text", [TEXT, "a", "a: b", "a\n", "# é"])
def test_every_encoding_of_yaml_is_read_and_written_back(codec: str, mark: str, text: str) -> None:
    data = (mark + text).encode(codec)
    assert decode(data) == text
    found = encoding_of(data)
    assert (found.codec, found.mark) == (codec, mark.encode(codec))
    assert found.mark + text.encode(found.codec) == data


@pytest.mark.parametrize("data", [b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_no_text_is_no_problem(data: bytes) -> None:
    assert decode(data) == ""


def test_only_the_first_mark_is_no_text() -> None:
    assert decode("\ufeff\ufeffa".encode()) == "\ufeffa"
    assert decode("a\ufeff".encode()) == "a\ufeff"


@pytest.mark.parametrize("data", [b"a\0pi: x\n", b"a: \0\n", b"\0a: x\n", b"ab\0\0: x\n", b"a: b\0"])
def test_a_stray_nul_leaves_the_text_utf_8(data: bytes) -> None:
    assert encoding_of(data) == Encoding("utf-8", b"", "UTF-8")
    assert decode(data) == data.decode()


def test_nuls_at_the_start_that_promise_too_much_leave_the_text_utf_8() -> None:
    assert decode(b"a\0b\0c") == "a\0b\0c"
    found = problem(b"a\0b\0\n\xff\xff")
    assert (found.line, found.column, found.text) == (2, 1, "a\0b\0\n\ufffd\ufffd")


@pytest.mark.parametrize(
    ("data", "line", "column", "offset"),
    [
        (b"\xe9", 1, 1, 0),
        (b"name: caf\xe9\n", 1, 10, 9),
        ("é: 日本\r\nb: 😀 ".encode() + b"\xff", 2, 6, 12),
        (b"a\rb\nc\r\nd\xff", 4, 2, 8),
        (codecs.BOM_UTF8 + "é".encode() + b"\xff", 1, 2, 1),
        (b"a: \xe2\x82", 1, 4, 3),
        (b"a: \xed\xa0\x80", 1, 4, 3),
        (b"a: \xc0\xaf", 1, 4, 3),
        (b"a: \xf4\x90\x80\x80", 1, 4, 3),
    ],
)
def test_the_first_byte_that_is_no_text_has_a_place(data: bytes, line: int, column: int, offset: int) -> None:
    found = problem(data)
    assert (found.line, found.column, found.offset) == (line, column, offset)
    assert found.text[offset] == "\ufffd"
    assert "not valid UTF-8: save the file as UTF-8" in found.message


def test_the_message_says_what_an_old_editor_meant() -> None:
    assert problem(b"caf\xe9 au lait").message == (
        "the byte 0xE9 (é in Windows-1252) is not valid UTF-8: save the file as UTF-8"
    )
    assert "0x93 (“ in Windows-1252)" in problem(b"a: \x93quoted\x94").message


@pytest.mark.parametrize("byte", [b"\x81", b"\xa0", b"\xad"])
def test_the_message_shows_nothing_that_does_not_show(byte: bytes) -> None:
    assert problem(byte).message.isascii()


def test_broken_utf_16_has_a_place() -> None:
    found = problem(codecs.BOM_UTF16_LE + "a: b\nc: ".encode("utf-16-le") + b"\x00\xd8x\0")
    assert (found.line, found.column, found.offset) == (2, 4, 8)
    assert found.message == "the text is not valid UTF-16: illegal UTF-16 surrogate"
    assert problem(codecs.BOM_UTF16_BE + b"\0a\0").message == "the text is not valid UTF-16: truncated data"
    assert problem(codecs.BOM_UTF32_LE + b"a\0\0\0\0\0\x11\0").column == 2

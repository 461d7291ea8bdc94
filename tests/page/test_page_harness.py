"""The harness itself: what goes in, comes out and goes wrong."""

import pytest

from fairlot._base.errors import InvalidInput

VALUES = [None, True, 0, -3, 1 << 70, "甲\ud83d", [b"", b"\x00\xff"], {"a": [1, {"b": "c"}]}]


@pytest.mark.parametrize("value", VALUES)
def test_values_come_back_as_they_went(js, value):
    assert js("tests/echo.js", "echo", value) == value


def test_a_promise_is_waited_for_and_a_typed_array_is_a_list(js):
    assert js("tests/echo.js", "later", 7) == 7
    assert js("tests/echo.js", "typed") == [1, 2**64 - 1]


def test_refusals_and_errors(js):
    with pytest.raises(InvalidInput, match="got 3") as caught:
        js("tests/echo.js", "refuse", 3)
    assert caught.value.text("zh") == "实为 3"
    with pytest.raises(RuntimeError, match="TypeError: .*is not a function"):
        js("tests/echo.js", "nothing")
    with pytest.raises(RuntimeError, match="nowhere.js is not there"):
        js("nowhere.js", "echo")


def test_what_takes_too_long_is_stopped(js):
    with pytest.raises(RuntimeError, match="no answer within 1 s"):
        js("tests/echo.js", "never", seconds=1)
    with pytest.raises(RuntimeError, match="did not answer"):
        js("tests/echo.js", "forever", seconds=1)
    assert js("tests/echo.js", "echo", 1) == 1

"""The wire: data crosses whole, and nothing else does."""

import itertools
import json
import math
import os
from fractions import Fraction

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from coursework import wire


def crossed(value):
    """Return what arrives of a value."""
    return wire.decode(json.loads(json.dumps(wire.encode(value))))


@pytest.mark.parametrize(
    "value",
    [None, True, 3, -(10**30), 0.1, math.inf, "text", "\ud800", [1, [2.0]], (1, ("a", None)), []],
)
def test_plain_values_cross_as_they_are(value):
    came = crossed(value)
    assert came == value
    assert type(came) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6).reshape(2, 3).T,
        np.zeros((0, 3)),
        np.array(2.5),
        np.array([True, False]),
        np.array(["keep", "crash"]),
        np.array([math.nan, -0.0]),
        np.arange(3, dtype=">i4"),
        np.array([1, 2], np.uint8),
        np.float16([0.5]),
    ],
)
def test_arrays_cross_with_type_shape_and_bits(array):
    came = crossed(array)
    assert (came.shape, came.dtype) == (array.shape, array.dtype.newbyteorder("<"))
    assert_array_equal(came, array)
    came[...] = came  # and may be written to


@pytest.mark.parametrize("scalar", [np.float64(0.1), np.int64(3), np.True_, np.str_("keep")])
def test_numpys_scalars_stay_numpys(scalar):
    assert crossed(scalar) == scalar
    assert type(crossed(scalar)) is type(scalar)


def test_what_can_be_seen_as_data_crosses_as_data():
    class Array:
        def __array__(self, dtype=None, copy=None):
            return np.ones(2)

    class Word(str):
        __slots__ = ()

    assert crossed(iter("ab")) == ["a", "b"]
    assert crossed(np.array([1, "a"], dtype=object)) == [1, "a"]
    assert crossed(Fraction(1, 2)) == 0.5
    assert type(crossed(Word("a"))) is str
    assert_array_equal(crossed(Array()), [1, 1])
    assert len(wire.encode(itertools.count())) == wire.MOST_ITEMS


@pytest.mark.parametrize(
    "value", [object(), 1j, len, np.datetime64("2026-01-01"), np.zeros(3, "M8[s]"), np.complex64(1)]
)
def test_what_is_no_data_does_not_cross(value):
    with pytest.raises(wire.NoData):
        wire.encode(value)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"a": 1, "tuple": []},
        {"function": True},
        {"generator": {}},
        {"tuple": 3},
        {"array": 3},
        {"array": ["<f8", [1], ""]},
        {"array": ["<f8", [-1], ""]},
        {"array": ["<f8", [True], "AAAAAAAAAAA="]},
        {"array": ["<f8", [2**70, 0], ""]},
        {"array": ["<f8", ["1"], "AAAAAAAAAAA="]},
        {"array": ["<f8", [1], "AAAAAAA*AAA="]},
        {"array": ["<f8", [1], 3]},
        {"array": ["|O", [1], "AAAAAAAAAAA="]},
        {"array": ["|V8", [1], "AAAAAAAAAAA="]},
        {"array": ["f8,f8", [1], "AAAAAAAAAAA="]},
        {"array": ["<U0", [1], ""]},
        {"array": [["<f8"], [1], "AAAAAAAAAAA="]},
        {"scalar": ["<f8", [2], "AAAAAAAAAAAAAAAAAAAAAA=="]},
    ],
)
def test_words_that_describe_no_data_are_refused(words):
    with pytest.raises(wire.NoData):
        wire.decode(words)


def test_a_truth_value_is_one_of_two_whatever_byte_comes():
    came = wire.decode({"array": ["|b1", [3], "AAEC"]})  # the bytes 0, 1, 2
    assert came.tobytes() == b"\0\1\1"


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[]\n", b"3\n", b"{'a': 1}\n", b"\xff\n", b"[" * 10**5 + b"\n", b"{} ", b""],
)
def test_what_is_no_line_of_json_ends_the_talk(line):
    reads, writes = os.pipe()
    os.write(writes, line[:60_000])
    os.close(writes)
    with pytest.raises(wire.Lost):
        wire.Channel(reads, os.open(os.devnull, os.O_WRONLY)).receive()
    os.close(reads)


def test_a_line_that_does_not_end_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(wire, "MOST_BYTES", 1000)
    with (
        open("/dev/zero", "rb", buffering=0) as zeros,
        open(os.devnull, "wb", buffering=0) as nowhere,
        pytest.raises(wire.Lost),
    ):
        wire.Channel(zeros.fileno(), nowhere.fileno()).receive()


def test_notes_are_one_line_of_printable_text():
    assert wire.one_line("a\n\ud800\x00b") == "a   b"
    assert wire.one_line("x" * 10**6) == "x" * 157 + "..."

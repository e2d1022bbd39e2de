"""A share of what `make fuzz` tries, and that it sees faults."""

import io
import time
from itertools import count

import pytest
from fuzz import HangError, calls, logs, within

from arbook import ParameterError


def test_some_mutated_logs():
    assert logs.piece(7, 300) == (300, [])


def test_some_junk_calls():
    assert calls.piece(7, 300) == (300, [])


def test_what_takes_too_long_is_stopped():
    start = time.process_time()
    with pytest.raises(HangError), within(0.05):
        all(True for _ in count())
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (KeyError("x"), "exceptions"),
        (HangError(), "hangs"),
        (logs.LogError("line 1: expected a run"), "differences"),
    ],
)
def test_a_fault_of_a_reader_is_found(monkeypatch, tmp_path, fault, kind):
    def broken(*_, **__):
        raise fault

    monkeypatch.setattr(logs, "read_log", broken)
    monkeypatch.setattr(logs, "ROOT", tmp_path)
    monkeypatch.setattr(logs, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(logs, "mutated", lambda chance: b"commit\tloss\tstatus\na\t1\tkeep\n")
    number, found = logs.piece(1, 1)
    assert (number, [of for of, _ in found]) == (1, [kind])
    assert [path.read_bytes() for path in (tmp_path / "kept").iterdir()] == [logs.mutated(None)]


def test_a_row_that_is_lost_is_found(monkeypatch):
    one = b"commit\tloss\tstatus\na\t1\tkeep\n"
    log = logs.read_log(io.BytesIO(one))
    monkeypatch.setattr(logs, "read_log", lambda file: log)
    assert logs.here(one, {})[1] == ""
    assert logs.here(one + b"b\t2\tkeep\n", {})[1] == "rows unaccounted"


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (ParameterError("n must be small, got 5"), ""),
        (ParameterError("k must be small, got 5"), calls.KINDS[1]),
        (IndexError("n"), calls.KINDS[0]),
        (DeprecationWarning("n"), calls.KINDS[0]),
        (HangError(), ""),
    ],
)
def test_an_error_is_clear_or_a_fault(monkeypatch, error, found):
    def raising(**_):
        raise error

    monkeypatch.setattr(calls, "prepared", lambda: {"f": (raising, {}, ["n"])})
    assert calls.attempt("f", {"n": 5})[0] == found

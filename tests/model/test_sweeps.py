"""Sweeps: what they give, and that neither interruptions nor the cut into tasks change a bit."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import arbook
from arbook import ParameterError, Parameters, simulate_moments, sweep
from arbook._numerics import streams

module = sys.modules["arbook.model.sweeps"]
MEASURES = (
    "frontier_mean", "frontier_std", "gain_area_mean", "gain_area_std", "keep_rate",
    "keep_rate_std",
)  # fmt: skip
GRID = [
    Parameters(s, g, m, extended=True)
    for s in (0.002, 0.01)
    for g in (0.9, 0.99, 1.0)
    for m in (-0.001, 0.0, 0.002)
]


def same(a, b):
    """Whether two sweeps are equal to the last bit."""
    return a.parameters == b.parameters and all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True) for name in MEASURES
    )


@pytest.fixture
def small_tasks(monkeypatch):
    """Many tasks, of four sets and of less than all runs of a set."""
    monkeypatch.setattr(streams, "_STREAMS_A_TASK", 1)
    monkeypatch.setattr(module, "_STEP_SIZES", 2**14)


# ---------------------------------------------------------------- what a sweep gives


@pytest.mark.parametrize(("n", "n_runs"), [(1, 5), (30, 2_000), (100, 12_000), (70_000, 3), (9, 1)])
def test_every_set_has_the_moments_that_its_own_simulation_has(n, n_runs):
    sets = GRID[::5]
    found = sweep(sets, n, n_runs, seed=3, f0=0.9)
    assert (found.n_sets, found.n_experiments, found.n_runs, found.f0) == (4, n, n_runs, 0.9)
    assert found.parameters == tuple(sets)
    for i, p in enumerate(sets):
        alone = simulate_moments(p, n, n_runs, seed=3, f0=0.9)
        for name in ("frontier_mean", "frontier_std", "frontier_mean_error"):
            value = getattr(found, name)[i]
            assert value == pytest.approx(getattr(alone, name)[-1], rel=1e-9, nan_ok=True)
        for name in ("gain_area_mean", "gain_area_std", "gain_area_mean_error"):
            value = getattr(found, name)[i]
            assert value == pytest.approx(getattr(alone, name), rel=1e-9, nan_ok=True)
        assert found.keep_rate[i] == pytest.approx(alone.keep_rate.mean(), rel=1e-12)


def test_sweeps_agree_with_theory():
    """Means within 5 standard errors; spreads within 5 of theirs, from the runs themselves."""
    n, n_runs = 60, 20_000
    found = sweep(GRID, n, n_runs, seed=4)
    for i, p in enumerate(GRID):
        frontier = arbook.expected_frontier(p, n) - found.frontier_mean[i]
        assert abs(frontier) < 5 * found.frontier_mean_error[i]
        area = arbook.expected_gain_area(p, n) - found.gain_area_mean[i]
        assert abs(area) < 5 * found.gain_area_mean_error[i]
        rate = arbook.expected_keeps(p, n) / n - found.keep_rate[i]
        assert abs(rate) < 5 * found.keep_rate_error[i]
        runs = arbook.simulate(p, n, n_runs, seed=4)
        for std, law, values in [
            (found.frontier_std[i], arbook.frontier_std(p, n), runs.frontier[:, -1]),
            (found.gain_area_std[i], arbook.gain_area_std(p, n), runs.gain_area),
            (found.keep_rate_std[i], arbook.keeps_std(p, n) / n, runs.kept.mean(axis=1)),
        ]:
            deviation = values - values.mean()
            error = np.sqrt((deviation**4).mean() - std**4) / (2 * std * np.sqrt(n_runs))
            assert abs(std - law) < 5 * error


def test_all_sets_have_the_same_luck():
    """A larger step is a larger gain in every run, so in the mean, however few the runs."""
    found = sweep([Parameters(s, 0.9) for s in np.linspace(0.01, 0.02, 30)], 10, 2, seed=1)
    assert (np.diff(found.gain_area_mean) > 0).all()
    assert np.allclose(found.keep_rate, found.keep_rate[0])


def test_seeds():
    one = sweep(GRID, 10, 20, seed=5)
    assert same(one, sweep(iter(GRID), 10, 20, seed=np.int64(5)))
    assert same(one, sweep(GRID, 10, 20, seed=np.random.SeedSequence(5)))
    assert not same(one, sweep(GRID, 10, 20, seed=6))


@pytest.mark.parametrize("seed", [None, np.random.default_rng(1)])
def test_a_file_needs_a_seed_that_can_be_named_again(tmp_path, seed):
    with pytest.raises(ParameterError, match=r"seed must be .* where there is a path, got"):
        sweep(GRID, 10, 20, seed=seed, path=tmp_path / "sweep")
    assert not (tmp_path / "sweep").exists()


@pytest.mark.parametrize(("tasks", "sizes"), [(1, 2**22), (2**40, 2**30), (2**40, 2**14)])
def test_how_many_sets_a_task_has_does_not_matter(monkeypatch, tasks, sizes):
    usual = sweep(GRID, 50, 9_000, seed=6)
    monkeypatch.setattr(module, "_EXPERIMENTS_A_TASK", tasks)
    monkeypatch.setattr(module, "_STEP_SIZES", sizes)
    assert same(usual, sweep(GRID, 50, 9_000, seed=6))


def test_pieces_matter_to_rounding_only(monkeypatch):
    usual = sweep(GRID, 50, 9_000, seed=6)
    monkeypatch.setattr(streams, "_STREAMS_A_TASK", 1)
    monkeypatch.setattr(module, "_PIECE", 5_000)
    other = sweep(GRID, 50, 9_000, seed=6)
    for name in MEASURES:
        assert getattr(other, name) == pytest.approx(getattr(usual, name), rel=1e-11)


@pytest.mark.parametrize(("n", "n_runs"), [(50, 6_000), (200, 1_636), (9_000, 22), (40_000, 8)])
def test_how_many_pieces_are_worked_on_at_a_time_does_not_matter(monkeypatch, n, n_runs):
    """Also where the last piece is a single run, or every piece is."""
    usual = sweep(GRID, n, n_runs, seed=6)
    monkeypatch.setattr(streams.Runs, "strip_rows", streams.Runs.piece_rows)
    assert same(usual, sweep(GRID, n, n_runs, seed=6))


def test_a_sweep_is_a_frame_and_is_frozen():
    found = sweep(GRID, 10, 20, seed=1)
    frame = found.frame()
    assert list(frame["gamma"]) == [p.gamma for p in GRID]
    for name in (*MEASURES, "frontier_mean_error", "gain_area_mean_error", "keep_rate_error"):
        assert np.array_equal(frame[name], getattr(found, name))
    assert len(frame.columns) == 13
    assert repr(found) == "Sweep(n_sets=18, n_runs=20, n_experiments=10, f0=1)"
    assert "gain_area_mean_error" in found._repr_html_()
    with pytest.raises(AttributeError):
        found.keep_rate = 0


def test_the_bar_counts_experiments(capsys, small_tasks, tmp_path):
    path = tmp_path / "sweep"
    bar = sweep(GRID, 100, 5_000, seed=9, path=path, progress=True)
    assert "9.00M/9.00M" in capsys.readouterr().err
    assert same(bar, sweep(GRID, 100, 5_000, seed=9))
    assert same(bar, sweep(GRID, 100, 5_000, seed=9, path=path, progress=True))
    assert "9.00M/9.00M" in capsys.readouterr().err


def peak(function):
    tracemalloc.start()
    function()
    size = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size


def test_memory_grows_neither_with_runs_nor_much_with_sets():
    few = peak(lambda: sweep(GRID[:2], 200, 20_000, seed=1))
    many = peak(lambda: sweep(GRID[:2], 200, 100_000, seed=1))
    assert many < 1.1 * few + 100_000
    sets = [GRID[0]] * 2_000  # a full task of them, and results of them all
    assert peak(lambda: sweep(sets, 200, 1, seed=1)) < 20_000_000
    assert few < 20_000_000


# ---------------------------------------------------------------- interruptions


def counted(monkeypatch):
    """Return a list that grows by the number of each task that is worked on."""
    made, real = [], module._made

    def count(runs, task):
        made.append(len(task[0]))
        return real(runs, task)

    monkeypatch.setattr(module, "_made", count)
    return made


def test_an_interrupted_sweep_goes_on_where_it_was(monkeypatch, small_tasks, tmp_path):
    path, call = tmp_path / "sweep", (GRID, 100, 6_000)
    usual = sweep(*call, seed=7)
    made = counted(monkeypatch)
    sweep(*call, seed=7)
    whole = len(made)
    assert whole == 15  # 5 lots of sets, 3 of runs

    write, left = module._File.write, 0

    def interrupted(file, part, number):
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        write(file, part, number)

    monkeypatch.setattr(module._File, "write", interrupted)
    for left in (4, 1, 0, 6):  # noqa: B007
        with pytest.raises(KeyboardInterrupt) as stopped:
            sweep(*call, seed=7, path=path)
        assert str(path) in stopped.value.__notes__[0]
    made.clear()
    left = whole
    assert same(usual, sweep(*call, seed=7, path=path))
    assert len(made) == whole - 11
    made.clear()
    assert same(usual, sweep(*call, seed=7, path=path))
    assert not made


def test_a_file_that_ends_anywhere_is_gone_on_with(small_tasks, tmp_path):
    path, call = tmp_path / "sweep", (GRID[:9], 40, 20)
    usual = sweep(*call, seed=8, path=path)
    whole = path.read_bytes()
    assert len(whole) > 600
    for length in [*range(0, len(whole), 13), len(whole) - 1]:
        path.write_bytes(whole[:length])
        assert same(usual, sweep(*call, seed=8, path=path))
        assert path.read_bytes() == whole


#: Whole record of a lot of four sets.
FOUR = 48 * 4 + 4


@pytest.mark.parametrize(
    ("damage", "number"),
    [
        (lambda head, rest: head + rest[:50] + b"\0\0\0" + rest[53:], 1),
        (lambda head, rest: head + rest[: 2 * FOUR] + bytes([rest[2 * FOUR] ^ 1])
         + rest[2 * FOUR + 1 :], 1),
        # blocks that were promised and never written
        (lambda head, rest: head + rest[:FOUR] + bytes(len(rest) - FOUR), 4),
        # two sweeps wrote at a time
        (lambda head, rest: head + rest[:FOUR] + rest, 4),
    ],
)  # fmt: skip
def test_only_what_is_damaged_is_made_again(monkeypatch, small_tasks, tmp_path, damage, number):
    """One flipped bit costs one record, and the call says so."""
    path, call = tmp_path / "sweep", (GRID, 40, 20)
    usual = sweep(*call, seed=8, path=path)
    whole = path.read_bytes()
    head = whole[: whole.index(b"\n") + 1]
    path.write_bytes(damage(head, whole[len(head) :]))
    made = counted(monkeypatch)
    are = "is" if number == 1 else "are"
    with pytest.warns(RuntimeWarning, match=rf"sweep: {number} of 5 records {are} damaged and"):
        assert same(usual, sweep(*call, seed=8, path=path))
    assert len(made) == number
    assert path.read_bytes()[: len(whole)] == whole
    assert same(usual, sweep(*call, seed=8, path=path))  # and no warning


def test_a_finished_file_is_read_where_nothing_can_be_written(monkeypatch, tmp_path):
    path, call = tmp_path / "sweep", (GRID, 40, 20)
    usual = sweep(*call, seed=8, path=path)
    whole = path.read_bytes()

    real = Path.open

    def read_only(self, mode="r", *args, **kwargs):
        if mode != "rb":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))
        return real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", read_only)
    assert same(usual, sweep(*call, seed=8, path=path))
    monkeypatch.undo()
    path.write_bytes(whole[:-1])
    monkeypatch.setattr(Path, "open", read_only)
    with pytest.raises(OSError, match=r"Read-only file system: .*sweep"):
        sweep(*call, seed=8, path=path)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("parameters", {"parameters": [*GRID[:-1], Parameters(0.5, 0.5)]}),
        ("parameters and n_sets", {"parameters": GRID[1:]}),
        ("n_experiments", {"n_experiments": 41}),
        ("n_runs", {"n_runs": 21}),
        ("seed", {"seed": 9}),
        ("f0", {"f0": 0.9}),
    ],
)
def test_a_file_of_another_sweep_is_refused_and_left_alone(tmp_path, name, change):
    path = tmp_path / "sweep"
    call = {"parameters": GRID, "n_experiments": 40, "n_runs": 20, "seed": 8, "path": path}
    sweep(**call)
    whole = path.read_bytes()
    message = rf"path must be a new file, or one that the same call .*of a sweep with other {name}"
    with pytest.raises(ParameterError, match=message):
        sweep(**{**call, **change})
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    ("name", "other"),
    [("arbook", "1.0.0"), ("NumPy", "1.26.4"), ("streams", "PCG64"), ("arbook", None)],
)
def test_a_file_that_another_release_made_is_refused_by_name(tmp_path, name, other):
    path = tmp_path / "sweep"
    sweep(GRID, 40, 20, seed=8, path=path)
    head, _, rest = path.read_bytes().partition(b"\n")
    header = json.loads(head)
    ours = header.pop(name)
    if other:
        header[name] = other
    there = json.dumps(header).encode() + b"\n" + rest
    path.write_bytes(there)
    theirs = other or "of another kind"
    with pytest.raises(ParameterError) as error:
        sweep(GRID, 40, 20, seed=8, path=path)
    assert str(error.value).endswith(f", made with {name} {theirs} in place of {ours}")
    assert path.read_bytes() == there


@pytest.mark.parametrize("content", [b"commit\tval_bpb\n", b"{}\n", b"[1]", b"\0" * 20_000, b"x"])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path, content):
    path = tmp_path / "results.tsv"
    path.write_bytes(content)
    with pytest.raises(ParameterError, match=r"path must be .*results\.tsv', which is no sweep's"):
        sweep(GRID, 40, 20, seed=8, path=str(path))
    assert path.read_bytes() == content


SLOW = """
import signal, sys, time, arbook
from concurrent.futures import ThreadPoolExecutor

from arbook._numerics import streams

module = sys.modules["arbook.model.sweeps"]
module._EXPERIMENTS_A_TASK = 1
write = module._File.write

def wait_after_ten(file, part, number):
    write(file, part, number)
    if number == 9:
        time.sleep(600)  # for the signal

module._File.write = wait_after_ten
# where the tests run in the background of a script, a child would ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)
sets = [arbook.Parameters(0.001 * i, 0.97) for i in range(1, 201)]
arbook.sweep(sets, 20, 10_000, seed=1, path=sys.argv[1], executor={})
"""


#: Bytes of a task's record, for one set of parameters.
RECORD = 52


def records(path):
    """Return what stands below the first line of a sweep's file, if it is there already."""
    return path.read_bytes().partition(b"\n")[2] if path.exists() else b""


@pytest.mark.parametrize(
    ("number", "executor"),
    [(signal.SIGINT, "None"), (signal.SIGINT, "ThreadPoolExecutor(2)"), (signal.SIGKILL, "None")],
)
def test_a_signal_stops_a_sweep_and_the_same_call_goes_on(monkeypatch, tmp_path, number, executor):
    """In a process of its own, which waits for the signal in the middle."""
    path = tmp_path / "sweep"
    command = [sys.executable, "-c", SLOW.format(executor), str(path)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(records(path)) < 10 * RECORD:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    error = process.communicate(timeout=60)[1]
    assert process.returncode != 0
    if number == signal.SIGINT:
        assert "KeyboardInterrupt" in error
        assert f"What is done is kept in {path}: the same call goes on from it." in error

    done = len(records(path)) // RECORD
    assert done == 10
    monkeypatch.setattr(module, "_EXPERIMENTS_A_TASK", 1)
    made = counted(monkeypatch)
    sets = [Parameters(0.001 * i, 0.97) for i in range(1, 201)]
    found = sweep(sets, 20, 10_000, seed=1, path=path)
    assert len(made) == len(sets) - done
    assert same(found, sweep(sets, 20, 10_000, seed=1))


def test_a_path_can_be_any_kind_of_name(tmp_path):
    usual = sweep(GRID, 5, 5, seed=1)
    for path in (tmp_path / "a", str(tmp_path / "b")):
        assert same(usual, sweep(GRID, 5, 5, seed=1, path=path))
        assert os.path.getsize(path) > 100
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sweep(GRID, 5, 5, seed=1, path=tmp_path / "nowhere" / "c")

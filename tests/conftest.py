"""Shared by all tests: seeds, the folder of run logs, and no silent skips."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The same examples on every run and machine; slow machines are no failure.
hypothesis.settings.register_profile("arbook", derandomize=True, deadline=None)
hypothesis.settings.load_profile("arbook")

#: Fixtures of tests that wait for another program's drawing. On a busy machine that may be late, so
#: a test of these that fails is tried once more, and is named in the summary: what is broken fails
#: twice.
OTHER_PROGRAMS = {"browser", "engine", "lab"}

#: Modules whose tests start Python in the browser, and run for minutes.
SLOW = ("test_cells.py", "test_live.py")

MISSING_LOGS = "the run logs are not here (ARBOOK_RUNS names their folder)"


@pytest.fixture(scope="session")
def runs_folder() -> Path:
    """Return the folder of real run logs, or skip the test."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "runs"
    folder = Path(os.environ.get("ARBOOK_RUNS", beside))
    if not folder.is_dir():
        pytest.skip(MISSING_LOGS)
    return folder


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests of a worker: Playwright allows no second one beside it."""
    import pages

    with pages.chromium() as running:
        yield running


def _page(item: pytest.Item) -> tuple[str, ...]:
    """Return which page of an explorer a test wants open, so that such tests stand together."""
    if not isinstance(item, pytest.Function) or "opened" not in item.fixturenames:
        return ()
    name = item.callspec.params.get("opened")
    return (repr(getattr(item.module, "PAGE", {})), name) if name else ()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take minutes: at the end one would keep the others idle."""
    for item in items:
        if OTHER_PROGRAMS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_page)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.path.name in SLOW]
    rest = [item for item in items if item.path.name not in SLOW]
    size = -(-len(rest) // workers)  # a worker's first share is as many that follow each other
    items[:] = [
        item
        for worker in range(workers)
        for item in (*slow[worker::workers], *rest[worker * size : (worker + 1) * size])
    ]


# With ARBOOK_NO_SKIP set a skipped test makes the run fail: what CI skips, nobody tests.

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    # an expected failure counts as skipped too, but has run
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "run logs" not in reason:
            _skipped.append(f"{report.nodeid}: {reason}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _skipped and os.environ.get("ARBOOK_NO_SKIP"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _skipped and os.environ.get("ARBOOK_NO_SKIP"):
        terminalreporter.section("ARBOOK_NO_SKIP: skipped, so the run fails")
        for line in _skipped:
            terminalreporter.line(line)

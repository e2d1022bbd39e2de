"""`arbook watch`: a log that grows, its picture, and the page that it writes."""

import json
import re
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from command import run
from playwright.sync_api import expect

from arbook import landscapes, logs
from arbook.laboratory import OnePlusOne, Sphere
from arbook.laboratory import run as night

#: A stand-in for an agent: it appends what a night measured, in pieces that cut rows in two. It
#: waits until whoever watches has seen the first one, however busy the machine is.
AGENT = """
import os, sys, time
rows, path, seen = open(sys.argv[1]).read(), *sys.argv[2:]
cuts = [len(rows) * i // 4 for i in range(5)]
for i, (low, high) in enumerate(zip(cuts, cuts[1:])):
    with open(path, "a") as file:
        file.write(rows[low:high])
    while not os.path.exists(seen):
        time.sleep(0.05)
    time.sleep(0.3)
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return the log of a night in the laboratory."""
    path = tmp_path_factory.mktemp("night") / "finished.tsv"
    step = OnePlusOne(landscapes.Decay(0.03, 0.98))
    night(Sphere(5, noise=0.05, crash=0.1), step, experiments=60, seed=1).save(path)
    return path


def test_it_draws_rows_as_an_agent_writes_them(finished, tmp_path):
    path, page = tmp_path / "results.tsv", tmp_path / "report.html"
    agent = subprocess.Popen([sys.executable, "-c", AGENT, str(finished), str(path), str(page)])
    watch = ["-m", "arbook", "watch", str(path), "--every", "0.05", "--idle", "0.1"]
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, *watch, "--html", str(page)], capture_output=True, text=True, check=True
    )
    assert agent.wait() == 0
    assert time.monotonic() - start < 60
    counts = [int(n) for n in re.findall(r"results.tsv: (\d+) experiments", done.stdout)]
    assert counts == sorted(set(counts))
    assert counts[-1] == 60
    assert len(counts) >= 2
    whole = logs.read_log(finished)
    # no row is ever read before it is complete
    lasts = re.findall(r"^last +\w+, (?:f (\S+):|no metric)", done.stdout, flags=re.M)
    assert lasts
    for last in filter(None, lasts):
        assert np.isclose(whole.value, float(last), rtol=1e-5).any()
    assert "verdicts" in done.stdout
    text = page.read_text(encoding="utf-8")
    assert "60 experiments" in text
    assert not re.search(r"""(src|href)=["']?http""", text)


def test_it_waits_for_a_log_that_is_not_there_yet(tmp_path):
    path = tmp_path / "none.tsv"
    done = run("watch", path, "--every", 0.01, "--idle", 0.001)
    assert done.exit_code == 0
    assert str(path) in done.stdout
    assert run("watch", path, "--once").exit_code == 2


def test_it_says_what_the_other_commands_say(results):
    text = " ".join(run("watch", results, "--noise", 0.0005, "--once").stdout.split())
    said = logs.verdict(logs.read_log(results), noise=0.0005)
    assert f"{(said.probability >= 0.95).sum()} of 22 keeps are real" in text
    assert "125 experiments, 22 kept, 102 discarded, 1 crashed" in text
    assert "advice" not in text
    priced = run("watch", results, "--once", "--cost", 1, "--value", "10000/0.01").stdout
    assert re.search(r"^advice +(GO ON|STOP)", priced, flags=re.M)
    answer = json.loads(run("watch", results, "--once", "--json").stdout)
    assert (answer["experiments"], answer["kept"]) == (125, 22)


def test_a_keep_that_luck_explains_is_real_for_no_command(tmp_path):
    """One record in 25 experiments is what luck alone would show, however large it looks."""
    path, rows = tmp_path / "results.tsv", ["commit\tloss\tstatus", "a\t1\tkeep", "b\t0.9\tkeep"]
    rows += [f"c{t}\t{0.901 + 0.0007 * (t % 5):.4f}\tdiscard" for t in range(24)]
    path.write_text("\n".join(rows) + "\n")
    said = logs.verdict(logs.read_log(path))
    assert said.probability[0] > 0.95
    assert said.p_value > 0.05
    text = " ".join(run("watch", path, "--once").stdout.split())
    assert (
        f"0 of 1 keeps are real with 95%; luck alone would show as much with p = {said.p_value:.2g}"
        in text
    )
    [keep] = json.loads(run("verdict", path, "--json").stdout)["keeps"]
    assert keep["verdict"] == "doubtful"


def test_the_picture_falls_as_the_frontier_does(results):
    lines = run("watch", results, "--once").stdout.splitlines()
    rows = [line.split("|")[1] for line in lines if " |" in line and "+" not in line]
    assert len(rows) == 12
    highest = [min(i for i, row in enumerate(rows) if row[c] != " ") for c in (0, 10, 50)]
    assert highest == sorted(highest)
    assert highest[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        ("-",),
        ("x.tsv", "--cost", "1", "--once"),
        ("x.tsv", "--every", "0"),
        ("x.tsv", "--idle", "-1"),
    ],
)
def test_what_makes_no_sense_is_refused(options):
    assert run("watch", *options).exit_code == 2


@pytest.mark.parametrize(
    "text",
    ["", "commit\tval_bpb\tstatus\n", "commit\tval_bpb\tstatus\na\t1.0\tkeep\n", "what is this\n"],
)
def test_a_log_with_little_in_it_is_no_error(text, tmp_path):
    path = tmp_path / "results.tsv"
    path.write_text(text)
    done = run("watch", path, "--once", "--html", tmp_path / "page.html")
    assert done.exit_code == 0
    assert done.stdout.strip()


def test_the_page_is_alive_from_a_file(browser, finished, tmp_path):
    """Three explorers of a run whose metric is to rise, and no request."""
    log, path = logs.read_log(finished), tmp_path / "page.html"
    rows = [f"{-v:.6f}\t{s}" for v, s in zip(log.value, log.status, strict=True)]
    rising = tmp_path / "results.tsv"
    rising.write_text("accuracy\tstatus\n" + "\n".join(rows).replace("nan", "") + "\n")
    assert run("watch", rising, "--once", "--noise", 0.05, "--html", path).exit_code == 0
    page, errors, asked = browser.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_function("document.querySelectorAll('section [data-ready]').length === 3")
    said = page.locator("section output.arbook-sentence")
    log_says, true_says, forecast_says = (said.nth(i).inner_text() for i in range(3))
    kept = int((log.outcomes == "keep").sum())
    assert f"kept {kept} (" in log_says
    assert f"kept {kept} of 60 experiments" in true_says
    ahead = logs.forecast(logs.read_log(rising), 50, n_draws=1000)
    assert "For the next 50 the forecast is a gain of" in forecast_says
    assert f"nothing at all with {ahead.no_improvement:.0%}".replace("%", " %") in forecast_says
    page.locator("#own-forecast-sixths").fill("3")
    asks = "Between which two numbers will the gain of the other 30 lie"
    expect(said.nth(2)).to_contain_text(asks)
    page.close()
    assert errors == []
    assert [url for url in asked if not url.startswith("blob:")] == [path.as_uri()]


def test_no_text_of_a_log_becomes_part_of_the_page(tmp_path):
    path = tmp_path / "results.tsv"
    rows = ["commit\tval_bpb\tstatus\tdescription"]
    evil = "</script><script>alert(1)</script><b>\x1b[31m"
    rows += [f"a{i}\t{1 - i / 100:.2f}\tkeep\t{evil}" for i in range(9)]
    path.write_text("\n".join(rows) + "\n")
    done = run("watch", path, "--once", "--html", tmp_path / "page.html")
    assert "\x1b" not in done.stdout
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert page.count("</script>") == 2


def test_an_agent_that_does_as_its_program_says(tmp_path):
    """The five lines of the chapter, followed by a script on a task with noise."""
    task, rng = Sphere(5, noise=0.05, crash=0.1), np.random.default_rng(5)
    agent = OnePlusOne(landscapes.Decay(0.05)).start(task.space)
    path, best, done = tmp_path / "results.tsv", task.space.start, Counter()
    path.write_text(f"commit\tval_bpb\tstatus\nc0\t{task.measure(best, rng):.6f}\tkeep\n")
    lowest = np.inf
    for t in range(25):
        theta = agent.propose(best, rng)
        seen = [task.measure(theta, rng)]
        if np.isnan(seen[0]):
            status = "crash"
        elif t < 2 or done["measured"] < 2:
            status = "keep" if seen[0] < lowest else "discard"
        else:
            while True:
                code = run("judge", path, *seen, "--noise", 0.05).exit_code
                done[code] += 1
                if code != 4:
                    break
                seen.append(task.measure(theta, rng))
            status = {0: "keep", 3: "discard"}[code]
        done["measured"] += status != "crash"
        if status == "keep":
            best, lowest = theta, np.mean(seen)
        value = "" if status == "crash" else f"{np.mean(seen):.6f}"
        with path.open("a") as file:
            file.write(f"c{t + 1}\t{value}\t{status}\n")
    assert done[0] > 0 < done[3]
    assert task.truth(best) < 0.8
    assert "25 experiments" in run("watch", path, "--once").stdout

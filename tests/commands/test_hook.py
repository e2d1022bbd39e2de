"""`arbook hook`: what an agent hears after it has logged a row."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command import run

from arbook import landscapes, logs
from arbook.laboratory import OnePlusOne, Sphere

CHAPTER = Path(__file__).parents[2] / "chapters" / "18-a-loop-of-your-own.md"
NOISE = ("--noise", 0.0005)


@pytest.mark.parametrize(
    ("row", "heard"),
    [
        ("0.9694\tkeep", "was kept, .*measure the same code again"),
        ("0.9800\tkeep", "was kept, .*go back to the code before it"),
        ("0.9694\tdiscard", "was discarded, .*before you give it up"),
        ("0.9600\tdiscard", "was discarded, .*take it up again"),
        ("0.9600\tkeep", r"^\d+ of 23 keeps are real with 95%"),
        ("0.9800\tdiscard", "^$"),
        ("0\tcrash", "^$"),
    ],
)
def test_it_speaks_where_the_judge_would_have_decided_otherwise(results, row, heard):
    with results.open("a") as file:
        file.write(f"abcdef0\t{row}\tone more\n")
    done = run("hook", results, *NOISE)
    assert done.exit_code == 0
    assert re.search(heard, done.stdout)
    assert ("real" in done.stdout) == row.endswith("keep")
    said = json.loads(run("hook", results, *NOISE, "--json").stdout)["said"]
    assert said == done.stdout.splitlines()


def test_a_re_run_belongs_to_what_it_measures_again(results):
    """A change that was better by luck is found out by further measurements of it."""
    with results.open("a") as file:
        file.write("abcdef0\t0.9690\tkeep\tone more\n")
    assert "go back" not in run("hook", results, *NOISE).stdout
    with results.open("a") as file:
        file.write("abcdef0\t0.9720\tdiscard\tre-run, no code changes\n" * 4)
    heard = run("hook", results, *NOISE).stdout
    assert "The change that was measured again was kept" in heard
    assert "go back to the code before it" in heard
    before = logs.read_log(results).first(125)
    said = logs.judge(before, [0.9690] + [0.9720] * 4, noise=0.0005)
    assert f"better with {said.probability:.0%}" in heard


def test_it_says_when_to_stop(results):
    prices = ("--cost", 0.5, "--value")
    assert run("hook", results, *prices, 1000).stdout.splitlines()[-1].startswith("STOP: ")
    assert run("hook", results, "--cost", 1).exit_code == 2


@pytest.mark.parametrize("rows", [1, 2])
def test_it_has_nothing_to_say_of_a_log_that_begins(results, rows, tmp_path):
    path = tmp_path / "short.tsv"
    path.write_text("".join(results.read_text().splitlines(keepends=True)[: rows + 1]))
    done = run("hook", path, *NOISE)
    assert (done.exit_code, done.stdout) == (0, "")


def test_an_agent_that_listens(tmp_path):
    """A script on a task with noise, which logs as pi-autoresearch does and obeys the hook."""
    task, rng = Sphere(5, noise=0.1, crash=0.1), np.random.default_rng(5)
    agent = OnePlusOne(landscapes.Decay(0.02)).start(task.space)
    path, heard = tmp_path / "log.jsonl", []
    path.write_text('{"type":"config","metricName":"f","bestDirection":"lower"}\n')

    def log(value, status):
        row = {"run": len(heard) + 1, "commit": f"{len(heard):07x}", "metric": value}
        row |= {"metrics": {}, "status": status, "description": f"change {len(heard)}"}
        with path.open("a") as file:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")
        done = run("hook", path, "--noise", 0.1)
        assert (done.exit_code, done.stderr) == (0, "")
        heard.append(done.stdout)

    best = task.space.start
    lowest = task.measure(best, rng)
    log(lowest, "keep")
    while len(heard) < 30:
        theta = agent.propose(best, rng)
        value = task.measure(theta, rng)
        kept = value < lowest
        if np.isnan(value):
            log(0, "crash")
            continue
        log(value, "keep" if kept else "discard")
        if "take it up again" in heard[-1]:
            value, kept = np.mean([value, task.measure(theta, rng)]), True
            log(value, "keep")
        if kept:
            best, lowest = theta, value
    assert heard.count("") > 15
    assert sum("keeps are real" in words for words in heard) >= 5
    assert any("take it up again" in words for words in heard)
    assert task.truth(best) < 0.5


def test_the_hook_of_the_chapter(results, tmp_path):
    """As it stands there, called as pi-autoresearch calls it: the row in JSON on its input."""
    [script] = re.findall(r"```sh\n(#!/bin/sh\n.*?)```", CHAPTER.read_text(), flags=re.S)
    hook = tmp_path / ".auto" / "hooks" / "after.sh"
    hook.parent.mkdir(parents=True)
    hook.write_text(script.replace("--noise 0.4", "--noise 0.0005"))
    hook.chmod(0o755)
    lines = ['{"type":"config","metricName":"val_bpb","bestDirection":"lower"}']
    for row in [*results.read_text().splitlines()[1:], "x\t0.9694\tkeep\tone more"]:
        commit, value, status, description = row.split("\t")
        entry = {"commit": commit, "metric": float(value), "status": status}
        lines.append(json.dumps(entry | {"description": description}))
    (tmp_path / ".auto" / "log.jsonl").write_text("\n".join(lines) + "\n")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [hook],
        input=f'{{"event":"after","run_entry":{lines[-1]}}}',
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "measure the same code again" in done.stdout
    assert done.stderr == ""

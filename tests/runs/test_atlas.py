"""The atlas: its file is what the rules and the collected figures make of it."""

import csv
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from arbook import ParameterError, RunLog, logs
from arbook.runs.atlas import FILE, entries, line_of
from arbook.runs.collecting import collect, main

ROOT = Path(__file__).parents[2]
FIGURES = Path(os.environ.get("ARBOOK_ATLAS", ROOT.parent / "shared" / "atlas"))
SHIPPED = ROOT / "arbook" / "data" / FILE


def run_of(letters, values=None, **other):
    words = {"k": "keep", "d": "discard", "c": "crash", "o": "other"}
    if values is None:  # each keep improves, each discard does not
        values, best = [], 1.0
        for letter in letters:
            best -= 0.01 * (letter == "k")
            values.append(best if letter == "k" else best + 0.02 if letter == "d" else np.nan)
    return RunLog(value=np.array(values), status=[words[x] for x in letters], **other)


def test_every_run_of_the_atlas_meets_the_rules():
    for log in logs.atlas():
        assert logs.shortcomings(log) == ()


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (run_of("kkkkkkkkkkdd"), "it has 2 discards, of at least 3"),
        (run_of("kddkdcck"), "it has 5 measured changes, of at least 8"),
        (run_of("kddkddkddkoooo"), "31% of its decisions are unknown, of at most 20%"),
        (run_of("dkddkddkddkdd"), "row 0 is no measured baseline"),
        (run_of("kddkddkddkdd", restarts=(3,)), "it restarts: each segment is a run of its own"),
        (
            run_of("kddddddddd", [1.0] + [0.9, 0.9] + [1.1] * 7),
            "78% of its decisions follow the metric, of at least 85%",
        ),
        (
            run_of("kkk" + "d" * 20, [1.0, 0.9, 0.95] + [1.1] * 20),
            "50% of its keeps improve the metric, of at least 60%",
        ),
    ],
)
def test_each_rule_leaves_out_what_it_says(log, reason):
    assert logs.shortcomings(log) == (reason,)
    best = run_of("kddkddkddkdd")
    assert logs.shortcomings(best) == ()


def test_the_rules_need_a_run():
    with pytest.raises(ParameterError, match=r"^log must be an arbook\.RunLog, got 3"):
        logs.shortcomings(3)


def test_names_sources_and_runs_belong_together():
    found, runs = logs.sources(), logs.atlas()
    assert len(found) == len(runs) == 117
    assert set(logs.available_runs()) <= set(found)
    for (name, source), run in zip(found.items(), runs, strict=True):
        assert source.name == name
        assert run.source == f"{name}, {source.repository}@{source.commit[:10]}"
        assert len(source.commit) == 40
        assert source.licence
        assert source.path
        assert source.kind in ("LLM agent", "hp only", "random search")
        own = logs.load_run(name)
        np.testing.assert_array_equal(own.value, run.value)
        np.testing.assert_array_equal(own.status, run.status)
        assert (own.metric, own.direction) == (run.metric, run.direction)


def test_a_line_says_no_more_than_the_figures():
    log = logs.load_run("h100-mar8")
    source, _ = entries()["h100-mar8"]
    wordy = replace(log, description=("secret",) * 126, commit=("hush",) * 126)
    assert line_of(wordy, source) == line_of(log, source)
    assert not {"secret", "hush"} & set(line_of(wordy, source).split('"'))


def test_the_file_is_small():
    assert SHIPPED.stat().st_size < 500_000


@pytest.mark.skipif(not FIGURES.exists(), reason=f"no run logs in {FIGURES} (set ARBOOK_ATLAS)")
def test_the_file_is_made_of_the_collected_figures():
    assert SHIPPED.read_text(encoding="utf-8").splitlines() == collect(FIGURES)


def test_collecting_leaves_out_what_does_not_meet_the_rules(tmp_path, capsys):
    head = ["file", "repository", "commit", "path", "part", "licence", "kind", "agent"]
    (tmp_path / "runs").mkdir()
    with open(tmp_path / "index.tsv", "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t")
        table.writerow([*head, "metric", "direction"])
        for name, letters in {"a": "kddkddkddkddoc", "b": "kdd", "c": "kddkddkddkdk"}.items():
            log = run_of(letters)
            rows = zip(log.value, log.status, strict=True)
            text = [f"{i}\t{'' if v != v else v}\t{s}" for i, (v, s) in enumerate(rows)]
            (tmp_path / "runs" / f"{name}.tsv").write_text(
                "\n".join(["id\tmetric_value\tstatus", *text]).replace("other", "maybe")
            )
            about = ["Owner/Name", "0" * 40, "results.tsv", "", "MIT", "LLM agent", ""]
            table.writerow([f"{name}.tsv", *about, "loss", "min"])
    first, second = collect(tmp_path)
    assert first.startswith('{"name":"owner-name-1","repository":"Owner/Name"')
    assert '"decision":"kddkddkddkddoc"' in first
    assert second.startswith('{"name":"owner-name-2"')
    assert main([str(tmp_path / "nowhere")]) == main([]) == 2
    assert "usage: python -m arbook.runs.collecting FOLDER" in capsys.readouterr().out

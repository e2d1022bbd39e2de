"""`arbook contribute`."""

import json

import numpy as np
from command import RUN, run


def test_the_line_holds_the_figures_and_nothing_else(results):
    done = run("contribute", results)
    assert done.exit_code == 0
    row = json.loads(done.stdout)
    assert row["decision"].count("k") == 23
    np.testing.assert_allclose(np.array(row["value"], dtype=float), RUN.value, atol=1e-6)
    assert "change 1" not in done.stdout
    (part,) = json.loads(run("contribute", results, "--json").stdout)["runs"]
    assert part == {"line": done.stdout.rstrip("\n"), "shortcomings": []}


def test_what_a_run_lacks_is_said(restarted):
    done = run("contribute", restarted)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "run 1 of 2: it has 0 discards, of at least 3" in done.stderr
    assert "run 2 of 2: it has 0 discards, of at least 3" in done.stderr
    first, _ = json.loads(run("contribute", restarted, "--json").stdout)["runs"]
    assert first["line"] is None
    assert first["shortcomings"][1] == "it has 4 measured changes, of at least 8"

"""What the rows of a log say together: numbers that cannot be, baselines, keeps, the direction."""

import math

import pytest

from arbook.runs.decisions import (
    Row,
    bounds_of,
    check_direction,
    check_first_row,
    check_keeps,
    direction_of_keeps,
    direction_of_rows,
    drop_contradicted,
    is_baseline,
    merge_baselines,
    read_numbers,
    restarts_of,
    settle_best,
)

NAN, INF = math.nan, math.inf


def row(line, status, metric, description="", commit="", agent="", cells=(), starts=False):
    """Return a row whose metric was read, if it is a number."""
    try:
        value = float(metric)
    except ValueError:
        value = NAN
    return Row(
        line, [*cells], status, status, metric, [description], commit, agent,
        value=value, noise=0.5, starts=starts,
    )  # fmt: skip


def rows(text):
    """Return rows such as "keep 5, discard 6", from line 2 on, below a header."""
    words = [part.split() for part in text.split(",")]
    return [row(line, status, metric) for line, (status, metric) in enumerate(words, start=2)]


class Said(list):
    """What was said, by line."""

    def __call__(self, line, reason):
        self.append((line, reason))


# ---------------------------------------------------------------- numbers


def test_a_crash_has_no_metric_and_that_is_said_unless_it_is_zero():
    said = Said()
    found = rows("keep 5, crash 0.000, crash 0.010, keep 4")
    read_numbers(found, "loss", said)
    assert said == [(4, "a crash has no metric; '0.010' was not used")]


@pytest.mark.parametrize(("digits", "is_helped"), [(98, True), (97, False)])
def test_of_a_long_number_with_a_comma_the_beginning_counts(digits, is_helped):
    said = Said()
    read_numbers([row(2, "keep", "1," + digits * "2" + "x")], "loss", said)
    assert ("write a point" in said[0][1]) == is_helped


@pytest.mark.parametrize(
    ("text", "sign", "name", "dropped"),
    [
        # a loss of 0 is the last word
        ("keep 0, keep 5, keep 4", 1, "x", [2]),
        ("keep 0, keep 0.5", 1, "x", [2]),
        ("keep 0, keep 0", 1, "x", []),
        ("keep 5, keep 4, keep 0", 1, "x", []),
        ("keep 0, keep 5", -1, "x", []),
        ("keep 0.5, discard 0", 1, "x", [3]),
        ("keep 0, discard 0", 1, "x", []),
        ("keep 5, discard 0", -1, "loss", []),
        ("discard 0, discard -1", 1, "x", []),  # without keeps nothing contradicts
        # of a metric that is never negative
        ("keep -3, keep 5", 1, "loss", [2]),
        ("keep -3, keep 5", 1, "x", []),
        ("keep 0.5, keep 0.4", 1, "loss", []),
        ("keep 5, discard -3", 1, "loss", [3]),
        ("keep 5, discard -3", 1, "x", []),
        ("keep 5, discard -3", -1, "loss", [3]),
        ("keep 5, discard 0.5", -1, "loss", []),
        # -1 says "none" where it was discarded, or stands again and again beside nothing below 0
        ("keep 5, discard -1", 1, "x", [3]),
        ("keep 5, keep -1", 1, "x", []),
        ("keep 5, keep -1, keep 0, keep -1", 1, "x", [3, 5]),
        ("keep 5, keep -1, keep -2, keep -1", 1, "x", []),
        ("keep -1, keep -1", 1, "x", []),
        ("keep 5, keep -2, keep -2", 1, "x", []),
        # -999 is far from all others
        ("keep 98, discard 999", 1, "x", [3]),
        ("keep 100, discard 999", 1, "x", []),
        ("keep 10, discard 1e2", 1, "x", []),
        ("keep 9, discard -99", -1, "x", []),
        ("keep 9, discard -999", -1, "x", [3]),
        ("keep 999, keep 99", -1, "x", []),
        ("keep 99.5, discard 996", 1, "x", []),
        ("keep 5, keep x, discard 999", 1, "x", [4]),
    ],
)
def test_numbers_that_cannot_have_been_measured_are_none(text, sign, name, dropped):
    found, said = rows(text), Said()
    numbers = {row.line for row in found if not math.isnan(row.value)}
    drop_contradicted(found, sign, name, said)
    assert sorted(line for line, _ in said) == dropped
    lost = {row.line for row in found if math.isnan(row.value)} & numbers
    assert sorted(lost) == dropped
    assert all(math.isnan(row.noise) == (row.line in dropped) for row in found)


def test_the_running_best_keeps_what_is_better_than_all_before():
    found = rows("other 5, other 5, crash 1, other x, out 2, other 4, other 4.5")
    settle_best(found, 1.0)
    kinds = "keep discard crash other discard keep discard"
    assert [row.status for row in found] == kinds.split()
    settle_best(found := rows("other 5, other 4, other 6"), -1.0)
    assert [row.status for row in found] == ["keep", "discard", "keep"]


# ---------------------------------------------------------------- direction


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("keep 5, keep 5, keep 4", "min"),
        ("keep 5, keep 5, keep 6", "max"),
        ("keep 5, keep 4, keep 5", None),
        ("keep 5, discard 4, keep x, keep 6", "max"),
    ],
)
def test_the_kept_values_go_one_way(text, direction):
    assert direction_of_keeps(rows(text)) == direction


NOTHING_SAYS = "nothing says which way 'x' is better; lower was taken (see direction=)"


@pytest.mark.parametrize(
    ("text", "direction", "said"),
    [
        ("keep 5, keep 4", "min", None),
        ("keep 5, discard 6, discard 7, discard 8", "min", None),
        ("keep 5, discard 4, discard 3, discard 2", "max", None),
        ("keep 5, discard 6, discard 6, discard 5, discard 5", "min", None),
        ("keep 5, discard 4, discard 3", "min", NOTHING_SAYS),
        ("keep 5, discard 4, discard 5, discard 5, discard 5", "min", NOTHING_SAYS),
    ],
)
def test_without_a_name_the_decisions_say_which_way_is_better(text, direction, said):
    heard = Said()
    assert direction_of_rows(rows(text), None, "x", 1, heard) == direction
    assert heard == ([(1, said)] if said else [])


@pytest.mark.parametrize(
    ("text", "outvoted"),
    [
        ("keep 3, keep 2, keep 1", True),
        ("keep 3, keep 2, discard 4, discard 5", False),  # by one keep no name is outvoted
        ("keep 5, keep 4, keep 3, discard 6, discard 1", True),  # by three of four
        ("keep 5, keep 4, keep 3, discard 6, discard 1, discard 1", False),
        ("keep 5, keep 4, keep 3, discard 4, discard 4, discard 6", True),  # 2 of 5 follow it
        ("keep 5, keep 4, keep 3, discard 4, discard 4", False),  # 2 of 4
    ],
)
def test_a_name_is_outvoted_by_clear_decisions_alone(text, outvoted):
    said = Said()
    assert direction_of_rows(rows(text), "max", "gain", 1, said) == ("min" if outvoted else "max")
    words = (
        "lower was taken as better, for the kept values fall, whatever the name 'gain' says "
        "(see direction=)"
    )
    assert said == ([(1, words)] if outvoted else [])


def test_a_name_is_outvoted_the_other_way_too():
    said = Said()
    assert direction_of_rows(rows("keep 1, keep 2, keep 3"), "min", "loss", 1, said) == "max"
    assert said[0][1].startswith("higher was taken as better, for the kept values rise")


@pytest.mark.parametrize(
    ("text", "name", "is_said"),
    [
        ("other 1, other 2", "score", True),
        ("other 1", "score", False),
        ("other 1, other 2", "accuracy", False),
        ("keep 1, keep 2", "score", False),
        ("discard 1, discard 2", "score", False),
    ],
)
def test_a_score_without_decisions_is_taken_by_its_name_alone_and_that_is_said(text, name, is_said):
    said = Said()
    assert direction_of_rows(rows(text), "max", name, 7, said) == "max"
    words = f"higher was taken as better for the name {name!r} alone (see direction=)"
    assert said == ([(7, words)] if is_said else [])


@pytest.mark.parametrize(
    ("text", "restarts", "direction", "words"),
    [
        ("keep 1, keep 2", (), "min", "lower was taken as better, but most kept values rise"),
        ("keep 2, keep 1", (), "max", "higher was taken as better, but most kept values fall"),
        ("keep 2, keep 1", (), "min", None),
        ("keep 1, keep 2, keep 5, keep 4", (2,), "min", None),  # one sequence each way
        ("keep 1, keep 2, keep 1, keep 2, keep 5, keep 4", (2, 4), "min", "lower"),
        ("keep 5, keep 2, keep 5", (2,), "min", None),
    ],
)
def test_keeps_that_go_the_wrong_way_are_said(text, restarts, direction, words):
    said = Said()
    check_direction(rows(text), restarts, direction, 1, said)
    assert [line for line, _ in said] == ([1] if words else [])
    assert not words or said[0][1].startswith(words)


# ---------------------------------------------------------------- baselines


def test_baselines_of_several_agents_become_one_with_their_spread_as_noise():
    said = Said()
    found = [row(i + 2, "keep", str(i + 1), "baseline", agent="abc"[i]) for i in range(3)]
    (first,) = merge_baselines(found, said)
    assert (first.line, first.value, first.noise) == (2, 2.0, 1.0)
    assert [line for line, _ in said] == [3, 4]
    assert said[0][1].startswith("the baseline again, by 'b': one of 3 measurements")


@pytest.mark.parametrize(
    ("agents", "values"), [("aa", "12"), ("aba", "123"), ("a", "1"), ("ab", "x1"), ("ab", "1x")]
)
def test_baselines_of_one_agent_or_without_a_number_stay(agents, values):
    said = Said()
    found = [
        row(i + 2, "keep", value, "baseline", agent=agent)
        for i, (agent, value) in enumerate(zip(agents, values, strict=True))
    ]
    assert merge_baselines(found, said) == found
    assert said == []


def test_after_the_baselines_of_several_agents_the_log_goes_on():
    said = Said()
    found = [row(2, "keep", "1", "baseline", agent="a"), row(3, "keep", "3", "baseline", agent="b")]
    further = row(4, "keep", "0.5", "wider", agent="c")
    assert [one.line for one in merge_baselines([*found, further], said)] == [2, 4]
    assert (found[0].value, found[0].noise) == (2.0, math.sqrt(2))


def test_a_baseline_is_kept_and_says_so_in_one_of_three_places():
    assert is_baseline(row(2, "keep", "1", "the baseline"))
    assert is_baseline(row(2, "keep", "1", "x", commit="baseline"))
    called = row(2, "keep", "1", "x")
    called.word = "Baseline"
    assert is_baseline(called)
    assert not is_baseline(row(2, "keep", "1", "x"))
    assert not is_baseline(row(2, "discard", "1", "the baseline"))


AGAIN = "a baseline again: a new sequence starts here"
GAIN = "is called a baseline, and is better than all before it; counted as a gain"


@pytest.mark.parametrize(
    ("value", "description", "commit", "restarts", "said"),
    [
        ("6", "baseline", "", (1,), AGAIN),
        ("4", "baseline", "", (1,), AGAIN),  # that and nothing else
        ("6", "baseline with two layers", "", (1,), AGAIN),
        ("5", "baseline with two layers", "", (), None),
        ("4", "baseline with two layers", "", (), GAIN),
        ("5", "", "baseline-2", (1,), AGAIN),
        ("6", "", "baseline-2", (1,), AGAIN),
        ("4", "", "baseline-2", (), GAIN),
        ("6", "wider", "", (), None),
        ("x", "baseline", "", (), None),
    ],
)
def test_a_baseline_again_begins_a_sequence(value, description, commit, restarts, said):
    found = [row(2, "keep", "5", "baseline"), row(3, "keep", value, description, commit)]
    heard = Said()
    assert restarts_of(found, 1.0, heard) == restarts
    assert heard == ([(3, said)] if said else [])


def test_a_word_of_the_decision_may_say_baseline():
    found = rows("keep 5, keep 4")
    for one in found:
        one.word = "baseline"
    assert restarts_of(found, 1.0, Said()) == (1,)
    found[1].status = "discard"
    assert restarts_of(found, 1.0, Said()) == ()


def test_behind_a_baseline_the_best_begins_anew():
    said = Said()
    found = [
        row(2, "keep", "3", "baseline"),
        row(3, "keep", "5", "baseline"),
        row(4, "keep", "4", "baseline with two layers"),
    ]
    assert restarts_of(found, 1.0, said) == (1,)
    assert said == [(3, AGAIN), (4, GAIN)]


@pytest.mark.parametrize(
    ("value", "agent", "status", "restarts"),
    [
        ("6", "b", "other", ()),
        ("5", "b", "other", ()),
        ("4", "b", "keep", ()),
        ("6", "a", "keep", (1,)),
        ("6", "", "keep", (1,)),
    ],
)
def test_the_baseline_of_another_agent_is_no_keep(value, agent, status, restarts):
    said = Said()
    found = [
        row(2, "keep", "5", "baseline", agent="a"),
        row(3, "keep", value, "baseline", agent=agent),
    ]
    assert restarts_of(found, 1.0, said) == restarts
    assert found[1].status == status
    by = "the baseline again, by 'b': no keep of the others' sequence (by= gives each its own)"
    assert said == [(3, AGAIN if restarts else by)]


def test_a_baseline_is_the_first_where_no_other_was_kept():
    said = Said()
    found = [row(2, "crash", "x", agent="a"), row(3, "keep", "5", "baseline", agent="b")]
    assert restarts_of(found, 1.0, said) == ()
    assert said == []


def test_the_baseline_of_another_agent_may_be_called_so_by_its_decision():
    found = [row(2, "keep", "5", "wider", agent="a"), row(3, "keep", "6", "wider", agent="b")]
    found[1].word = "baseline"
    assert restarts_of(found, 1.0, Said()) == ()
    assert found[1].status == "other"


def test_where_a_log_says_so_a_sequence_begins_but_at_its_first_row():
    found = [
        row(2, "keep", "5", "baseline", agent="a", starts=True),
        row(3, "keep", "6", "baseline", agent="b", starts=True),
        row(4, "keep", "5.5", "wider", agent="b"),
        row(5, "keep", "7", "wider", agent="c", starts=True),
    ]
    said = Said()
    assert restarts_of(found, 1.0, said) == (1, 3)
    assert [row.status for row in found] == 4 * ["keep"]
    assert said == []


def test_a_log_begins_with_its_baseline():
    for text, said in (
        ("keep 5, keep 4", None),
        ("discard 5, keep 4", "line 3, and the row before that counts as an experiment"),
        ("crash x, keep x, keep 4", "line 4, and the 2 rows before that count as experiments"),
        ("keep x, discard 4", "no later row was kept with a metric: there is no frontier"),
    ):
        heard = Said()
        check_first_row(rows(text), heard)
        assert [line for line, _ in heard] == ([2] if said else [])
        assert not said or heard[0][1].endswith(said)
    check_first_row([], heard := Said())
    assert heard == []


# ---------------------------------------------------------------- keeps that are worse


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("1 3 2 0.5", "2 of 3 later keeps"),
        ("1 3 2", None),  # two are few
        ("1 3 2 0.5 0.4", None),  # half of four
        ("1 3 2 0.5 0.4 0.3", None),
        ("1 1 1 1", None),  # as good is not worse
    ],
)
def test_keeps_that_are_worse_are_said(values, words):
    said = Said()
    check_keeps(rows(", ".join("keep " + v for v in values.split())), (), 1.0, [], set(), said)
    assert [line for line, _ in said] == ([2] if words else [])
    assert not words or said[0][1] == (
        f"{words} are worse than the best before them: is this one sequence? "
        "(decisions='best' keeps what is better)"
    )


def test_keeps_of_each_sequence_are_looked_at_alone():
    found, said = rows("keep 1, keep 0.5, keep 9, keep 8, keep 7"), Said()
    check_keeps(found, (), 1.0, [], set(), said)
    check_keeps(found, (2,), 1.0, [], set(), said)
    assert [words[:6] for _, words in said] == ["3 of 4"]


def interleaved(groups, times, cells):
    """Return rows of groups in turn, of which each gets better and all later ones are far worse."""
    turns = [(time, group) for time in range(times) for group in range(groups)]
    return [
        row(i + 2, "keep", str(10 * group - time), cells=cells(i, group))
        for i, (time, group) in enumerate(turns)
    ]


def splitting(found, columns, taken=()):
    """Return which column is said to split rows into sequences, and the value of its last row."""
    said = Said()
    check_keeps(found, (), 1.0, columns, set(taken), said)
    ((_, words),) = said
    return words.partition(" before them: ")[2]


def test_a_column_that_splits_the_rows_is_named():
    def cells(i, group):
        return [f"commit{i}", "same", f"w{group}", f"v{group}"]

    found = interleaved(2, 3, cells)
    names = ["commit", "host", "worker", "again"]
    both = "by='worker' splits them into sequences, and where='worker=w1' reads one"
    assert splitting(found, names) == both
    assert "by='again'" in splitting(found, names, {2})
    assert "is this one sequence?" in splitting(found, names, {2, 3})
    found[-1].cells = found[-1].cells[:2]
    assert splitting(found, names).endswith("where='worker=' reads one")


@pytest.mark.parametrize(("groups", "splits"), [(20, True), (21, False)])
def test_so_many_sequences_are_told_apart(groups, splits):
    found = interleaved(groups, 2, lambda i, group: [str(group)])
    assert splitting(found, ["worker"]).startswith("by=") == splits


@pytest.mark.parametrize(("rows_of", "splits"), [(7, True), (6, False)])
def test_a_column_with_a_value_for_nearly_each_row_splits_nothing(rows_of, splits):
    found = interleaved(4, 2, lambda i, group: [str(group)])[:rows_of]
    assert splitting(found, ["worker"]).startswith("by=") == splits


@pytest.mark.parametrize(("before", "splits"), [(29, True), (30, False)])
def test_a_column_far_to_the_right_splits_nothing(before, splits):
    found = interleaved(2, 3, lambda i, group: [*before * "-", str(group)])
    assert splitting(found, [*before * "x", "worker"]).startswith("by=") == splits


@pytest.mark.parametrize(
    ("values", "groups", "splits"),
    [
        ("1 3 2 0.5", "abab", False),  # one of two is worse in its group, too
        ("1 3 2 0.5", "abba", True),
        ("0 10 -1 9 -2 8", "ababaa", True),  # one of three
    ],
)
def test_a_column_that_leaves_half_of_the_keeps_worse_splits_nothing(values, groups, splits):
    found = [
        row(i + 2, "keep", value, cells=[group])
        for i, (value, group) in enumerate(zip(values.split(), groups, strict=True))
    ]
    assert splitting(found, ["worker"]).startswith("by=") == splits


@pytest.mark.parametrize(
    ("name", "values", "unit", "direction", "bounds"),
    [
        ("x", [1.0], "", "min", (0, INF)),
        ("x", [0.0], "", "min", (0, INF)),
        ("x", [-1.0, 2.0], "", "min", (-INF, INF)),
        ("x", [1.0], "", "max", (-INF, INF)),
        ("throughput", [1.0], "", "max", (0, INF)),
        ("kappa", [0.5], "", "max", (0, 1)),
        ("kappa", [-0.5], "", "max", (-INF, 1)),
        ("accuracy", [0.5, 1.0, NAN], "", "max", (0, 1)),
        ("accuracy", [0.5, 1.5], "", "max", (0, 100)),
        ("accuracy", [100.0], "", "max", (0, 100)),
        ("accuracy", [101.0], "", "max", (0, INF)),
        ("accuracy", [0.5], "%", "max", (0, 100)),
        ("x", [0.5], "%", "max", (-INF, 100)),
        ("accuracy", [], "", "max", (0, 1)),
        ("accuracy", [NAN], "", "max", (0, 1)),
    ],
)
def test_bounds_of_a_metric(name, values, unit, direction, bounds):
    assert bounds_of(name, values, unit, direction) == bounds

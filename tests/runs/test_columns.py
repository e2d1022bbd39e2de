"""Which column of a log holds the decisions, which the metric, and what is said of the choice."""

import io

import numpy as np
import pytest

from arbook.logs import LogError, read_log
from arbook.runs.columns import support

NAN = float("nan")
LETTERS = {"keep": "K", "discard": "D", "crash": "C", "other": "o"}


def read(header, *rows, **options):
    """Read a log that has a tab for every blank; "_" is an empty cell."""
    lines = [line.replace(" ", "\t").replace("\t_\t", "\t\t") for line in (header, *rows)]
    return read_log(io.StringIO("\n".join(lines)), **options)


def said(log):
    return " / ".join(issue.reason for issue in log.issues)


# ---------------------------------------------------------------- decisions

#: Header; rows, of which the first two cells are always the same; options; statuses; words.
DECIDED = {
    "1 and 0 are decisions where the name asks": ("kept", "1 0 1 0", {}, "KDKD", None),
    "and of a name that asks the opposite": ("reverted", "0 1 0 1", {}, "KDKD", None),
    "also beside other words": ("status kept", "wider,1 deeper,0 wider,1 deeper,0", {}, "KDKD",
                                None),
    "elsewhere they are none": ("checked", "1 0 1 0", {}, None, None),
    "but of a column that is named": ("checked", "1 0 1 0", {"status_column": "checked"}, "KDKD",
                                      None),
    "also if it asks the opposite": ("reverted", "yes no no yes", {"status_column": "reverted"},
                                     "DKKD", None),
    "success is a keep beside discards": ("status", "success ok discard passed", {}, "KKDK",
                                          "no row of 'status' says keep"),
    "also one beside one": ("status", "ok discard crash crash", {}, "KDCC", "no row of 'status'"),
    "also where it is named": ("status", "ok ok discard ok", {"status_column": "status"}, "KKDK",
                               None),
    "but not beside keeps": ("status", "keep ok discard ok", {}, "KoDo", None),
    "nor beside crashes alone": ("status", "ok ok crash ok", {}, None, None),
    "even where that is named": ("status", "ok ok crash ok", {"status_column": "status"}, "ooCo",
                                 None),
    "what is done is no keep": ("status", "done done discard ok", {}, None, None),
    "even one": ("status", "done discard discard discard", {}, None, None),
    "of discards alone nothing is said": ("status", "discard discard discard crash", {}, "DDDC",
                                          None),
    "all words of a column decide": ("mood", "better worse worse worse", {}, "KDDD", None),
    "words of one kind may describe": ("mood", "better best better best", {}, None, None),
    "and those of the other": ("mood", "worse worse dropped worse", {}, None, None),
    "the column with more decisions": ("status decision",
                                       "keep,keep -,discard -,keep -,discard", {}, "KDKD", None),
    "which has twice as many": ("status decision", "keep,keep -,discard keep,keep -,discard", {},
                                "KDKD", "'decision' was taken for the decisions; 'status' could"),
    "a third does not count": ("status decision", "keep,keep -,discard -,keep -,-", {}, "KDKo",
                               None),
    "of three two are named": ("status decision verdict",
                               "keep,keep,keep keep,keep,keep -,keep,keep -,keep,-", {}, "KKKK",
                               "decisions; 'verdict', 'status' could be it as well"),
    "what failed is a crash": ("status decision", "ok,keep failed,discard ok,keep ok,discard", {},
                               "KCKD", None),
    "also where only this is said": ("result decision", "-,keep failed,discard -,keep -,discard",
                                     {}, "KDKD", None),
    "with no other word": ("result decision", "_,keep failed,discard _,keep _,discard", {}, "KCKD",
                           None),
    "in a column that holds decisions too": ("decision status",
                                             "keep,keep discard,crash keep,done keep,queued", {},
                                             "KCKK", "'status' could be it as well"),
    "discards beside states": ("status decision", "ran,discard ran,discard ran,discard ran,crash",
                               {}, "DDDC", None),
    "words that were given a meaning": (
        *("status decision", "ran,shipped ran,binned ran,shipped ran,binned"),
        *({"status": {"shipped": "keep", "binned": "discard"}}, "KDKD", None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", DECIDED)
def test_the_column_of_decisions(rule):
    names, cells, options, statuses, words = DECIDED[rule]
    rows = [f"c{i} {2.5 - i / 10} {some.replace(',', ' ')}" for i, some in enumerate(cells.split())]
    log = read(f"commit loss {names}", *rows, **options)
    assert log.decisions == ("logged" if statuses else "none")
    assert "".join(LETTERS[status] for status in log.status) == statuses or not statuses
    assert (words or "") in said(log)
    if statuses and not words:
        assert "status_column=" not in said(log)
        assert "status= says" not in said(log)


def test_a_column_of_just_that_name_goes_before_one_of_nearly_that_name():
    rows = ["1 2 keep", "3 1 keep"]
    assert read("LOSS loss status", *rows, metric="loss").value.tolist() == [2, 1]
    assert read("LOSS loss status", *rows, metric="Loss").value.tolist() == [1, 3]


# ---------------------------------------------------------------- votes

K, D = "keep", "discard"


@pytest.mark.parametrize(
    ("values", "kinds", "expected"),
    [
        ([1, NAN, 0.9], [K, K, K], (1, 1, 1)),
        ([1, 0.95, 0.9], [K, "other", K], (1, 1, 1)),
        ([1, 1], [K, D], (1, 1, 0)),  # as good is not better
        ([1, 1], [K, K], (0, 0, 0)),  # and says nothing of a direction
        ([1, 2, 3, 0.5], [K, K, K, K], (1 / 3, 3, 0)),
        ([1, 2, 0.5], [K, K, K], (0.5, 2, 1)),
        ([1, 2, 0.5, 0.7], [D, K, D, D], (0, 2, 0)),
        ([], [], (0, 0, 0)),
    ],
)
def test_decisions_agree_with_a_direction_or_not(values, kinds, expected):
    assert support(values, kinds, 1.0) == expected
    assert support([-value for value in values], kinds, -1.0) == expected


# ---------------------------------------------------------------- the metric


#: Names and their cells, in rows that were all kept; the metric; what is said of other columns.
MEASURED = {
    "few numbers count rows only where they stand first": ({"k": "1 2 3", "x": "5 7 4"}, "k", "x"),
    "two in front count them": ({"!k": "1 2", "x": "5 7"}, "x", ""),
    "four do elsewhere": ({"k": "1 2 3 4", "x": "5 7 4 8"}, "x", ""),
    "some may have one number": ({"k": "1 2 2 3 4", "x": "5 7 4 8 3"}, "x", ""),
    "also from 0 on": ({"k": "0 1 1 2 3", "x": "5 7 4 8 3"}, "x", ""),
    "but not from 2 on": ({"k": "2 3 3 4 5", "x": "5 7 4 8 3"}, "k", "x"),
    "where each has its own": ({"k": "2 3 4 5", "x": "5 7 4 8"}, "x", ""),
    "three in ten may not": ({"k": "0 1 1 2 2 3 3 4 5 6 7", "x": "5 7 4 8 3 9 2 1 6 5 8"}, "k",
                             "x"),
    "seconds since 1970": ({"t": "1.7e9 1.8e9 1.8e9", "x": "5 7 4"}, "x", ""),
    "milliseconds": ({"t": "1.7e12 1.8e12 1.8e12", "x": "5 7 4"}, "x", ""),
    "two times may be something else": ({"t": "1.7e9 1.8e9", "x": "5 7"}, "t", "x"),
    "and times that fall": ({"t": "1.7e9 1.8e9 1.75e9", "x": "5 7 4"}, "t", "x"),
    "and those before 2001": ({"t": "1e9 1.7e9 1.8e9", "x": "5 7 4"}, "t", "x"),
    "and long after": ({"t": "1.7e9 1.8e9 2e10", "x": "5 7 4"}, "t", "x"),
    "of milliseconds, too": ({"t": "1e12 1.7e12 1.8e12", "x": "5 7 4"}, "t", "x"),
    "and so long after": ({"t": "1.7e12 1.8e12 1e14", "x": "5 7 4"}, "t", "x"),
    "what never changes is no metric": ({"acc": ".5 .5 - .5", "f1": ".1 .2 .3 .4"}, "f1", ""),
    "but two may be as good": ({"acc": ".5 .5", "f1": ".1 .2"}, "acc", "f1"),
    "three others are named": (dict.fromkeys(["acc", "f1", "auc", "mcc"], ".1"), "acc",
                               "f1 auc mcc"),
    "and that there are more": (dict.fromkeys(["acc", "f1", "auc", "mcc", "bleu"], ".1"), "acc",
                                "f1 auc mcc ..."),
    "of these, those with a direction": ({"acc": ".1", "x": "3", "f1": ".2"}, "acc", "f1"),
    "if there are": ({"acc": ".1", "x": "3", "y": "4"}, "acc", "x y"),
    "val_bpb has no rival": ({"acc": ".1", "val_bpb": "1"}, "val_bpb", ""),
    "half of the cells are numbers": ({"loss": "3 soon soon 2", "x": "5 7 4 8"}, "loss", "x"),
    "or fewer": ({"loss": "3 soon soon", "x": "5 7 4"}, "x", ""),
    "those with something": ({"loss": "3 - - n/a", "x": "5 7 4 8"}, "loss", "x"),
    "but a crash": ({"loss": "3 oom crash failed", "x": "5 7 4 8"}, "loss", "x"),
    "of a long cell the beginning": ({"loss": "0," + 98 * "9" + "x", "x": "5"}, "loss", "x"),
    "a metric in words is none": ({"metric": "acc acc acc", "x": "5 7 4"}, "x", ""),
    "training goes last": ({"train_loss": "3 2", "loss": "4 3"}, "loss", "train_loss"),
    "two columns of one name": ({"loss": "3 2", "Loss": "4 3"}, "loss", "Loss"),
    "how far it spreads is no rival": ({"loss": "3 2", "loss_std": ".1 .1"}, "loss", ""),
    "a maximum of what has no mean": ({"drawdown_max": "3 2"}, "drawdown_max", ""),
    "of what was measured before": (
        *({"metric_before": "3 2", "metric_after": "2 1", "acc_after": ".1 .2"}, "metric_after"),
        "",
    ),
    "words beside numbers": ({"ms": "slow fast", "seconds": "3 2"}, "seconds",
                             "for no other column looks like one"),
    "three decisions outvote a name": ({"loss": "1 2 3 4", "acc": ".1 .2 .3 .4"}, "acc",
                                       "not loss"),
    "two do not": ({"loss": "1 2 3", "acc": ".1 .2 .3"}, "loss", "acc"),
    "nor where three in five follow it": (
        *({"loss": "10 9 8 7 8 9", "acc": ".1 .2 .3 .4 .5 .6"}, "loss", "acc"),
    ),
    "nor for one that three in four follow": (
        *({"loss": "1 2 3 4 5", "acc": ".1 .2 .3 .4 .35"}, "loss", "acc"),
    ),
    "but four in five": (
        *({"loss": "10 9 8 9 9.5 10", "acc": ".1 .2 .3 .4 .5 .45"}, "acc", "not loss"),
    ),
    "all rather than most": (
        *({"loss": "1 2 3 4 5 6", "x": "1 3 5 7 9 8", "acc": ".1 .2 .3 .4 - -"}, "acc"),
        "not loss",
    ),
    "a name that says the direction": (
        *({"loss": "1 2 3 4", "x": "1 3 5 7", "acc": ".1 .2 .3 .4"}, "acc", "not loss"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", MEASURED)
def test_the_column_of_the_metric(rule):
    columns, metric, others = MEASURED[rule]
    cells = list(zip(*(some.split() for some in columns.values()), strict=True))
    first = [] if "!" in "".join(columns) else ["commit"]  # otherwise a column of numbers is first
    rows = [" ".join([*(f"c{i}" for _ in first), *row, "keep"]) for i, row in enumerate(cells)]
    log = read(" ".join([*first, *columns, "status"]).replace("!", ""), *rows)
    assert log.metric == metric
    of_columns = [issue.reason for issue in log.issues if "(metric= names another" in issue.reason]
    names = ", ".join(repr(name) for name in others.removesuffix(" ...").split())
    more = " ..." * others.endswith("...")
    if others.startswith("for "):
        assert others in of_columns[0]
    elif others.startswith("not "):
        assert f"the keeps follow it and not {others[4:]!r}" in of_columns[0]
    elif others:
        assert f"; {names}{more} could be it as well" in of_columns[0]
    assert len(of_columns) == bool(others)


def test_the_metric_of_a_log_without_rows_or_decisions():
    assert read("commit metric status").metric == "metric"
    assert read("low high", "1 2", "3 1").metric == "low"  # the rest of what was measured


def test_no_memory_is_not_known():
    rows = ["a 3 0.0 keep", "b 2 2.5 keep", "c 1 - keep"]
    np.testing.assert_array_equal(
        read("commit loss memory_gb status", *rows).memory, [NAN, 2.5, NAN]
    )


@pytest.mark.parametrize(
    ("rows", "metric"),
    [
        (["0.92 17 keep", "0.91 12 keep"], 1),
        (["17 0.92 keep", "12 0.91 keep"], 2),  # whole numbers in front may be those of rows
        (["+0.10 0.92 keep", "-0.01 0.91 keep"], 2),  # changes have a sign
        (["- 0.92 0.5 keep", "- 0.91 0.7 keep"], 2),
    ],
)
def test_the_metric_of_a_table_without_names(rows, metric):
    assert read(*rows).metric == f"column {metric}"


@pytest.mark.parametrize(
    ("header", "rows", "words"),
    [
        ("commit n_params n_tokens", ["a 3 5", "b 2 6"], "columns commit, n_params, n_tokens$"),
        ("commit status", ["a discard", "b crash"], "; its decisions alone are 0 kept of 2$"),
        ("commit status", ["a keep", "b crash"], "; its decisions alone are 1 kept of 2$"),
        ("commit status", ["a ok", "b crash"], "columns commit, status$"),
    ],
)
def test_where_no_column_can_be_the_metric_this_is_said(header, rows, words):
    with pytest.raises(LogError, match=words):
        read(header, *rows)

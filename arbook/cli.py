"""The command `arbook`: what a run log says, in one line of a terminal.

Every command reads logs as `arbook.logs.read_log` does and has ``--json`` for other programs. Exit
codes: 0, an answer; 1, the log cannot be read or used; 2, the command line is wrong.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

import click
import numpy as np

import arbook
from arbook import logs
from arbook._numerics.validation import ParameterError
from arbook.model.run import RunLog
from arbook.runs.fitting import FAMILIES, FEWEST, TRIM
from arbook.runs.forecasting import MOST_DRAWN

# Where the table of keep rates is cut, in experiments.
_POSITIONS = (0, 10, 25, 50, 100, 200, 500, 1000)

# Columns of the table of `arbook compare`.
_COMPARED = (
    "experiments",
    "kept",
    "keep_rate",
    "baseline",
    "best",
    "gain",
    "gain_area",
    "average_gain",
)

# Unused rows that are listed in the terminal; --json lists all.
_ISSUES_SHOWN = 10

# Of a larger share of catastrophes it is doubtful that they are.
_MANY = 0.1

# Continuations that a forecast draws, and the most experiments it can then look ahead.
_DRAWS = 4000
_FURTHEST = MOST_DRAWN // _DRAWS

Command = TypeVar("Command", bound=Callable[..., Any])


def _only(allowed: str, holds: Callable[[float], bool]) -> Callable[..., float | None]:
    """Return what refuses an option outside its range, and says the range."""

    def check(ctx: Any, param: Any, value: float | None) -> float | None:
        if value is not None and not holds(value):
            raise click.BadParameter(f"{value:g} is not {allowed}.", ctx, param)
        return value

    return check


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(arbook.__version__, prog_name="arbook")
def main() -> None:
    """Read, fit and forecast the logs of AutoResearch runs (results.tsv and the like).

    FILE may be - for standard input.
    """


def _reads_logs(command: Command) -> Command:
    """Add the options that say how a log is read, and how the answer is written."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
        click.option(
            "--direction",
            type=click.Choice(["min", "max"]),
            help="Whether lower or higher is better, where the log does not say.",
        ),
        click.option("--metric", help="The metric's column, where the log does not say."),
    ):
        command = option(command)
    return command


_trim = click.option(
    "--trim",
    type=float,
    callback=_only("a finite number >= 0", lambda x: 0 <= x < math.inf),
    default=TRIM,
    show_default=True,
    help="Changes so many robust standard deviations above the median are catastrophes and are "
    "left out; 0 leaves out none.",
)


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--plot", type=click.Path(dir_okay=False, writable=True), help="Draw it (PNG, SVG, PDF)."
)
@_reads_logs
def log(file: Any, plot: str | None, metric: str, direction: str, as_json: bool) -> None:
    """Say what happened in a run: decisions, frontier, keep rates, gain area."""
    run = _read(file, metric, direction)
    plot, trouble = _draw(run, plot) if plot else (None, "")
    parts = run.segments
    if as_json:
        found = [{**_summary(part), "frontier": part.frontier.tolist()} for part in parts]
        _write_json({**_head(run), "segments": found, "plot": plot})
    else:
        better = "lower" if run.direction == "min" else "higher"
        _echo(f"{run.source}: {run.metric}, {better} is better")
        for number, part in enumerate(parts, start=1):
            if len(parts) > 1:
                _echo(f"Segment {number} of {len(parts)}, with a baseline of its own:")
            _say(part, _summary(part))
        if plot:
            _line("picture", plot)
        _say_issues(run)
    if trouble:
        _fail(trouble)


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--family",
    type=click.Choice([*FAMILIES, "all"]),
    default="normal",
    show_default=True,
    help="Distribution of the changes; all compares them.",
)
@_trim
@_reads_logs
def fit(file: Any, family: str, trim: float, metric: str, direction: str, as_json: bool) -> None:
    """Fit the model's parameters sigma0, gamma and mu, with standard errors."""
    run, segment = _segment(_read(file, metric, direction))
    names = FAMILIES if family == "all" else (family,)
    rows: list[logs.Comparison] = _try(run, lambda: logs.compare(run, names, trim=trim or None))
    if as_json:
        found = [_fit_as_dict(r.fit, r.held_out) for r in rows]
        _write_json({**_head(run, segment), "trim": trim or None, "fits": found})
        return
    for row in rows:
        f = row.fit
        _echo(
            f"{f.family}: {f.n_changes} changes; "
            f"AIC {f.aic:.1f}, BIC {f.bic:.1f}, held-out log likelihood {_g(row.held_out)}"
        )
        for name, value in f.estimates.items():
            low, high = f.interval(name)
            error = f"{f.std_errors[name]:.2g}"
            _line(f"  {name}", f"{_g(value)} ± {error}   95 %: {_g(low)} to {_g(high)}")
        correlation, expected = f.dependence
        _line("  dependence", f"{correlation:+.2f} ± {expected:.2f} between neighbouring residuals")
    _say_left_out(rows[0].fit, trim)
    _say_issues(run)


@main.command()
@click.argument("file", type=click.File("rb"))
@click.option(
    "--experiments",
    "-n",
    type=click.IntRange(1, _FURTHEST),
    default=100,
    show_default=True,
    help="Number of further experiments.",
)
@click.option(
    "--minutes",
    type=float,
    callback=_only("a finite number > 0", lambda x: 0 < x < math.inf),
    help="Minutes an experiment takes.",
)
@click.option(
    "--family",
    type=click.Choice(FAMILIES),
    default="two-part",
    show_default=True,
    help="Distribution of the changes.",
)
@click.option(
    "--floor",
    type=float,
    callback=_only("a number", lambda x: not math.isnan(x)),
    help="Best value that the metric can have; -inf (or inf) is none. Without it, 0 for a "
    "minimised metric that was never below 0.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Same seed, same forecast.",
)
@_trim
@_reads_logs
def forecast(
    file: Any,
    experiments: int,
    minutes: float | None,
    family: str,
    floor: float | None,
    seed: int,
    trim: float,
    metric: str,
    direction: str,
    as_json: bool,
) -> None:
    """Say what more experiments will bring, with 80 % intervals."""
    run, segment = _segment(_read(file, metric, direction))
    fitted = _try(run, lambda: logs.fit(run, family=family, trim=trim or None))
    made = _try(
        run,
        lambda: logs.forecast(
            fitted, experiments, minutes=minutes, n_draws=_DRAWS, floor=floor, seed=seed
        ),
    )
    wanted = ("improvement", "keeps", "gain_area")
    found = {what: made.quantiles(what, [0.1, 0.5, 0.9]).tolist() for what in wanted}
    if as_json:
        levels = ("q10", "median", "q90")
        _write_json(
            {
                **_head(run, segment),
                "trim": trim or None,
                "threshold": fitted.threshold,
                "n_changes": fitted.n_changes,
                "n_catastrophes": fitted.n_catastrophes,
                "experiments": experiments,
                "hours": made.hours,
                "family": family,
                "floor": made.floor,
                "at_floor": made.at_floor,
                "no_improvement": made.no_improvement,
                **{what: dict(zip(levels, found[what], strict=True)) for what in wanted},
            }
        )
        return
    hours = f", {made.hours:.1f} hours" if minutes else ""
    _echo(f"{experiments} more experiments{hours}; median, and the interval that holds 80 %")
    units = (run.metric, "experiments", f"{run.metric} x experiments")
    for what, unit in zip(wanted, units, strict=True):
        low, middle, high = found[what]
        _line(what.replace("_", " "), f"{_g(middle)}   {_g(low)} to {_g(high)} {unit}")
    _line("nothing kept", f"with {made.no_improvement:.0%}")
    if math.isfinite(made.floor):
        _line("at the bound", f"of {_g(made.floor)} with {made.at_floor:.0%}")
    _line("fitted", f"{family}, to {fitted.n_changes} changes")
    _say_left_out(fitted, trim)
    _say_issues(run)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_reads_logs
def compare(files: Sequence[str], metric: str, direction: str, as_json: bool) -> None:
    """Put runs side by side.

    A file that cannot be read is named, and the others are compared; the exit status is then 1.
    """
    names = [os.path.basename(path) for path in files]
    runs, unread = [], []
    for path, name in zip(files, names, strict=True):
        try:
            with click.open_file(path, "rb") as file:
                run = _read(file, metric, direction)
        except OSError as error:
            unread.append(f"{path}: {error.strerror}")
        except click.ClickException as error:
            unread.append(error.message)
        else:
            runs.append(replace(run, source=path if names.count(name) > 1 else run.source))
    _compare(runs, unread, as_json)
    sys.exit(bool(unread))


def _compare(runs: list[RunLog], unread: list[str], as_json: bool) -> None:
    warnings = list(unread)
    rows = [(run, i, part) for run in runs for i, part in enumerate(run.segments, start=1)]
    answers = [_summary(part) for _, _, part in rows]
    if len({(run.metric, run.direction) for run in runs}) > 1:
        warnings.append("The runs have different metrics: their gains cannot be compared.")
    elif len({answer["baseline"] for answer in answers}) > 1:
        warnings.append("The baselines differ: a worse baseline makes every gain larger.")
    if as_json:
        found = [
            {**_head(run, i if run.restarts else None), **answer}
            for (run, i, _), answer in zip(rows, answers, strict=True)
        ]
        _write_json({"runs": found, "warnings": warnings})
        return
    labels = [f"{run.source}#{i}" if run.restarts else run.source for run, i, _ in rows]
    width = max((len(_clean(label)) for label in labels), default=0)
    if rows:
        _echo("  ".join([" " * width, *(f"{c.replace('_', ' '):>12}" for c in _COMPARED)]))
    for label, answer in zip(labels, answers, strict=True):
        cells = (f"{answer[c]:.1%}" if c == "keep_rate" else _g(answer[c]) for c in _COMPARED)
        cells = ("-" if cell.startswith("nan") else cell for cell in cells)
        _echo("  ".join([f"{_clean(label):{width}}", *(f"{cell:>12}" for cell in cells)]))
    for run in runs:
        if run.issues:
            many = f"{len(run.issues)} issues" if len(run.issues) > 1 else "1 issue"
            _echo(f"{run.source}: {many}; arbook log lists them", err=True)
    for warning in warnings:
        _echo(warning, err=True)


def _read(file: Any, metric: str | None, direction: str | None) -> RunLog:
    name = getattr(file, "name", "the log")
    try:
        run = logs.read_log(file, metric=metric, direction=direction)
    except (logs.LogError, ParameterError) as error:
        _fail(f"{name}: {_as_options(str(error))}")
    if not run.value.size:
        _fail(f"{name}: the log has a header and no rows; its run never started")
    return run


def _segment(run: RunLog) -> tuple[RunLog, int | None]:
    """Return the run, or the last of its segments that is long enough to be fitted; and which."""
    if not run.restarts:
        return run, None
    parts = run.segments
    for number in range(len(parts), 0, -1):
        if np.isfinite(parts[number - 1].delta).sum() >= FEWEST:
            _echo(f"The run restarts; this is segment {number} of {len(parts)}.", err=True)
            return parts[number - 1], number
    _say_issues(run)
    _fail(f"{run.source}: no segment has {FEWEST} measured changes")


def _head(run: RunLog, segment: int | None = None) -> dict[str, Any]:
    """Return what every answer in JSON starts with; the segment is None for a whole log."""
    return {
        "source": run.source,
        "metric": run.metric,
        "direction": run.direction,
        "segment": segment,
        "issues": [{"line": issue.line, "reason": issue.reason} for issue in run.issues],
    }


def _summary(run: RunLog) -> dict[str, Any]:
    """Return what a run without restarts says, as plain numbers."""
    status = run.outcomes
    n = status.size
    edges = [edge for edge in _POSITIONS if edge < n] + [n]
    rates = logs.keep_rate_by_position(run, edges) if n else None
    noise = logs.repeats(run)
    return {
        "experiments": n,
        "before_baseline": n if run.baseline is None else run.baseline,
        "kept": int((status == "keep").sum()),
        "discarded": int((status == "discard").sum()),
        "crashed": int((status == "crash").sum()),
        "other": int((status == "other").sum()),
        "keep_rate": run.keep_rate,
        "keep_rate_by_position": [
            {
                "from": int(rates.edges[b]),
                "to": int(rates.edges[b + 1]) - 1,
                "kept": int(rates.kept[b]),
                "rate": float(rates.rate[b]),
                "low": float(rates.low[b]),
                "high": float(rates.high[b]),
            }
            for b in range(rates.n.size)
        ]
        if rates
        else [],
        "baseline": run.f0,
        "best": float(run.frontier[-1]),
        "gain": run.gain,
        "gain_area": run.gain_area,
        "average_gain": run.average_gain,
        "average_share": run.average_gain / run.gain if run.gain > 0 else math.nan,
        "share_of_three_largest": run.share_of_three_largest,
        "noise": {
            "std": noise.std,
            "commits": noise.n_commits,
            "measurements": noise.n_measurements,
            "share_below": noise.share_below,
        },
    }


def _say(run: RunLog, answer: dict[str, Any]) -> None:
    metric, n, before = run.metric, answer["experiments"], answer["before_baseline"]
    other = f", {answer['other']} other" if answer["other"] else ""
    where = "after the baseline"
    if before:
        where = (
            "without a baseline"
            if run.baseline is None
            else (f"besides the baseline, {before} of them before it")
        )
    _line(
        "experiments",
        f"{n} {where}: {answer['kept']} kept, "
        f"{answer['discarded']} discarded, {answer['crashed']} crashed{other}",
    )
    if math.isnan(answer["baseline"]):
        _line("frontier", f"none: no row was kept with a number as its {metric}")
    elif not n:
        _line("frontier", f"{_g(answer['baseline'])}: the log has its baseline and no experiment")
    else:
        gain = _g(answer["gain"])
        _line("frontier", f"{_g(answer['baseline'])} to {_g(answer['best'])}, a gain of {gain}")
        share = answer["average_share"]
        of_gain = "" if math.isnan(share) else f", {share:.0%} of the gain"
        _line("gain area", f"{_g(answer['gain_area'])} {metric} x experiments")
        _line("average gain", f"{_g(answer['average_gain'])}{of_gain}")
    if n:
        _line("keep rate", f"{answer['keep_rate']:.1%}; by position, with 95 % intervals:")
    for row in answer["keep_rate_by_position"]:
        of = row["to"] - row["from"] + 1
        _line(
            f"  {row['from']}-{row['to']}",
            f"{row['rate']:4.0%}   {row['kept']} of {of}   {row['low']:.0%} to {row['high']:.0%}",
        )
    if not math.isnan(answer["share_of_three_largest"]):
        _line("three largest", f"{answer['share_of_three_largest']:.0%} of all gain")
    noise = answer["noise"]
    if not math.isnan(noise["std"]):
        _line(
            "noise",
            f"standard deviation {_g(noise['std'])}, from {noise['measurements']} measurements of "
            f"{noise['commits']} commits",
        )
        if not math.isnan(noise["share_below"]):
            _line("", f"{noise['share_below']:.0%} of the improvements are smaller than that")


def _fit_as_dict(f: Any, held_out: float) -> dict[str, Any]:
    return {
        "family": f.family,
        "estimates": f.estimates,
        "std_errors": f.std_errors,
        "log_likelihood": f.log_likelihood,
        "aic": f.aic,
        "bic": f.bic,
        "held_out": held_out,
        "n_changes": f.n_changes,
        "n_catastrophes": f.n_catastrophes,
        "threshold": f.threshold,
    }


def _draw(run: RunLog, path: str) -> tuple[str | None, str]:
    """Write the picture; return its path, or None and what went wrong."""
    from arbook import plots

    path = path if os.path.splitext(path)[1] else path + ".png"
    try:
        plots.plot_run(run).savefig(path, dpi=200, facecolor="white")
    except (OSError, ValueError) as error:
        return None, f"{path}: {error}"
    return path, ""


def _try(run: RunLog, work: Callable[[], Any]) -> Any:
    """Return what can be made of a run, or say what is wrong with it."""
    try:
        return work()
    except ParameterError as error:
        _say_issues(run)
        _fail(f"{run.source}: {error}")


def _fail(message: str) -> NoReturn:
    raise click.ClickException(_clean(message)) from None


def _say_left_out(f: logs.Fit, trim: float) -> None:
    """Say how many changes were left out of a fit, and by which rule."""
    if not trim:
        _line("left out", "none (--trim 0)")
        return
    all_of_them = f.n_changes + f.n_catastrophes
    _line(
        "left out",
        f"{f.n_catastrophes} of {all_of_them} changes as catastrophes: "
        f"above {_g(f.threshold)} (--trim {trim:g})",
    )
    if f.n_catastrophes > _MANY * all_of_them:
        share = f.n_catastrophes / all_of_them
        _echo(f"{share:.0%} is much to leave out: compare with --trim 0", err=True)


def _as_options(reason: str) -> str:
    """Return what the reader says, with the command's options for its arguments."""
    return reason.replace("see direction=)", "see --direction)").replace(
        "(metric= names", "(--metric names"
    )


def _say_issues(run: RunLog) -> None:
    for issue in run.issues[:_ISSUES_SHOWN]:
        _echo(f"line {issue.line}: {_as_options(issue.reason)}", err=True)
    if len(run.issues) > _ISSUES_SHOWN:
        _echo(f"and {len(run.issues) - _ISSUES_SHOWN} more; --json lists all", err=True)


def _line(name: str, text: str) -> None:
    _echo(f"{name:<16}{text}")


def _echo(text: str, err: bool = False) -> None:
    click.echo(_clean(text), err=err)


def _clean(text: str) -> str:
    """Write out what a terminal would obey: text from a file is only text."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _g(value: Any) -> str:
    return f"{value:.6g}"


def _write_json(answer: Any) -> None:
    text = json.dumps(_plain(answer), indent=2, ensure_ascii=False)
    click.echo("".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text))


def _plain(value: Any) -> Any:
    """Replace what JSON has no number for by null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value

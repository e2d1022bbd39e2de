"""Answers in words: one line for each thing, issues of the log, and what went wrong."""

from __future__ import annotations

import math
import re
from typing import Any, NoReturn

import click

from arbook import logs
from arbook.model.run import RunLog

# An argument of `read_log` in what it says, with a value or without.
_ARGUMENT = re.compile(
    r"\b(metric|direction|status_column|status|decisions|by|where)=(?:'(\w+)'|(?=(['\"])|[ );,]))"
)


# Unused rows that are listed in the terminal; --json lists all.
_ISSUES_SHOWN = 10

# Of a larger share of catastrophes it is doubtful that they are.
_MANY = 0.1


def line(name: str, text: str) -> None:
    """Print one thing after its name."""
    echo(f"{name:<16}{text}")


def echo(text: str, err: bool = False) -> None:
    """Print text, whatever is in it."""
    click.echo(clean(text), err=err)


def clean(text: str) -> str:
    """Write out what a terminal would obey: text from a file is only text."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def short(value: Any) -> str:
    """Return a number of the log to six significant digits."""
    return f"{value:.6g}"


def about(value: Any) -> str:
    """Return an estimate to three significant digits: more would claim what no log tells."""
    return f"{value:.3g}"


def to_error(value: float, error: float) -> str:
    """Return an estimate as far as the second digit of its standard error.

    Examples
    --------
    >>> to_error(0.98767, 0.0062), to_error(1234.5, 54.0), to_error(0.5, math.inf)
    ('0.9877', '1234', '0.5')
    >>> to_error(3.5712e-12, 1.4e-12)
    '3.6e-12'
    """
    if not 0 < error < math.inf or not math.isfinite(value):
        return about(value)
    decimals = 1 - math.floor(math.log10(error))
    if decimals > 9:
        return f"{float(f'{value:.{min(decimals, 300)}f}'):.15g}"
    return f"{value:.{max(decimals, 0)}f}"


def with_error(value: float, error: float) -> str:
    """Return an estimate and its standard error, both as far as the error's second digit.

    Examples
    --------
    >>> with_error(0.0324, 0.005), with_error(0.00357, 0.0014)
    ('0.0324 ± 0.0050', '0.0036 ± 0.0014')
    >>> with_error(1.0, math.inf)
    '1, not identified'
    """
    if not math.isfinite(error):
        return f"{about(value)}, not identified"
    return f"{to_error(value, error)} ± {to_error(error, error)}"


def fail(message: str) -> NoReturn:
    """End the command with a message and exit code 1."""
    raise click.ClickException(clean(message)) from None


def say_issues(run: RunLog) -> None:
    """Print what the reader of the log did not use."""
    for issue in run.issues[:_ISSUES_SHOWN]:
        echo(f"line {issue.line}: {as_options(issue.reason)}", err=True)
    if len(run.issues) > _ISSUES_SHOWN:
        echo(f"and {len(run.issues) - _ISSUES_SHOWN} more; --json lists all", err=True)


def as_options(reason: str) -> str:
    """Return what the reader says, with the command's options for its arguments."""
    return _ARGUMENT.sub(
        lambda m: f"--{m[1].replace('_', '-')}{f' {m[2]}' if m[2] else ' ' if m[3] else ''}", reason
    )


def say_left_out(f: logs.Fit, trim: float) -> None:
    """Say how many changes were left out of a fit, and by which rule."""
    if not trim:
        line("left out", "none (--trim 0)")
        return
    if f.threshold == math.inf:
        line("left out", "none: half of the changes are equal, so that none is far from them")
        return
    all_of_them = f.n_changes + f.n_catastrophes
    line(
        "left out",
        f"{f.n_catastrophes} of {all_of_them} changes as catastrophes: "
        f"above {short(f.threshold)} (--trim {trim:g})",
    )
    if f.n_catastrophes > _MANY * all_of_them:
        share = f.n_catastrophes / all_of_them
        echo(f"{share:.0%} is much to leave out: compare with --trim 0", err=True)

"""One look at a sealed test, which says whether a run's gain holds where nothing was decided."""

from __future__ import annotations

import math
from dataclasses import dataclass

from arbook._numerics.normal import NORMAL_95
from arbook._numerics.ranges import OrNone, instance, number, positive
from arbook.runs.verdicts import Verdict


@dataclass(frozen=True)
class Sealed:
    r"""What a sealed test says of a run, beside what its log says. Positive gains are better.

    Parameters
    ----------
    tested, tested_std : float
        Gain on the sealed test and its standard error, in the metric's unit.
    believed, believed_std : float
        Gain that the log makes one believe in, and its standard deviation.
    logged : float
        Gain in the log.

    See Also
    --------
    sealed : Makes it.

    Examples
    --------
    >>> seen = Sealed(0.010, 0.001, 0.020, 0.001, logged=0.025)
    >>> round(seen.z, 1), seen.answer
    (-7.1, 'less')
    """

    tested: float
    tested_std: float
    believed: float
    believed_std: float
    logged: float

    @property
    def z(self) -> float:
        """Tested less believed gain, in standard deviations of their difference."""
        return (self.tested - self.believed) / math.hypot(self.tested_std, self.believed_std)

    @property
    def answer(self) -> str:
        """Whether the test "agrees" with what is believed, or shows "less" or "more", with 95 %."""
        if abs(self.z) <= NORMAL_95:
            return "agrees"
        return "less" if self.z < 0 else "more"


def sealed(verdict: Verdict, baseline: float, best: float, *, noise: float | None = None) -> Sealed:
    r"""Compare a run's believed gain with that on a test which decided nothing.

    Law: Sealed test. However many decisions a run made, the difference of two values on a test that
    none of them saw has the true gain as its mean, and a standard error of :math:`\sqrt2\,\nu_s`.

    Parameters
    ----------
    verdict : Verdict
        From `verdict`, of the whole run.
    baseline, best : float
        Values of the baseline and of the best configuration on the sealed test, in the metric's
        unit.
    noise : float, optional
        Standard deviation :math:`\nu_s` of one value on the sealed test, > 0; that of the log's
        measurements if not given.

    Returns
    -------
    Sealed
        Both gains with their errors, and whether they agree.

    Raises
    ------
    ParameterError
        If an argument is outside its range.

    Notes
    -----
    It holds for one look. A test that is looked at before every decision has become a validation
    set [1]_; what k looks cost is bounded as for any k decisions. "less" has two causes that one
    number cannot tell apart: luck that the verdict did not expect, such as that of a validation set
    whose errors repeats do not show; and a test of another kind. The standard deviation of the
    belief adds those of baseline and best as if they were independent, which is rather too much.

    References
    ----------
    .. [1] C. Dwork, V. Feldman, M. Hardt, T. Pitassi, O. Reingold and A. Roth, "The reusable
       holdout: preserving validity in adaptive data analysis", Science 349, 636-638, 2015.

    Examples
    --------
    >>> from arbook import logs
    >>> said = logs.verdict(logs.load_run("h100-mar8"), noise=0.0005)
    >>> seen = logs.sealed(said, 0.998, 0.971)
    >>> round(seen.tested, 3), round(seen.tested_std, 4), seen.answer
    (0.027, 0.0007, 'agrees')
    """
    instance("verdict", verdict, Verdict)
    gain = number("baseline", baseline) - number("best", best)
    nu = OrNone(positive)("noise", noise)
    std = verdict.true_frontier.std
    return Sealed(
        tested=verdict.log._sign * gain,
        tested_std=math.sqrt(2) * (verdict.noise if nu is None else nu),
        believed=verdict.believed_gain,
        believed_std=math.hypot(float(std[0]), float(std[-1])),
        logged=float(verdict.log.gain),
    )

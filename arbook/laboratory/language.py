"""A real model that is trained here: a language model of bytes, on the book's own prose."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import count, instance
from arbook.laboratory.byte_model import Bytes, train
from arbook.laboratory.spaces import Knob, Space
from arbook.laboratory.tasks import Task

FILE = "prose.txt"

#: Bytes at the end of the text that no model is trained on, and that all are judged by.
HELD_OUT = 5000

SPACE = Space((
    Knob("context", 1, 12, 6, whole=True, unit="bytes"),
    Knob("embedding", 4, 32, 12, "log", whole=True),
    Knob("width", 8, 128, 48, "log", whole=True),
    Knob("depth", 0, 3, 2, whole=True, unit="layers"),
    Knob("batch", 8, 256, 32, "log", whole=True, unit="bytes"),
    Knob("learning_rate", 0.003, 3.0, 0.1, "log"),
    Knob("warmup", 0.0, 0.5, 0.1, unit="of the run"),
    Knob("warmdown", 0.0, 1.0, 0.2, unit="of the run"),
    Knob("final_rate", 0.0, 0.5, 0.1),
    Knob("momentum", 0.0, 0.98, 0.8),
    Knob("init_scale", 0.1, 5.0, 1.0, "log"),
    Knob("weight_decay", 1e-6, 0.1, 1e-3, "log"),
    Knob("clip", 0.05, 10.0, 1.0, "log"),
    Knob("smoothing", 0.0, 0.3, 0.05),
))  # fmt: skip


class LanguageModel(Task):
    """A language model of bytes with 14 knobs, trained on the prose of this book.

    One measurement is one training run in plain NumPy, some tenths of a second on one core. Its
    budget is one of arithmetic, so that a fast machine gets no better result. The metric is the
    mean number of bits that a byte of a text costs which the model has not seen; a run in
    which a batch, or that text, costs 8 bits a byte or more is a crash. Noise comes from the draw
    of initial weights and of batches, and is not the same everywhere.

    Parameters
    ----------
    runs : int, default 8
        Training runs, with seeds of their own, of which `truth` is the mean, >= 1.

    Raises
    ------
    ParameterError
        If `runs` is not an integer >= 1.

    Notes
    -----
    A neural language model in the form of [1]_. Sums of 32 bits depend on the machine in their
    last digits, and so does what a long training makes of them.

    References
    ----------
    .. [1] Y. Bengio, R. Ducharme, P. Vincent and C. Jauvin, "A neural probabilistic language
       model", Journal of Machine Learning Research 3, 1137-1155, 2003.

    Examples
    --------
    >>> task = LanguageModel()
    >>> bool(2 < task.measure(task.space.start, np.random.default_rng(1)) < 5)
    True
    """

    name = "language"

    def __init__(self, runs: int = 8) -> None:
        self.runs = count("runs", runs)
        self.space = SPACE

    def truth(self, theta: ArrayLike) -> Any:
        """Return the mean of `runs` training runs of each point; nan: one of them crashes."""
        theta = self.space.points(theta)
        seeds = range(self.runs)
        seen = [self.measure(theta, np.random.default_rng([17, seed])) for seed in seeds]
        return np.mean(seen, axis=0)[()]

    def measure(self, theta: ArrayLike, rng: np.random.Generator) -> Any:
        """Return the bits a byte of one training run of each point; nan: it diverged."""
        instance("rng", rng, np.random.Generator)
        values = self.space.values(theta)
        names = [knob.name for knob in self.space.knobs]
        text, held_out, kinds = _text()
        result = np.empty(values.shape[:-1])
        for place in np.ndindex(result.shape):
            recipe = dict(zip(names, values[place].tolist(), strict=True))
            result[place] = train(text, held_out, kinds, recipe, rng)
        return result[()]

    def settings(self) -> dict[str, Any]:
        """Return the number of runs behind the truth."""
        return {"runs": self.runs}


@cache
def _text() -> tuple[Bytes, Bytes, int]:
    """Return the text to learn from, the text to be judged by, and the number of kinds of bytes."""
    raw = resources.files("arbook").joinpath("data", FILE).read_bytes()
    kinds, place = np.unique(np.frombuffer(raw, np.uint8), return_inverse=True)
    place = place.astype(np.intp)
    return place[:-HELD_OUT], place[-HELD_OUT:], kinds.size

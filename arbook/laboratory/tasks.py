"""What a task is, and how one is saved and loaded."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from arbook._numerics.ranges import instance
from arbook._numerics.validation import FloatArray, ParameterError, file_name
from arbook.laboratory.spaces import Space


class Task(ABC):
    """Something to improve: a search space, a measurement with luck and crashes, and the truth.

    A task of your own is a class with a name, `space`, `truth` and `measure`; whoever wants to
    save it gives it `settings`, too.

    Examples
    --------
    >>> from arbook.laboratory import Sphere
    >>> isinstance(Sphere(3), Task)
    True
    """

    #: The task's name, of the metric and of the metric's unit.
    name: ClassVar[str] = ""
    metric: ClassVar[str] = "val_bpb"
    unit: ClassVar[str] = "bits per byte"

    space: Space

    @abstractmethod
    def truth(self, theta: ArrayLike) -> Any:
        """Return the metric without noise, of shape (...,) for points (..., d); nan: it crashes."""

    @abstractmethod
    def measure(self, theta: ArrayLike, rng: np.random.Generator) -> Any:
        """Return a measurement of each point, of shape (...,); nan is a crash."""

    def settings(self) -> dict[str, Any]:
        """Return what the class is called with to make this task anew."""
        return {}

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the task to a file of JSON, from which `load_task` makes it anew.

        Parameters
        ----------
        path : str or path
            The file.
        """
        text = json.dumps({"task": self.name, **self.settings()}, separators=(",", ":"))
        Path(file_name("path", path)).write_text(f"{text}\n", encoding="utf-8")


def load_task(path: str | os.PathLike[str]) -> Task:
    """Return a task that was saved.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Task
        The task.

    Raises
    ------
    ParameterError
        If the file does not hold a task of this package.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> from arbook.laboratory import Sphere
    >>> path = Path(tempfile.mkdtemp(), "sphere.json")
    >>> Sphere(5, noise=0.01).save(path)
    >>> load_task(path).noise
    0.01
    """
    from arbook.laboratory.language import LanguageModel
    from arbook.laboratory.sphere import Sphere
    from arbook.laboratory.surrogate import Surrogate

    kinds: dict[str, Any] = {kind.name: kind for kind in (Surrogate, Sphere, LanguageModel)}
    file = Path(file_name("path", path))
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        kind = kinds[said.pop("task")]
        task: Task = kind(**said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ParameterError(
            f"path must be a file that a task of {', '.join(kinds)} was saved to, got {file} "
            f"({type(error).__name__}: {error})"
        ) from None
    return task


def noisy(truth: FloatArray, noise: float, rng: np.random.Generator) -> Any:
    """Return measurements with normal noise; where there is no truth, there is none."""
    luck = instance("rng", rng, np.random.Generator).standard_normal(np.shape(truth))
    return (truth + noise * luck)[()]

"""The base of every explorer: parameters with sliders, joined to a view that needs no kernel."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import count as counter
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets
import traitlets
from ipywidgets.widgets.widget_link import Link

from arbook._numerics.ranges import Integer, Real
from arbook._numerics.validation import refuse
from arbook._palette import coloured
from arbook.widgets._modules import joined_module

_HERE = Path(__file__).parent

# Seeds are 32 bits with a sign in the front end.
_LAST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Control:
    """How one parameter is shown: its slider's range, words and unit.

    Parameters
    ----------
    symbol, words : str
        As in ``"σ₀"``, ``"initial step size"``.
    low, high : float
        Range of the slider and of the parameter.
    step : float
        Step of the slider; of the base-10 logarithm if `kind` is "log".
    kind : {"linear", "log", "whole"}, default "linear"
        Scale of the slider; "whole" is one of whole numbers.
    unit : str, default ""
        Unit, as in ``"bits per byte"``.
    digits : int, default 3
        Decimals of the readout, significant digits if `kind` is "log".
    more : bool, default False
        Behind the disclosure, not among the sliders at first sight.
    order : int, optional
        Place among the controls; that in which they are made.

    See Also
    --------
    slider : Makes a parameter with one.

    Examples
    --------
    >>> control = Control("γ", "decay rate", 0.9, 0.999, 0.001)
    >>> control.make(0.97, lambda part: {}).description
    'γ decay rate'
    """

    symbol: str
    words: str
    low: float
    high: float
    step: float
    kind: str = "linear"
    unit: str = ""
    digits: int = 3
    more: bool = False
    order: int = field(default_factory=counter().__next__)

    def make(self, value: float, identify: Identify) -> ipywidgets.DOMWidget:
        """Return the ipywidgets slider."""
        common: dict[str, Any] = {
            "description": f"{self.symbol} {self.words}",
            "tooltip": self.words,  # without one, ipywidgets writes title="null"
            "value": value,
            "continuous_update": True,
            "layout": ipywidgets.Layout(**identify("layout")),
            "style": ipywidgets.SliderStyle(description_width="initial", **identify("style")),
            **identify("slider"),
        }
        if self.kind == "log":
            from math import log10

            return ipywidgets.FloatLogSlider(
                min=log10(self.low),
                max=log10(self.high),
                step=self.step,
                readout_format=f".{self.digits}g",
                **common,
            )
        if self.kind == "whole":
            return ipywidgets.IntSlider(
                min=int(self.low), max=int(self.high), step=int(self.step), **common
            )
        return ipywidgets.FloatSlider(
            min=self.low,
            max=self.high,
            step=self.step,
            readout_format=f".{self.digits}f",
            **common,
        )


def slider(
    default: float,
    low: float,
    high: float,
    step: float,
    *,
    words: str,
    symbol: str = "",
    unit: str = "",
    digits: int = 3,
    log: bool = False,
    more: bool = False,
) -> Any:
    """Return a parameter with a slider, for the body of an `Explorer`.

    An integer `default` makes a parameter of whole numbers.

    Parameters
    ----------
    default : float or int
        Start value.
    low, high : float
        Range of the slider and of the parameter.
    step : float
        Step of the slider; with ``log=True`` a step of the base-10 logarithm, such as 0.02.
    words : str
        As in ``"initial step size"``.
    symbol, unit : str, default ""
        As in ``"σ₀"`` and ``"bits per byte"``.
    digits : int, default 3
        Decimals of the readout; with ``log=True`` significant digits.
    log : bool, default False
        A logarithmic scale.
    more : bool, default False
        Behind the disclosure, not among the (at most three) sliders at first sight.

    Returns
    -------
    traitlets.TraitType
        A synced trait.

    Examples
    --------
    >>> slider(0.97, 0.9, 0.999, 0.001, symbol="γ", words="decay rate").default_value
    0.97
    """
    whole = isinstance(default, int)
    kind = "log" if log else "whole" if whole else "linear"
    control = Control(symbol, words, low, high, step, kind, unit, digits, more)
    trait = traitlets.CInt if whole else traitlets.CFloat
    # A slider's own end may be off by a rounding error: let it pass.
    slack = 0 if whole else 1e-9 * max(abs(low), abs(high))
    return trait(default, min=low - slack, max=high + slack).tag(sync=True, control=control)


@dataclass(frozen=True)
class Preset:
    """A named set of parameter values, with a note that says what to see.

    Parameters that it does not name go back to their defaults; `Explorer.untouched` stay.

    Parameters
    ----------
    name : str
        What its button says.
    values : mapping of str to float
        Values by the name of the parameter, where they differ from the defaults.
    note : str, default ""
        What to see, shown once it is chosen.

    Examples
    --------
    >>> Preset("Aimless", {"mu": 0.0}, "A coin decides.").name
    'Aimless'
    """

    name: str
    values: Mapping[str, float]
    note: str = ""


@dataclass(frozen=True)
class Guess:
    """The question before: a number to guess, or (with `choices`) one of several answers.

    The truth is computed by the view for the start values.

    Parameters
    ----------
    text : str
        The question.
    because : str
        Why the truth is what it is, shown with the verdict.
    unit : str, default ""
        Unit of the number.
    digits : int, default 3
        Decimals of the number.
    example : str, default ""
        What stands in the empty field.
    choices : sequence of str, optional
        The answers to choose from, in place of a number.

    Examples
    --------
    >>> Guess("Keep it?", "The rule is strict.", choices=("Keep it", "Discard it")).choices[1]
    'Discard it'
    """

    text: str
    because: str
    unit: str = ""
    digits: int = 3
    example: str = ""
    choices: Sequence[str] | None = None


@dataclass(frozen=True)
class Question:
    """The question after, with its answer folded away.

    Parameters
    ----------
    text : str
        The question.
    answer : str
        The answer.

    Examples
    --------
    >>> Question("Could the line go up?", "No.").answer
    'No.'
    """

    text: str
    answer: str


def _is_slider(found: object) -> bool:
    return isinstance(found, traitlets.TraitType) and "control" in found.metadata


#: Gives each model of an explorer its id, as a keyword argument.
Identify = Callable[[str], dict[str, str]]

_numbers = counter(1)


def _identify(name: str) -> Identify:
    """Return the ids of one explorer's models: fixed ones where a build wants to be reproducible.

    Elsewhere ipywidgets draws random ids, which a kernel that is restarted needs.
    """
    if "SOURCE_DATE_EPOCH" not in os.environ:
        return lambda part: {}
    number, parts = next(_numbers), counter(1)
    return lambda part: {"model_id": f"arbook-{name}-{number}-{part}-{next(parts)}"}


class Explorer(anywidget.AnyWidget):
    """A picture with sliders that answers with and without a kernel.

    The view (JavaScript) does the arithmetic and draws. The sliders are ipywidgets, tied to this
    object's parameters by `jslink`, so they work on the published page; in a live notebook Python
    sees every change: ``explorer.sigma0``, ``explorer.observe(function, "sigma0")`` and the sliders
    in ``explorer.sliders``.

    A subclass gives the class attributes below and one `slider` for each parameter, from which its
    docstring's list of parameters is made. Views, shared modules and tests: see README.md beside
    this file.

    Parameters
    ----------
    **parameters : float
        Start values other than the defaults.

    Raises
    ------
    ParameterError
        If a parameter is unknown or outside its slider's range.

    Examples
    --------
    >>> from arbook.widgets import FrontierExplorer
    >>> explorer = FrontierExplorer(sigma0=0.02)
    >>> explorer.sigma0, explorer.sliders["sigma0"].value
    (0.02, 0.02)
    """

    #: Name in links, in scores and in the page.
    name: ClassVar[str]
    #: Title for a screen reader.
    title: ClassVar[str]
    #: File name of the view.
    view: ClassVar[str]
    #: Named settings.
    presets: ClassVar[Sequence[Preset]] = ()
    #: Parameters that presets leave as they are.
    untouched: ClassVar[Sequence[str]] = ()
    #: The question before, if there is one.
    guess: ClassVar[Guess | None] = None
    #: The question after.
    after: ClassVar[Question | None] = None
    #: First seed of the draws; None for an explorer without randomness.
    first_seed: ClassVar[int | None] = 1
    #: Numbers that the view needs from Python (real runs, a shelf of programs).
    data: ClassVar[Mapping[str, Any]] = {}

    _esm: ClassVar[str] = ""
    _css: ClassVar[str] = ""

    seed = traitlets.CInt(1, min=0, max=_LAST_SEED).tag(sync=True)
    _spec = traitlets.Dict().tag(sync=True)
    _data = traitlets.Dict().tag(sync=True)
    _controls: traitlets.List[Any] = traitlets.List().tag(
        sync=True, **ipywidgets.widget_serialization
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "view" in cls.__dict__:  # not in the subclass that traitlets makes for each object
            cls._esm = joined_module(cls.view)
            cls._css = cls._styles()
            cls.__doc__ = f"{inspect.cleandoc(cls.__doc__ or '')}\n\n{cls._list_parameters()}"

    @staticmethod
    def _styles() -> str:
        """Return the styles of every explorer."""
        return coloured((_HERE / "explorers.css").read_text(encoding="utf-8"))

    @classmethod
    def _list_parameters(cls) -> str:
        """Return the docstring's sections that the sliders make: parameters, and an example."""
        lines = ["Parameters", "----------"]
        sliders = {name: trait for name, trait in vars(cls).items() if _is_slider(trait)}
        for name, trait in sliders.items():
            control: Control = trait.metadata["control"]
            kind = "int" if control.kind == "whole" else "float"
            words = f"{control.words[0].upper()}{control.words[1:]} {control.symbol}".rstrip()
            unit = f", in {control.unit}" if control.unit else ""
            lines += [
                f"{name} : {kind}, default {trait.default_value:g}",
                f"    {words}, from {control.low:g} to {control.high:g}{unit}.",
            ]
        if cls.first_seed is not None:
            lines += [f"seed : int, default {cls.first_seed}", "    Seed of the draws."]
        first, trait = next(iter(sliders.items()))
        lines += ["", "Examples", "--------", f">>> {cls.__name__}().{first}"]
        return "\n".join([*lines, f"{trait.default_value}", ""])

    def __init__(self, **parameters: float) -> None:
        controls = self.controls()
        start = {}
        for key in parameters:
            if key not in controls and not (key == "seed" and self.first_seed is not None):
                allowed = "one of " + ", ".join([*controls, "seed"])
                raise refuse("the name of a parameter", key, allowed)
        for key, control in controls.items():
            start[key] = parameters.get(key, self.traits()[key].default_value)
            Real(control.low, control.high)(key, start[key])
        seed = self.first_seed
        if "seed" in parameters:
            seed = Integer(0, _LAST_SEED)("seed", parameters["seed"])

        identify = _identify(self.name)
        self.sliders = {
            key: control.make(start[key], identify) for key, control in controls.items()
        }
        super().__init__(
            **start,
            **({} if seed is None else {"seed": seed}),
            _controls=list(self.sliders.values()),
            _spec=self._describe(start, seed),
            _data=dict(self.load_data()),
            layout=ipywidgets.Layout(**identify("layout")),
            **identify("explorer"),
        )
        self._links = [
            Link((widget, "value"), (self, key), **identify("link"))
            for key, widget in self.sliders.items()
        ]

    @classmethod
    def controls(cls) -> dict[str, Control]:
        """Return the controls by parameter name, in the order of the class body."""
        traits = cls.class_traits(control=lambda value: value is not None)
        found = {name: trait.metadata["control"] for name, trait in traits.items()}
        return dict(sorted(found.items(), key=lambda item: item[1].order))

    def values(self) -> dict[str, float]:
        """Return the current value of every parameter, and the seed if there is one."""
        values = {name: getattr(self, name) for name in self.controls()}
        return values if self.first_seed is None else {**values, "seed": self.seed}

    def load_data(self) -> Mapping[str, Any]:
        """Return the numbers for the view: `data`, unless a subclass reads them from somewhere."""
        return self.data

    def _describe(self, start: Mapping[str, float], seed: float | None) -> dict[str, Any]:
        """Return what the view needs to know, in plain types."""
        parameters = [
            {
                "name": name,
                "symbol": control.symbol,
                "words": control.words,
                "unit": control.unit,
                "low": control.low,
                "high": control.high,
                "whole": control.kind == "whole",
                "more": control.more,
            }
            for name, control in self.controls().items()
        ]
        defaults = {name: getattr(type(self), name).default_value for name in start}
        for name in self.untouched:
            del defaults[name]
        return {
            "name": self.name,
            "title": self.title,
            "parameters": parameters,
            "start": dict(start),
            "seed": seed,
            "presets": [
                {"name": preset.name, "values": {**defaults, **preset.values}, "note": preset.note}
                for preset in self.presets
            ],
            "guess": None if self.guess is None else asdict(self.guess),
            "after": None if self.after is None else asdict(self.after),
        }

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value:.12g}" for name, value in self.values().items())
        return f"{type(self).__name__}({said})"

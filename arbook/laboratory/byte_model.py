"""A language model of bytes in plain NumPy: the last few bytes in, chances of the next one out.

Layers of rectified sums over learnt vectors of the last bytes, trained by gradient descent with
momentum. `train` is the experiment: everything that an agent may change is in its recipe.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Bytes = NDArray[np.intp]

#: Multiplications that an experiment may spend, and what a step costs beside its matrices.
BUDGET = 6e8
STEP = 5e5

#: A byte that is not predicted costs so many bits: who needs more has diverged.
MOST_BITS = 8.0

#: Bytes that are predicted at once when a model is judged.
_ROWS = 4096


def train(
    text: Bytes, held_out: Bytes, kinds: int, recipe: Mapping[str, Any], rng: np.random.Generator
) -> float:
    """Return the bits a byte that a model needs on a text that it has not seen; nan: it diverged.

    The budget is one of arithmetic, as the real task's is one of time: a large model takes fewer
    steps. `text` and `held_out` are places in an alphabet of so many kinds.
    """
    context, batch = int(recipe["context"]), int(recipe["batch"])
    layers = _layers(kinds, recipe, rng)
    speed = [np.zeros_like(layer) for layer in layers]
    products = sum(layer.size for layer in layers[1:])
    steps = int(BUDGET / (6 * batch * products + STEP))
    back = np.arange(context)
    with np.errstate(over="ignore", invalid="ignore"):  # what diverges is said to have crashed
        for step in range(steps):
            start = rng.integers(0, text.size - context, batch).astype(np.intp)
            lost, gradient = _gradient(
                layers, text[start[:, None] + back], text[start + context], recipe["smoothing"]
            )
            if not lost < MOST_BITS:
                return float("nan")
            size = np.sqrt(sum(float(np.vdot(g, g)) for g in gradient))
            rate = recipe["learning_rate"] * _share(step / steps, recipe)
            shorter = np.float32(min(1.0, recipe["clip"] / max(size, 1e-12)))
            shrunk = np.float32(1 - rate * recipe["weight_decay"])
            for layer, pace, g in zip(layers, speed, gradient, strict=True):
                pace *= np.float32(recipe["momentum"])
                pace += shorter * g
                layer *= shrunk
                layer -= np.float32(rate) * pace
        bits = _bits(layers, held_out, context)
    return bits if bits < MOST_BITS else float("nan")


def _layers(kinds: int, recipe: Mapping[str, Any], rng: np.random.Generator) -> list[Array]:
    """Return the vectors of the bytes, and a matrix a layer, its last row a constant."""
    embedding, width = int(recipe["embedding"]), int(recipe["width"])
    sizes = [int(recipe["context"]) * embedding, *[width] * int(recipe["depth"]), kinds]
    scale = recipe["init_scale"]
    layers = [scale * rng.standard_normal((kinds, embedding))]
    for before, after in pairwise(sizes):
        spread = scale / np.sqrt(before) * rng.standard_normal((before + 1, after))
        spread[-1] = 0
        layers.append(spread)
    layers[-1] *= 0.1  # all bytes are about as likely at first
    return [layer.astype(np.float32) for layer in layers]


def _share(done: float, recipe: Mapping[str, Any]) -> float:
    """Return the share of the learning rate after a share of the steps."""
    up = min(1.0, (done + 0.01) / recipe["warmup"]) if recipe["warmup"] > 0.01 else 1.0
    left = min(1.0, (1 - done) / recipe["warmdown"]) if recipe["warmdown"] else 1.0
    return float(up * (recipe["final_rate"] + (1 - recipe["final_rate"]) * left))


def _forward(layers: list[Array], x: Bytes) -> list[Array]:
    """Return what goes into each matrix, and the chances of every next byte."""
    h = layers[0][x].reshape(len(x), -1)
    inside = []
    for matrix in layers[1:]:
        inside.append(h)
        h = h @ matrix[:-1] + matrix[-1]
        if len(inside) < len(layers) - 1:
            np.maximum(h, 0, out=h)
    h -= h.max(axis=1, keepdims=True)
    np.exp(h, out=h)
    h /= h.sum(axis=1, keepdims=True)
    return [*inside, h]


def _gradient(
    layers: list[Array], x: Bytes, y: Bytes, smoothing: float
) -> tuple[float, list[Array]]:
    """Return the bits a byte of a batch, and the gradient of its loss in each layer."""
    *inside, chance = _forward(layers, x)
    n, kinds = chance.shape
    bits = _cost(chance, y) / n
    g = chance - np.float32(smoothing / kinds)
    g[np.arange(n), y] -= np.float32(1 - smoothing)
    g /= np.float32(n)
    found = []
    for k in range(len(inside) - 1, -1, -1):
        found.append(np.vstack([inside[k].T @ g, g.sum(axis=0)]))
        g = g @ layers[k + 1][:-1].T
        if k:
            g *= inside[k] > 0
    marks = np.eye(kinds, dtype=np.float32)[x.ravel()]  # faster than to add place by place
    vectors = marks.T @ g.reshape(x.size, -1)
    return bits, [vectors, *found[::-1]]


def _bits(layers: list[Array], text: Bytes, context: int) -> float:
    """Return the mean number of bits that the next byte of a text costs."""
    total, places = 0.0, np.arange(text.size - context)
    for rows in np.array_split(places, -(-places.size // _ROWS)):
        chance = _forward(layers, text[rows[:, None] + np.arange(context)])[-1]
        total += _cost(chance, text[rows + context])
    return total / places.size


def _cost(chance: Array, y: Bytes) -> float:
    """Return the bits that bytes cost together, given the chances of every byte."""
    right = np.maximum(chance[np.arange(y.size), y], np.float32(1e-30))
    return -float(np.log2(right, dtype=np.float64).sum())

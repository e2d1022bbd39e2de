"""Seeds: what every simulator accepts as `seed`, and the sources of randomness it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from arbook._numerics.ranges import Integer

if TYPE_CHECKING:  # NumPy loads its random numbers when they are first used, and so do we
    from numpy.random import Generator, SeedSequence

#: What fixes the random numbers: a seed, a source of seeds, or nothing for fresh ones.
Seed: TypeAlias = "int | SeedSequence | Generator | None"

_INTEGER = Integer(note="or a SeedSequence, a Generator, None")


def seed_sequence(seed: Seed) -> SeedSequence:
    """Return the source of seeds that an argument `seed` names."""
    if isinstance(seed, np.random.SeedSequence):
        return seed
    if isinstance(seed, np.random.Generator):
        # drawn from the generator, so that two calls with the same one differ
        return np.random.SeedSequence(int.from_bytes(seed.bytes(16)))
    return np.random.SeedSequence(None if seed is None else _INTEGER("seed", seed))


def generator(seed: Seed) -> Generator:
    """Return the source of random numbers that an argument `seed` names."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(seed_sequence(seed))


def child(seed: SeedSequence, number: int) -> SeedSequence:
    """Return a child of a seed, as its first `spawn` makes it; the seed stays as it is."""
    return np.random.SeedSequence(
        seed.entropy, spawn_key=(*seed.spawn_key, number), pool_size=seed.pool_size
    )

"""Clusters of texts by their vectors: spherical k-means, without chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.models.embedder import Vectors

__all__ = ["clusters"]

_CLUSTER = 25  # texts for each cluster, so that a small library stays one or two interests
_MOST_CLUSTERS = 12
_ROUNDS = 20


def clusters(vectors: Vectors) -> list[list[int]]:
    """Spherical k-means from the farthest points on; places with the most central first, largest cluster first."""
    import numpy as np

    count = int(np.clip(len(vectors) // _CLUSTER, 1, _MOST_CLUSTERS))
    centres = _far_apart(vectors, count)
    nearest = np.argmax(vectors @ centres.T, axis=1)
    for _ in range(_ROUNDS):
        sums = np.stack([vectors[nearest == one].sum(axis=0) for one in range(count)])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
        moved = np.argmax(vectors @ centres.T, axis=1)
        if (moved == nearest).all():
            break
        nearest = moved
    groups = []
    for one in range(count):
        members = np.flatnonzero(nearest == one)
        order = np.argsort(-(vectors[members] @ centres[one]), kind="stable")
        groups.append(members[order].tolist())
    return sorted((group for group in groups if group), key=lambda group: (-len(group), group[0]))


def _far_apart(vectors: Vectors, count: int) -> Vectors:
    """The text nearest to the mean, then each time the one farthest from those that are chosen."""
    import numpy as np

    chosen = [int(np.argmax(vectors @ vectors.mean(axis=0)))]
    closest = vectors @ vectors[chosen[0]]
    while len(chosen) < count:
        chosen.append(int(np.argmin(closest)))
        closest = np.maximum(closest, vectors @ vectors[chosen[-1]])
    return vectors[chosen]

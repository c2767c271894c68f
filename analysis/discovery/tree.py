"""CART as a second opinion: a tree of yes/no splits, whose leaves are boxes too.

The tree grows to at most 8 leaves of at least a share of the points, and is cut back to the
smallest size whose squared error on points that it has not seen lies within one standard error of
the best (five folds of whole blocks). A tree without a split sees no condition.

    error     mean over points of (y - share of cases in the leaf)^2, leaf grown without the fold
    explained 1 - error / error of the share of cases itself; 0 or less: the tree predicts nothing

scikit-learn grows the trees; it comes with the extra ``discover`` and is imported here only.

Source: Breiman, Friedman, Olshen & Stone (1984), doi:10.1201/9781315139470 (trees, the rule of one
standard error).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.discovery.choice import Step, step_of
from analysis.discovery.peel import LEAST, everything

MOST_LEAVES, FOLDS, FEWEST_IN_LEAF = 8, 5, 10
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Tree(NamedTuple):
    """Leaves, densest first. ``explained``: share of the squared error, on unseen points."""

    leaves: tuple[Step, ...]
    explained: float

    @property
    def settings(self) -> frozenset[int]:
        """Settings that any leaf restricts."""
        return frozenset(
            int(setting) for leaf in self.leaves for setting in np.flatnonzero(leaf.box.restricted)
        )


def tree_of(x: Floats, y: Flags, block: NDArray[np.int64]) -> Tree:
    """Grow, cut back and read the leaves."""
    error = np.array([_errors(x, y, block, leaves) for leaves in range(1, MOST_LEAVES + 1)])
    mean = error.mean(axis=1)
    best = int(mean.argmin())
    allowed = mean[best] + error[best].std(ddof=1) / math.sqrt(len(y))
    size = int(np.flatnonzero(mean <= allowed)[0]) + 1
    explained = 1 - float(mean[size - 1] / mean[0]) if mean[0] > 0 else math.nan
    if size == 1:
        return Tree((step_of(x, y, everything(x.shape[1])),), 0.0)
    found = _leaves(x, y, _grown(x, y, size))
    return Tree(tuple(sorted(found, key=lambda leaf: -leaf.density)), explained)


def _errors(x: Floats, y: Flags, block: NDArray[np.int64], leaves: int) -> Floats:
    """Squared error of every point, each predicted by the trees that have not seen it."""
    _, place = np.unique(block, return_inverse=True)
    fold = np.random.default_rng(len(y)).permutation(int(place.max()) + 1)[place] % FOLDS
    found = np.zeros(len(y))
    for one in range(FOLDS):
        test, train = fold == one, fold != one
        if leaves == 1:
            found[test] = y[train].mean()
        else:
            model = _grown(x[train], y[train], leaves)
            found[test] = _shares(model, x[train], y[train], x[test])
    return (y - found) ** 2


def _grown(x: Floats, y: Flags, leaves: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    least = max(FEWEST_IN_LEAF, math.ceil(LEAST * len(y)))
    model = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=least, random_state=0)
    return model.fit(x, y)


def _shares(model: Any, x: Floats, y: Flags, at: Floats) -> Floats:
    """Share of cases in the leaf of every point of ``at``."""
    own = model.apply(x)
    share = np.bincount(own, y, model.tree_.node_count) / np.maximum(
        np.bincount(own, minlength=model.tree_.node_count), 1
    )
    return np.asarray(share[model.apply(at)])


def _leaves(x: Floats, y: Flags, model: Any) -> list[Step]:
    """Every leaf as a box, by the splits on its way."""
    inner, found = model.tree_, []
    waiting = [(0, everything(x.shape[1]))]
    while waiting:
        node, box = waiting.pop()
        if inner.children_left[node] < 0:
            found.append(step_of(x, y, box))
            continue
        setting, limit = int(inner.feature[node]), float(inner.threshold[node])
        waiting.append((int(inner.children_left[node]), box.moved(setting, True, limit)))
        waiting.append((int(inner.children_right[node]), box.moved(setting, False, limit)))
    return found

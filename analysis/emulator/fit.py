"""Fitting: penalised logistic regression by reweighted least squares, or plain ridge regression.

With design X, k_p events in n_p histories of point p, eta = X b, p = 1 / (1 + exp(-eta))::

    W = n p (1 - p)         z = eta + (k - n p) / W
    b <- (X' W X + P)^-1 X' W z          P = ridge, none on the constant

until b moves less than 1e-8. A mean instead of a chance has one step, W = n and z the mean.

All points share the seeds, so that their errors are alike; the covariance of b counts clusters of
points, of seeds, and what both count once::

    C = H (sum_p g_p g_p' + S / (S - 1) sum_s g_s g_s' - sum_ps g_ps g_ps') H,   H = (X' W X + P)^-1

with scores g_ps = x_p (y_ps - p_p), negative directions set to zero, and never less than H itself
says of independent histories in that direction's diagonal.

Sources: McCullagh & Nelder (1989), Generalized Linear Models, sec. 2.5 (reweighting); Cameron,
Gelbach & Miller (2011), doi 10.1198/jbes.2010.07136 (two ways of clustering).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.emulator.basis import Floats

STEPS, MOVED = 60, 1e-8
EDGE = 30.0  # largest logit that is followed
RIDGES = (0.03, 0.3, 3.0, 30.0)


class Fit(NamedTuple):
    """Coefficients, and the inverse of the penalised information."""

    coefficients: Floats  # [term]
    inverse: Floats  # [term, term]
    logit: bool

    def mean(self, columns: Floats) -> Floats:
        """Fitted mean of rows of the design."""
        return link(columns @ self.coefficients, logit=self.logit)


def link(eta: Floats, *, logit: bool) -> Floats:
    """The mean for a linear predictor."""
    if not logit:
        return eta
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(eta, -EDGE, EDGE))))


def slope(mean: Floats, *, logit: bool) -> Floats:
    """How the mean moves with the linear predictor."""
    return mean * (1.0 - mean) if logit else np.ones_like(mean)


def fit(columns: Floats, total: Floats, count: Floats, ridge: float, *, logit: bool) -> Fit:
    """Fit sums ``total`` of ``count`` histories per point [point]."""
    penalty = np.full(columns.shape[1], ridge)
    penalty[0] = 0.0
    share = float((total.sum() + 0.5) / (count.sum() + 1.0)) if logit else float(
        total.sum() / count.sum())  # fmt: skip
    b: Floats = np.zeros(columns.shape[1])
    b[0] = np.log(share / (1 - share)) if logit else share
    for _ in range(STEPS if logit else 1):
        eta = np.clip(columns @ b, -EDGE, EDGE)
        mean = link(eta, logit=logit)
        weight = count * np.maximum(slope(mean, logit=logit), 1e-9)
        working = eta + (total - count * mean) / weight
        information = (columns * weight[:, None]).T @ columns + np.diag(penalty)
        new: Floats = np.linalg.solve(information, columns.T @ (weight * working)).astype(float)
        moved, b = float(np.abs(new - b).max()), new
        if moved < MOVED:
            break
    return Fit(b, np.linalg.inv(information).astype(float), logit)


def covariance(columns: Floats, residuals: Floats, found: Fit) -> Floats:
    """Covariance of the coefficients from residuals [point, seed] (NaN: no run) of a fit."""
    filled = np.nan_to_num(residuals)
    of_points = columns * filled.sum(axis=1)[:, None]
    of_seeds = filled.T @ columns
    seeds = len(of_seeds)
    each = (columns * (filled**2).sum(axis=1)[:, None]).T @ columns
    meat = of_points.T @ of_points - each
    meat = meat + (seeds / (seeds - 1) * of_seeds.T @ of_seeds if seeds > 1 else each)
    middle = found.inverse @ meat @ found.inverse
    values, vectors = np.linalg.eigh((middle + middle.T) / 2)
    whole = (vectors * np.maximum(values, 0.0)) @ vectors.T
    lacking = np.maximum(np.diag(found.inverse) * _scale(residuals, found) - np.diag(whole), 0.0)
    return np.asarray(whole + np.diag(lacking))


def _scale(residuals: Floats, found: Fit) -> float:
    """Variance of one history for a mean; 1 for a chance, whose information has it inside."""
    return 1.0 if found.logit else float(np.nanvar(residuals))


def deviance(total: Floats, count: Floats, mean: Floats, *, logit: bool) -> float:
    """Misfit of means on rows that were not fitted; smaller is better."""
    if not logit:
        return float((count * (total / count - mean) ** 2).sum())
    inside = np.clip(mean, 1e-9, 1 - 1e-9)
    return float(-(total * np.log(inside) + (count - total) * np.log(1 - inside)).sum())

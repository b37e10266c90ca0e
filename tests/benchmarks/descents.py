"""How many evaluations our L-BFGS needs for the losses that SciPy's L-BFGS-B reaches."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

import numpy as np
from scipy.optimize import OptimizeResult, minimize

import cnn_core as cnn

HISTORY = 10
MILESTONES = (25, 50, 100)  # evaluations of SciPy's: what loss has it reached by then?
CONVERGED = 1e-6  # and when is it here? Much lower, float32 has only noise to offer.
MOST_EVALUATIONS = 400
MOST_RATIO = 1.2
SEEDS = range(10)


@dataclass(frozen=True)
class Point:
    """The training loss of an accepted iterate, and the evaluations it took so far."""

    evaluations: float
    loss: float


def our_descent(model: cnn.Sequential, data: cnn.Dataset) -> Iterator[Point]:
    steps = cnn.fit(
        model,
        data,
        optimizer=cnn.LBFGS(HISTORY),
        batch_size=len(data.train_images),
        epochs=MOST_EVALUATIONS,
        rng=np.random.default_rng(0),  # nothing is drawn
    )
    for report in takewhile(lambda report: report.evaluations <= 2 * MOST_EVALUATIONS, steps):
        assert report.line_search is not None
        yield Point(report.evaluations, report.line_search.loss)
        if report.line_search.converged:
            return


def scipys_descent(model: cnn.Sequential, data: cnn.Dataset) -> list[Point]:
    """Let SciPy minimise the same float32 network's loss; its own vectors are float64, as ours."""
    points: list[Point] = []
    evaluations = 0

    def loss_and_gradient(params: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal evaluations
        evaluations += 1
        model.flat_params = params.astype(np.float32)
        loss, grad = cnn.cross_entropy(model.forward(data.train_images), data.train_labels)
        model.backward(grad, needs_input_grad=False)
        return float(loss), model.flat_grads.astype(np.float64)

    def note(intermediate_result: OptimizeResult) -> None:
        points.append(Point(evaluations, float(intermediate_result.fun)))

    options = {"maxcor": HISTORY, "ftol": 0, "gtol": 0, "maxfun": MOST_EVALUATIONS}
    start = model.flat_params.astype(np.float64)
    minimize(loss_and_gradient, start, jac=True, method="L-BFGS-B", callback=note, options=options)
    return points


def evaluations_beside_scipy() -> bool:
    """Print how many evaluations ours needs for the loss that SciPy's reached; True if met."""
    data = cnn.load_dataset("digits", rng=np.random.default_rng(0))
    needed: dict[str, list[tuple[float, float]]] = {}
    for seed in SEEDS:
        theirs = scipys_descent(cnn.build_network("digits", rng=np.random.default_rng(seed)), data)
        ours = list(our_descent(cnn.build_network("digits", rng=np.random.default_rng(seed)), data))
        targets = {
            f"as after {milestone}": [p for p in theirs if p.evaluations <= milestone][-1]
            for milestone in MILESTONES
        }
        targets[f"of {CONVERGED:g}"] = reached(theirs, CONVERGED)
        for name, target in targets.items():
            pair = reached(ours, target.loss).evaluations, target.evaluations
            needed.setdefault(name, []).append(pair)

    print(
        f"\nL-BFGS on the whole digits training set, history {HISTORY}, {len(SEEDS)} starts:"
        " evaluations, ours / SciPy's L-BFGS-B"
    )
    all_met = True
    for name, pairs in needed.items():
        ours_median, theirs_median = (median(side) for side in zip(*pairs, strict=True))
        ratio = ours_median / theirs_median
        worst = max(mine / other for mine, other in pairs)
        all_met &= ratio <= MOST_RATIO
        print(
            f"  training loss {name:13}  medians {ours_median:5.1f} /{theirs_median:6.1f}"
            f" = {ratio:.2f}, worst start {worst:.2f}  (at most {MOST_RATIO})"
            f"  {'ok' if ratio <= MOST_RATIO else 'MISSED'}"
        )
    return all_met


def reached(points: list[Point], loss: float) -> Point:
    """Return the first point that is as low; one after infinitely many evaluations if none is."""
    return next((point for point in points if point.loss <= loss), Point(math.inf, loss))

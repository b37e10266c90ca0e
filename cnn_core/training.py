"""The training loop, one step at a time.

`fit` is a generator: it makes a step whenever somebody asks for the next report, and in between
it waits. Who asks may draw a curve, change the learning rate, pause, or stop for good.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from numbers import Integral
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .datasets import Dataset
from .evaluation import Loss, evaluate, target_for
from .lbfgs import LBFGS, LBFGSReport
from .losses import cross_entropy
from .network import Sequential
from .optim import SGD, Adam
from .penalty import L2

Array = NDArray[Any]


class DivergedError(ValueError):
    """The loss is no longer a finite number: training cannot go on."""


@dataclass(frozen=True)
class StepReport:
    """What one training step did.

    Attributes
    ----------
    step, epoch : int
        Counted from 1.
    loss, batch_accuracy : float
        Of this step's batch, before the update; without the penalty.
    penalty : float
        What the parameters cost before the update, if they do.
    grad_norms : dict of str to float
        The Euclidean norm of each layer's gradient, before the update; layers that learn only.
    seconds : float
        Time spent on training so far: neither on the test set nor while nobody asked for a step.
    evaluations : int
        How often a batch's loss and gradient were computed so far. Once per step, but for L-BFGS.
    test_loss, test_accuracy : float or None
        After the update, at the steps that `evaluate_every` chooses.
    line_search : LBFGSReport or None
        What L-BFGS did.
    """

    step: int
    epoch: int
    loss: float
    penalty: float
    batch_accuracy: float
    grad_norms: dict[str, float]
    seconds: float
    evaluations: int
    test_loss: float | None
    test_accuracy: float | None
    line_search: LBFGSReport | None


def fit(
    model: Sequential,
    data: Dataset,
    *,
    optimizer: SGD | Adam | LBFGS,
    loss: Loss = cross_entropy,
    batch_size: int,
    epochs: int,
    rng: np.random.Generator,
    evaluate_every: int | None = None,
    sample_weight: ArrayLike | None = None,
    penalty: L2 | None = None,
    skip_batches: int = 0,
) -> Iterator[StepReport]:
    """Train a model, one batch per step.

    What is minimised is Σₙ wₙ·lossₙ over the training set, with wₙ = 1/N unless `sample_weight`
    says otherwise, plus the penalty, if there is one. The loss of a batch of B samples estimates
    the sum: Σₙ (N/B)·wₙ·lossₙ, by default the mean over the batch. So a learning rate means the
    same for any batch size.

    Parameters
    ----------
    model : Sequential
        Trained in place.
    data : Dataset
    optimizer : SGD, Adam or LBFGS
        Its settings may be changed between steps. `LBFGS` is meant for a full batch; with smaller
        ones each step makes an iteration on the loss of its batch alone.
    loss : callable
        `cross_entropy`; or `squared_error` or `binary_cross_entropy_with_logits` against one-hot
        targets; or a function like them: (output, labels, sample_weight) -> (loss, grad_output).
    batch_size : int
        Samples per step; the last batch of an epoch may be smaller. With all samples in one
        batch there is one step per epoch, and nothing is drawn from `rng`.
    epochs : int
        How often to go through the training set, each time in a new random order.
    rng : numpy.random.Generator
        Draws the order. Equal seeds give equal runs.
    evaluate_every : int, optional
        Evaluate the test set after every so many steps, and after the last one.
    sample_weight : (N,) array_like, optional
        The weight wₙ of each training sample, not negative. They need not sum to 1.
    penalty : L2, optional
        What large parameters cost; its strength may be changed between steps.
    skip_batches : int
        How many batches of the first epoch to pass over. A run that was left in the middle of an
        epoch goes on as if nothing had happened, if `rng` is as it was when that epoch began.

    Returns
    -------
    iterator of StepReport
        Each `next` makes one step.

    Raises
    ------
    ValueError
        At once, if a parameter does not fit.
    DivergedError
        From the iterator, if a batch's loss is inf or nan; that step does not touch the model.

    Examples
    --------
    Learn to tell a bright pixel from a dark one:

    >>> from cnn_core.layers import Affine, Flatten
    >>> rng = np.random.default_rng(0)
    >>> images, labels = np.float32([0, 1]).reshape(2, 1, 1, 1), np.array([0, 1])
    >>> data = Dataset(images, labels, images, labels, ("dark", "bright"))
    >>> model = Sequential(Flatten(), Affine(1, 2, rng=rng))
    >>> steps = fit(model, data, optimizer=SGD(lr=1), batch_size=2, epochs=20, rng=rng,
    ...             evaluate_every=10)
    >>> [report.test_accuracy for report in steps if report.test_accuracy is not None]
    [1.0, 1.0]
    """
    count = len(data.train_images)
    if not count:
        raise ValueError("`data` has no training images.")
    _check_positive_integer("batch_size", batch_size)
    _check_positive_integer("epochs", epochs)
    batches = math.ceil(count / batch_size)
    if isinstance(skip_batches, bool) or skip_batches not in range(batches):
        raise ValueError(f"`skip_batches` (={skip_batches}) must be from 0 to {batches - 1}.")
    if evaluate_every is not None:
        _check_positive_integer("evaluate_every", evaluate_every)
        if not len(data.test_images):
            raise ValueError(f"`evaluate_every` (={evaluate_every}) needs test images; none here.")
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"`rng` (={rng!r}) must be a generator, as np.random.default_rng(0) is.")
    if sample_weight is not None:
        sample_weight = _check_sample_weight(sample_weight, count)
    return _steps(
        model,
        data,
        optimizer,
        loss,
        batch_size,
        epochs,
        rng,
        evaluate_every,
        sample_weight,
        penalty,
        skip_batches,
    )


def _steps(
    model: Sequential,
    data: Dataset,
    optimizer: SGD | Adam | LBFGS,
    loss: Loss,
    batch_size: int,
    epochs: int,
    rng: np.random.Generator,
    evaluate_every: int | None,
    sample_weight: Array | None,
    penalty: L2 | None,
    skip_batches: int,
) -> Iterator[StepReport]:
    images, labels = data.train_images, data.train_labels
    count = len(images)
    weights = np.full(count, 1 / count) if sample_weight is None else sample_weight
    weights = weights.astype(images.dtype)
    last_step = epochs * math.ceil(count / batch_size) - skip_batches
    step, seconds, evaluations = 0, 0.0, 0
    objective: _BatchLoss | None = None

    for epoch in range(1, epochs + 1):
        first = skip_batches if epoch == 1 else 0
        for batch in islice(_batches(count, batch_size, rng), first, None):
            started = perf_counter()
            step += 1
            if objective is None or batch_size < count:
                batch_weights = weights[batch]
                batch_weights = batch_weights * (count / len(batch_weights))
                objective = _BatchLoss(
                    model, loss, images[batch], labels[batch], batch_weights, penalty
                )
            if not model.training:  # whoever looked at it in between has switched it to use
                model.train()
            with np.errstate(all="ignore"):
                total = objective.here()
                batch_accuracy, price = objective.accuracy, objective.price
                if not math.isfinite(total):
                    raise DivergedError(_explain_divergence(total, step, optimizer))
                grad_norms = _grad_norms(model)
                line_search = None
                if isinstance(optimizer, LBFGS):
                    line_search = optimizer.step(model, objective, total)
                    objective.keep(line_search.loss)
                else:
                    optimizer.step(model)
            evaluations += objective.calls
            objective.calls = 0
            seconds += perf_counter() - started

            test_loss = test_accuracy = None
            if evaluate_every and (step % evaluate_every == 0 or step == last_step):
                test = data.test_images, data.test_labels
                test_loss, test_accuracy = evaluate(model, *test, loss=loss)
            yield StepReport(
                step,
                epoch,
                total - price,
                price,
                batch_accuracy,
                grad_norms,
                seconds,
                evaluations,
                test_loss,
                test_accuracy,
                line_search,
            )


def _batches(count: int, batch_size: int, rng: np.random.Generator) -> Iterator[slice | Array]:
    """Deal out the samples in random order; a full batch is taken as it lies."""
    if batch_size >= count:
        yield slice(None)
        return
    order = rng.permutation(count)
    for start in range(0, count, batch_size):
        yield order[start : start + batch_size]


class _BatchLoss:
    """The loss of one batch as a function of the model's parameters: L-BFGS's closure."""

    def __init__(
        self,
        model: Sequential,
        loss: Loss,
        images: Array,
        labels: Array,
        weight: Array,
        penalty: L2 | None,
    ) -> None:
        self.model, self.loss, self.penalty = model, loss, penalty
        self.images, self.labels, self.weight = images, labels, weight
        self.accuracy = 0.0
        self.price = 0.0  # the part of the last loss that is the penalty
        self.calls = 0
        self._kept: tuple[float, float, Array, Array] | None = None

    def __call__(self) -> float:
        """Compute the loss, leave the gradients in the model."""
        output = self.model.forward(self.images)
        target = target_for(self.loss, self.labels, output)
        loss, grad_output = self.loss(output, target, self.weight)
        self.model.backward(grad_output, needs_input_grad=False)
        self.price = 0.0
        if self.penalty and self.penalty.strength:
            self.price, grad = self.penalty(self.model.flat_params)
            np.add(self.model.flat_grads, grad, out=self.model.flat_grads)
        self.accuracy = int(np.count_nonzero(output.argmax(axis=1) == self.labels)) / len(output)
        self.calls += 1
        return float(loss) + self.price

    def keep(self, loss: float) -> None:
        """Remember loss and gradients, which have just been computed, for the next step."""
        params, grads = self.model.flat_params.copy(), self.model.flat_grads.copy()
        self._kept = loss, self._strength, params, grads

    def here(self) -> float:
        """Like a call, but without computing anew what was kept for these parameters."""
        if self._kept is not None:
            loss, strength, params, grads = self._kept
            if strength == self._strength and np.array_equal(params, self.model.flat_params):
                self.model.flat_grads[...] = grads
                return loss
        return self()

    @property
    def _strength(self) -> float:
        return self.penalty.strength if self.penalty else 0.0


def _grad_norms(model: Sequential) -> dict[str, float]:
    return {
        name: math.sqrt(sum(float(np.vdot(grad, grad)) for grad in layer.grads.values()))
        for name, layer in zip(model.names, model.layers, strict=True)
        if layer.grads
    }


def _explain_divergence(loss: float, step: int, optimizer: SGD | Adam | LBFGS) -> str:
    if step > 1 and not isinstance(optimizer, LBFGS):
        lr = f"`lr` (={optimizer.lr:g})"
        return f"The loss became {loss} at step {step} with {lr}; try a smaller one."
    return f"The loss is {loss} at step {step}: look for inf or nan in the images and parameters."


def _check_positive_integer(name: str, value: int) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"`{name}` (={value}) must be a whole number from 1.")


def _check_sample_weight(sample_weight: ArrayLike, count: int) -> Array:
    weight = np.asarray(sample_weight, dtype=np.float64)
    if weight.shape != (count,):
        raise ValueError(
            f"`sample_weight` has shape {weight.shape}, but there are {count} training images."
        )
    if not (np.isfinite(weight).all() and weight.min() >= 0 and weight.max() > 0):
        raise ValueError("`sample_weight` must be finite, not negative, and not all zero.")
    return weight

"""How many seconds of training it takes to be right about 98 % of the test images."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import process_time

import numpy as np

import cnn_core as cnn

GOAL = 0.98  # of the test images
SEEDS = range(5)  # of first weights and order; the test images are always the same


def wide_digits_net(rng: np.random.Generator) -> cnn.Sequential:
    """Return `build_network("digits")` with twice the filters and one batch normalisation."""
    return cnn.Sequential(
        cnn.Conv2d(1, 16, 3, padding=1, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Conv2d(16, 32, 3, padding=1, rng=rng),
        cnn.BatchNorm2d(32),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Flatten(),
        cnn.Affine(32 * 2 * 2, 10, rng=rng),
    )


def deeper_mnist_net(rng: np.random.Generator) -> cnn.Sequential:
    """Return `build_network("mnist")` with one batch normalisation and a hidden layer.

    The normalisation stands behind the pooling, where there are a quarter of the numbers.
    """
    return cnn.Sequential(
        cnn.Conv2d(1, 6, 5, padding=2, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Conv2d(6, 16, 5, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.BatchNorm2d(16),
        cnn.Flatten(),
        cnn.Affine(16 * 5 * 5, 64, rng=rng),
        cnn.ReLU(),
        cnn.Affine(64, 10, rng=rng),
    )


def standard_net(name: str) -> Callable[[np.random.Generator], cnn.Sequential]:
    return lambda rng: cnn.build_network(name, rng=rng)


@dataclass(frozen=True)
class Recipe:
    """How to train, the same for all seeds. Recipes were chosen on other splits of the images."""

    what: str
    data: str
    build: Callable[[np.random.Generator], cnn.Sequential]
    lr: float  # of Adam
    batch_size: int
    budget: float  # seconds
    epochs: int | None = None  # the learning rate falls to zero over so many; None: it stays
    is_bar: bool = True


RECIPES = (
    Recipe("digits, 16 + 32 filters, BN", "digits", wide_digits_net, 0.01, 50, budget=0.3),
    Recipe(
        'digits, build_network("digits")',
        "digits",
        standard_net("digits"),
        0.02,
        50,
        budget=0.3,
        is_bar=False,
    ),
    Recipe(
        "MNIST, 6 + 16 filters, BN, 64 hidden",
        "mnist",
        deeper_mnist_net,
        0.004,
        25,
        budget=6,
        epochs=8,
    ),
    Recipe(
        'MNIST, build_network("mnist")',
        "mnist",
        standard_net("mnist"),
        0.003,
        20,
        budget=6,
        epochs=10,
        is_bar=False,
    ),
)


@dataclass(frozen=True)
class Exam:
    """The accuracy on the test images after so much training, on the clock and on the CPU."""

    seconds: float
    cpu_seconds: float
    accuracy: float


NEVER = Exam(math.inf, math.inf, 0.0)


def examined_run(recipe: Recipe, data: cnn.Dataset, seed: int) -> list[Exam]:
    """Train until the budget or the recipe's epochs are over, with an exam after each epoch.

    There is one more exam after the step in which the budget ran out: on the clock, and (later,
    where other programs took their share) on the CPU.
    """
    rng = np.random.default_rng(seed)
    model = recipe.build(rng)
    optimizer = cnn.Adam(recipe.lr)
    steps_per_epoch = math.ceil(len(data.train_images) / recipe.batch_size)
    steps = cnn.fit(
        model,
        data,
        optimizer=optimizer,
        batch_size=recipe.batch_size,
        epochs=recipe.epochs or 1000,
        rng=rng,
    )
    exams: list[Exam] = []
    seconds = cpu_seconds = 0.0
    while cpu_seconds < recipe.budget:
        before, started = seconds, process_time()
        report = next(steps, None)
        cpu_seconds += process_time() - started
        if report is None:
            break
        seconds = report.seconds
        if recipe.epochs:
            left = 1 - report.step / (recipe.epochs * steps_per_epoch)
            optimizer.lr = recipe.lr * max(left, 1e-9)
        is_over = before < recipe.budget <= seconds or cpu_seconds >= recipe.budget
        if is_over or report.step % steps_per_epoch == 0:
            # Batches as in training: the layers keep their arrays, and training its pace.
            _, accuracy = cnn.evaluate(
                model, data.test_images, data.test_labels, batch_size=recipe.batch_size
            )
            exams.append(Exam(seconds, cpu_seconds, accuracy))
    return exams


def seconds_to_goal(recipe: Recipe) -> bool:
    """Print when each seed first reached the goal and where the budget left it; True if met.

    A lucky exam on the way is no result: in the end the accuracy must be there, too.
    """
    data = cnn.load_dataset(recipe.data, rng=np.random.default_rng(0))
    runs = [examined_run(recipe, data, seed) for seed in SEEDS]
    fall = f" falling to 0 over {recipe.epochs} epochs" if recipe.epochs else ""
    print(f"\n{recipe.what}: Adam {recipe.lr:g}{fall}, batch {recipe.batch_size}")

    on_the_clock = _judge("on the clock", runs, recipe, lambda exam: exam.seconds)
    _judge("on the CPU", runs, recipe, lambda exam: exam.cpu_seconds)
    verdict = ("ok" if on_the_clock else "MISSED") if recipe.is_bar else "for comparison, no bar"
    print(f"  {verdict}")
    return on_the_clock or not recipe.is_bar


def _judge(
    what: str, runs: list[list[Exam]], recipe: Recipe, seconds: Callable[[Exam], float]
) -> bool:
    firsts = [seconds(next((e for e in run if e.accuracy >= GOAL), NEVER)) for run in runs]
    # The exam after the step in which the budget ran out is the first that is not before it.
    lasts = [next((e for e in run if seconds(e) >= recipe.budget), run[-1]) for run in runs]
    first, last = median(firsts), median(exam.accuracy for exam in lasts)
    print(
        f"  {what:12}  first at {GOAL:.0%} after {'  '.join(f'{t:.3f}' for t in firsts)} s:"
        f" median {first:.3f} (at most {recipe.budget:g})"
    )
    print(
        f"  {'':12}  at the end ({median(map(seconds, lasts)):.2f} s)"
        f" {'  '.join(f'{exam.accuracy:.2%}' for exam in lasts)}:"
        f" median {last:.2%} (at least {GOAL:.0%})"
    )
    return first <= recipe.budget and last >= GOAL

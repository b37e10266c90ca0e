"""Three digits in a plane: learned to the end, coloured by who says yes, with the right borders."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from pages.kit.three_digits import CELLS, SCENES, learned
from tests.kit.regressions import answers, digits

# Rows and columns of the 8×8 pixels, as a calculator's digit has them.
PLACES = {"top": (0, 2, 2, 6), "middle": (3, 5, 2, 6), "bottom": (6, 8, 2, 6)}
every_scene = pytest.mark.parametrize("name", SCENES)
every_kind = pytest.mark.parametrize("kind", ["rest", "softmax"])


def points_by_hand(name: str, images: np.ndarray, labels: np.ndarray) -> tuple[Any, Any]:
    scene = SCENES[name]
    points, classes = [], []
    for image, label in zip(images[:, 0].astype(float), labels.tolist(), strict=True):
        if label in scene.digits:
            boxes = (PLACES[segment] for segment in scene.segments)
            points.append([image[a:b, c:d].sum() / ((b - a) * (d - c)) for a, b, c, d in boxes])
            classes.append(scene.digits.index(label))
    return np.array(points), np.array(classes)


def scores(name: str, kind: str, points: np.ndarray) -> np.ndarray:
    weight, bias = learned(name).parameters[kind]
    return np.asarray(points @ weight.T + bias)


@every_scene
def test_the_points_are_the_ink_in_two_places(name: str) -> None:
    points, classes = points_by_hand(name, digits().test_images, digits().test_labels)
    found, labels = learned(name).scene.test
    np.testing.assert_allclose(found, points, rtol=1e-6)
    assert labels.tolist() == classes.tolist()


@every_scene
@every_kind
def test_scipy_finds_the_same_borders(name: str, kind: str) -> None:
    """What is learned is the minimum of the loss: another method ends with the same answers."""
    points, classes = points_by_hand(name, digits().train_images, digits().train_labels)
    target = np.eye(3)[classes]

    def loss(parameters: np.ndarray) -> float:
        weight, bias = parameters[:6].reshape(3, 2), parameters[6:]
        z = points @ weight.T + bias
        if kind == "rest":
            return float((np.logaddexp(0, z) - target * z).sum(axis=1).mean())
        return float((np.logaddexp.reduce(z, axis=1) - (target * z).sum(axis=1)).mean())

    best = minimize(loss, np.zeros(9), method="BFGS", options={"gtol": 1e-7}).x
    weight, bias = best[:6].reshape(3, 2), best[6:]
    mine = answers(kind, scores(name, kind, points))
    np.testing.assert_allclose(mine, answers(kind, points @ weight.T + bias), atol=0.005)


@every_scene
def test_the_maps_say_who_has_each_place(name: str) -> None:
    borders, rng = learned(name), np.random.default_rng(1)
    for row, column in rng.integers(0, CELLS, (200, 2)).tolist():
        place = np.array([(column + 0.5) / CELLS, 1 - (row + 0.5) / CELLS])  # the top row is far up
        own, shared = (scores(name, kind, place) for kind in ("rest", "softmax"))
        assert borders.maps["rest"][row, column] == sum(2**k for k in range(3) if own[k] > 0)
        assert borders.maps["softmax"][row, column] == shared.tolist().index(max(shared))


@every_scene
def test_the_borders_lie_where_an_answer_changes(name: str) -> None:
    lines = learned(name).lines
    for k, ends in enumerate(lines["rest"]):
        for end in ends:
            assert scores(name, "rest", np.array(end))[k] == pytest.approx(0, abs=1e-9)
            assert max(map(abs, end)) > 1  # it leaves the picture
    assert len(lines["softmax"]) == 3
    for start, end in lines["softmax"]:
        along = np.array(start) + np.linspace(0.01, 0.99, 50)[:, None] * np.subtract(end, start)
        ranked = np.sort(scores(name, "softmax", along), axis=1)
        np.testing.assert_allclose(ranked[:, 2], ranked[:, 1], atol=1e-9)
        assert (ranked[:, 1] > ranked[:, 0]).all()
    inner = [end for ends in lines["softmax"] for end in ends if max(map(abs, end)) < 1]
    np.testing.assert_allclose(inner, [inner[0]] * 3)  # where all three meet


def test_who_stands_in_the_middle_of_a_row_hardly_ever_says_yes() -> None:
    row, corners = (learned(name).test for name in ("row", "corners"))
    three = row.of_class(1)
    assert three["claimed"] < 0.1 * three["own"]
    assert three["read"] > 0.8 * three["own"]
    assert row.counts["none"] > 30
    assert row.counts["right_softmax"] > row.counts["right_rest"]
    assert corners.counts["none"] < 5
    assert corners.counts["right_softmax"] == corners.counts["right_rest"]

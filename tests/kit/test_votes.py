"""Twelve numbers, their votes and what they come to, against plain loops."""

import math

import numpy as np
import pytest

from cnn_core import STROKES, canonical_x, load_dataset
from pages.kit.votes import Election, learned, sheets
from tests.kit.twelve import twelve_by_hand


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("name", sheets())
def test_votes_scores_and_averages_by_hand(name: str, classes: int) -> None:
    layer = learned(classes)
    election = Election(sheets()[name], layer)
    inputs = twelve_by_hand(sheets()[name])
    np.testing.assert_allclose(election.inputs, inputs, atol=1e-6)
    for k in range(classes):
        votes = [float(w) * a for w, a in zip(layer.weight[k], inputs, strict=True)]
        np.testing.assert_allclose(election.votes[k], votes, atol=1e-5)
        in_favour = sum(vote for vote in votes if vote > 0)
        against = sum(vote for vote in votes if vote < 0)
        assert election.in_favour[k] == pytest.approx(in_favour, abs=1e-5)
        assert election.against[k] == pytest.approx(against, abs=1e-5)
        score = in_favour + against + float(layer.bias[k])
        assert election.scores[k] == pytest.approx(score, abs=1e-5)
        possible = sum(float(w) for w in layer.weight[k] if w > 0)
        assert election.possible[k] == pytest.approx(possible)
        assert election.averages[k] == pytest.approx(in_favour / possible, abs=1e-6)


def test_with_equal_weights_it_is_the_plain_mean_of_the_well_known_telling() -> None:
    votes_for = [1 if n in (0, 3, 4, 9, 10) else 0 for n in range(12)]
    layer = learned(2)._replace(weight=np.array([votes_for, [1 - v for v in votes_for]], float))
    election = Election(sheets()["x"], layer)
    inputs = twelve_by_hand(sheets()["x"])
    chosen = [a for a, vote in zip(inputs, votes_for, strict=True) if vote]
    assert election.averages[0] == pytest.approx(sum(chosen) / len(chosen), abs=1e-6)


@pytest.mark.parametrize("classes", [2, 4])
def test_what_is_said_of_the_layer_is_true_of_drawings_it_never_saw(classes: int) -> None:
    layer = learned(classes)
    data = load_dataset(
        "xo",
        rng=np.random.default_rng(0),
        strokes=STROKES[:classes],
        thickness=1,
        test_size=1000,
    )
    right, certainty = 0, 0.0
    for image, label in zip(data.test_images[:, 0], data.test_labels, strict=True):
        inputs = twelve_by_hand(image)
        scores = [
            sum(float(w) * a for w, a in zip(row, inputs, strict=True)) + float(bias)
            for row, bias in zip(layer.weight, layer.bias, strict=True)
        ]
        right += scores.index(max(scores)) == label
        certainty += 1 / sum(math.exp(score - max(scores)) for score in scores)
    assert (layer.right, layer.tested, layer.drawings) == (right, 1000, 600)
    assert layer.certainty == pytest.approx(certainty / 1000, abs=1e-5)
    assert right > 950
    assert layer.parameters == 13 * classes


def test_the_sheets_are_what_their_names_say() -> None:
    drawn = sheets()
    assert all(set(np.unique(sheet)) <= {-1.0, 1.0} for sheet in drawn.values())
    x = canonical_x()
    np.testing.assert_array_equal(drawn["x"], x)
    ink = {name: {tuple(at) for at in np.argwhere(sheet > 0)} for name, sheet in drawn.items()}
    assert ink["half"] == {(r, c) for r, c in ink["x"] if r <= 4}
    assert ink["torn"] == {(r, c) for r, c in ink["x"] if max(abs(r - 4), abs(c - 4)) > 1}
    assert ink["blank"] == set()
    assert ink["slash"] == {(r, 8 - r) for r in range(1, 8)}
    assert ink["plus"] == {(r, 4) for r in range(1, 8)} | {(4, c) for c in range(1, 8)}
    spoilt = ink["noisy"] ^ ink["x"]
    assert 5 <= len(spoilt) <= 20

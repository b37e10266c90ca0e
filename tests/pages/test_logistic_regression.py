"""/logistic-regression: sigmoid and two-class softmax are one thing, on the line and on digits."""

import math
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import load_dataset
from pages.kit.controls import UnusableError
from pages.kit.direct import ask
from tests.pages.lesson import open_lesson, unpacked

LESSON = "classification/logistic_regression.py"
STEPS = 60


def mounted(at: AppTest, field: str) -> dict[str, Any]:
    """What the stage with this field was given: "powers" on the line, "losses" for the twins."""
    assert not at.exception
    raws = [each.proto.bytes for each in at.get("bidi_component") if each.proto.bytes]
    (data,) = (data for data in map(unpacked, raws) if field in data)
    return data


def softmax_by_hand(first: float, second: float) -> list[float]:
    return [1 / (1 + math.exp(second - first)), 1 / (1 + math.exp(first - second))]


@pytest.mark.parametrize(
    ("first", "second"), [(1.5, 2.3), (-2.5, -3.1), (4, -4), (0, 0), (-37.6, 0.4), (100, 97)]
)
def test_softmax_and_sigmoid_give_what_one_works_out(first: float, second: float) -> None:
    data = mounted(open_lesson(LESSON, z=f"{first},{second}"), "powers")
    assert data["z"] == [first, second]
    assert data["difference"] == pytest.approx(second - first, abs=1e-12)
    assert data["probabilities"] == pytest.approx(softmax_by_hand(first, second), abs=1e-14)
    assert data["sigmoid"] == pytest.approx(softmax_by_hand(first, second)[1], abs=1e-14)
    assert data["gap"] < 1e-15
    assert data["powers"] == pytest.approx([math.exp(first), math.exp(second)])
    assert data["odds"] == pytest.approx(math.exp(second - first))
    assert data["one_over_odds"] == pytest.approx(math.exp(first - second))
    assert data["is_plain"]
    assert (data["notes"] == []) == (abs(second - first) < 14)
    assert data["arrows"] == {
        "softmax": "softmax → 2 · 0 parameters",
        "sigmoid": "sigmoid → 1 · 0 parameters",
    }


@pytest.mark.parametrize(
    ("scores", "share", "words"),
    [
        ("997.7,1000", 1 / (1 + math.exp(-2.3)), ["too large"]),
        ("-999,-1000", 1 / (1 + math.e), ["both scores is too small"]),
        ("-1000,1000", 1.0, ["too large", "exactly 0 or 1"]),
        ("1000,-1000", 0.0, ["too large", "exactly 0 or 1"]),
        ("0,20", 1 - math.exp(-20), ["exactly 0 or 1"]),
    ],
)
def test_huge_scores_stay_finite_and_the_page_says_what_it_does(
    scores: str, share: float, words: list[str]
) -> None:
    data = mounted(open_lesson(LESSON, z=scores), "powers")
    assert data["sigmoid"] == pytest.approx(share, abs=1e-12)
    assert data["probabilities"] == pytest.approx([1 - share, share], abs=1e-12)
    assert data["is_plain"] == (words[0] == "exactly 0 or 1")
    assert max(data["lowered"]) == 0
    assert data["lowered_powers"] == pytest.approx([math.exp(each) for each in data["lowered"]])
    sentences = ("too large", "both scores is too small", "exactly 0 or 1")
    said = [sentence for sentence in sentences if sentence in "".join(data["notes"])]
    assert said == words


def test_the_axis_is_as_wide_as_asked_and_at_least_as_the_scores() -> None:
    for z, asked, reach in (("1,2", "4", 4), ("1,2", "40", 40), ("1,-4.1", "4", 40)):
        data = mounted(open_lesson(LESSON, z=z, reach=asked), "powers")
        assert (data["reach"], data["step"]) == (reach, reach / 40)
        curve = data["arrays"]["curve"]
        along = np.linspace(-2 * reach, 2 * reach, len(curve))
        np.testing.assert_allclose(curve, 1 / (1 + np.exp(-along)), atol=1e-7)


def test_dragged_scores_are_answered_as_the_next_run_would_be() -> None:
    at = open_lesson(LESSON, "zh", pair="6,0", reach="40")
    token = mounted(at, "powers")["direct"].removeprefix("direct/")
    turned = unpacked(ask(token, {"z": "-17.5,3.2"}))
    assert turned.pop("arrays") == {}
    settled = mounted(open_lesson(LESSON, "zh", pair="6,0", z="-17.5,3.2"), "powers")
    assert turned == {name: settled[name] for name in turned}
    assert "概率" in turned["notes"][0]
    for wrong in ({"z": "1"}, {"z": "nan,0"}, {"z": "1,1001"}, {"z": "1,99"}, {}):
        with pytest.raises(UnusableError):
            ask(token, wrong)


@pytest.mark.parametrize(("pair", "start"), [("3,8", 0), ("9,4", 12)])
def test_the_twins_agree_with_two_trainings_by_hand(pair: str, start: int) -> None:
    """The regression with P − t; and a softmax that begins elsewhere with the same difference."""
    given = mounted(open_lesson(LESSON, pair=pair, start=start), "losses")
    low, high = (int(digit) for digit in pair.split(","))
    data = load_dataset("digits", rng=np.random.default_rng(0))
    chosen, unseen = (
        np.isin(labels, (low, high)) for labels in (data.train_labels, data.test_labels)
    )
    x, t = (
        data.train_images[chosen].reshape(-1, 64).astype(float),
        data.train_labels[chosen] == high,
    )
    test_x, truth = data.test_images[unseen].reshape(-1, 64), data.test_labels[unseen] == high
    x, test_x = (np.column_stack([each, np.ones(len(each))]) for each in (x, test_x))

    weights = given["arrays"]["weights"].astype(float)
    w = weights[0, 3]
    two = np.stack([np.full(65, 0.5), w + 0.5])
    for step in range(STEPS + 1):
        np.testing.assert_allclose(weights[step, 3], w, atol=2e-6)
        np.testing.assert_allclose(weights[step, 2], two[1] - two[0], atol=2e-6)
        shares = 1 / (1 + np.exp(-test_x @ w))
        for found in given["arrays"]["probabilities"][step]:
            np.testing.assert_allclose(found, shares, atol=2e-6)
        right = int(((test_x @ w > 0) == truth).sum())
        assert given["right"]["unseen"][step] == [right, right]
        chance = 1 / (1 + np.exp(-(x @ w)))
        loss = -np.log(np.where(t, chance, 1 - chance)).mean()
        assert given["losses"][step] == pytest.approx([loss, loss], abs=1e-6)
        w = w - 0.4 * (chance - t) @ x / len(x)
        powers = np.exp(x @ two.T - (x @ two.T).max(axis=1, keepdims=True))
        error = powers / powers.sum(axis=1, keepdims=True) - np.stack([~t, t], axis=1)
        two = two - 0.2 * error.T @ x / len(x)
    np.testing.assert_allclose(weights[:, 2], weights[:, 1] - weights[:, 0], atol=1e-6)
    np.testing.assert_allclose(weights[:, 4], weights[:, 1] + weights[:, 0], atol=1e-6)
    scores = given["arrays"]["scores"]
    np.testing.assert_allclose(scores[:, 2], scores[:, 1] - scores[:, 0], atol=1e-5)
    assert given["arrays"]["is_second"].tolist() == truth.tolist()
    np.testing.assert_array_equal(given["arrays"]["images"] / 16, test_x[:, :64])
    assert {name: max(gap) < 1e-14 for name, gap in given["gaps"].items()} == {
        "weights": True,
        "probabilities": True,
        "losses": True,
        "sum": True,
    }
    assert given["right"]["unseen"][-1][0] / len(truth) > 0.9


def test_the_same_learning_rate_leaves_the_regression_behind() -> None:
    data = mounted(open_lesson(LESSON, rate="same", step=STEPS), "losses")
    assert data["behind"][STEPS] == STEPS // 2
    softmax, regression = data["losses"][STEPS]
    assert regression - softmax > 0.05
    assert data["gaps"]["weights"][STEPS] > 0.1
    assert data["rates"] == {"double": 0.4, "same": 0.2}


@pytest.mark.parametrize(
    ("lang", "superfluous"), [("en", "1 · 65 parameters"), ("zh", "1 · 65个参数")]
)
def test_how_many_are_superfluous_is_hidden_until_the_guess(lang: str, superfluous: str) -> None:
    at = open_lesson(LESSON, lang)
    assert at.get("bidi_component")
    hidden = mounted(at, "losses")
    assert hidden["hidden"]
    assert hidden["parameters"] == [130, None]
    shown = [words.value for words in (*at.markdown, *at.caption)]
    assert not any("65" in words for words in (*shown, *hidden["arrows"]))
    at.number_input(key="spare-guess").set_value(64)
    (check,) = (button for button in at.button if button.label in ("Check", "核对"))
    check.click().run()
    answers = [words.value for words in at.markdown if "65" in words.value]
    assert len(answers) == 2
    assert "**65**" in answers[0]
    assert "130" in answers[1]
    told = mounted(at, "losses")
    assert told["parameters"] == [130, 65]
    assert told["arrows"][1].endswith(superfluous)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"z": "1,2,3", "pair": "3,3", "rate": "half"}, {"z": [1.5, 2.3], "digits": ["3", "8"]}),
        ({"z": "2000,0.04", "reach": "5"}, {"z": [1000, 0], "reach": 1000}),
        ({"step": "61", "image": "9999", "start": "-1"}, {"step": 60, "at": 88, "ratio": "double"}),
        ({"pair": "0,10", "step": "last", "image": "2.5"}, {"step": 0, "at": 0}),
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(
    settings: dict[str, str], expected: dict[str, Any]
) -> None:
    at = open_lesson(LESSON, "zh", **settings)
    found = mounted(at, "powers") | mounted(at, "losses")
    assert {name: found[name] for name in expected} == expected
    assert len(at.info) == len(settings)
    assert all(any(f"`{name}=" in notice.value for notice in at.info) for name in settings)

"""/training: the verbs do what they say, and every number is that of `fit` with the same seed."""

import itertools
import json
import math
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import SGD, StepReport, build_network, evaluate, fit
from pages.kit.trainer import panel
from pages.kit.trainer.setup import dataset
from tests.pages.lesson import open_lesson

LESSON = "learning/training.py"


def open_training(lang: str = "en", *, data: str = "digits", **settings: object) -> AppTest:
    at = open_lesson(LESSON, lang, **settings)
    return at.segmented_control(key="data-segments").set_value(data).run()


def board(at: AppTest) -> dict[str, Any]:
    """What the board was given to draw."""
    assert not at.exception
    for component in at.get("bidi_component"):
        data: dict[str, Any] = json.loads(component.proto.json)
        if "facts" in data:
            return data
    raise AssertionError("There is no board on the page.")


def press(at: AppTest, *keys: str) -> dict[str, Any]:
    for key in keys:
        at.button(key=key).click().run()
    return board(at)


def floats(packed: str) -> np.ndarray:
    return np.frombuffer(b64decode(packed), np.float32)


def trained(data="digits", lr=0.05, momentum=0.9, batch_size=50, seed=0, steps=1):
    """The same training by cnn_core alone."""
    images, rng = dataset(data), np.random.default_rng(seed)
    model = build_network(data, rng=rng)
    optimizer = SGD(lr, momentum)
    run = fit(model, images, optimizer=optimizer, batch_size=batch_size, epochs=100, rng=rng)
    reports: list[StepReport] = list(itertools.islice(run, steps))
    return model, reports, evaluate(model, images.test_images, images.test_labels)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_step_is_exactly_one_step_of_fit(lang: str) -> None:
    at = open_training(lang)
    data, reports = board(at), list[StepReport]()
    for count in (1, 2, 3):
        data = press(at, "step")
        model, reports, (test_loss, test_accuracy) = trained(steps=count)
        facts = data["facts"]
        assert (facts["step"], facts["testStep"], data["playing"]) == (count, count, False)
        assert facts["loss"] == reports[-1].loss
        assert facts["batchAccuracy"] == reports[-1].batch_accuracy
        assert facts["testAccuracy"] == test_accuracy
        assert facts["testLoss"] == pytest.approx(test_loss, rel=1e-5)
        np.testing.assert_array_equal(
            floats(data["kernels"]["now"]), model.layers[0].params["weight"].ravel()
        )
        norms = {layer["name"]: layer["gradient"] for layer in data["layers"]}
        assert {name: norm for name, norm in norms.items() if norm is not None} == reports[
            -1
        ].grad_norms
    losses = np.array([report.loss for report in reports], np.float32)
    np.testing.assert_array_equal(floats(data["run"]["losses"]), losses)


@pytest.mark.parametrize(
    "settings",
    [
        {"batch": 5, "lr": 0.01, "seed": 9},
        {"batch": 500, "momentum": 0, "seed": 42},
        {"data": "xo", "lr": 0.2},
    ],
)
def test_the_settings_of_the_link_are_those_of_the_run(settings: dict[str, Any]) -> None:
    data = press(open_training(**settings), "step", "step")
    names = {"batch": "batch_size"}
    _, reports, (_, accuracy) = trained(
        **{names.get(key, key): value for key, value in settings.items()}, steps=2
    )
    assert data["facts"]["loss"] == reports[-1].loss
    assert data["facts"]["testAccuracy"] == accuracy


def test_an_epoch_goes_to_its_end_and_learns() -> None:
    at = open_training()
    data = press(at, "step", "epoch")
    assert (data["facts"]["step"], data["facts"]["epoch"]) == (27, 1.0)
    data = press(at, *["epoch"] * 6)
    assert data["facts"]["testAccuracy"] == trained(steps=27 * 7)[2][1] > 0.9
    assert data["facts"]["wrong"] == round(450 * (1 - data["facts"]["testAccuracy"]))
    for true, said in zip(data["wrong"]["true"], data["wrong"]["said"], strict=True):
        assert true != said
    assert data["sample"]["true"] == list("0123456789")


def test_play_and_pause_change_the_state_and_nothing_else(monkeypatch) -> None:
    monkeypatch.setattr(panel, "DOUBLE_CLICK", 0)
    at = open_training()
    press(at, "step")
    data = press(at, "play")
    assert data["playing"]
    assert at.button(key="play").label == "Pause"
    assert data["facts"]["step"] == 1  # steps are made when the browser looks, not before
    data = press(at, "play")
    assert not data["playing"]
    assert at.button(key="play").label == "Play"
    assert data["facts"]["step"] == 1


def test_a_double_click_is_one_click(monkeypatch) -> None:
    monkeypatch.setattr(panel, "DOUBLE_CLICK", 60)
    assert press(open_training(), "play", "play")["playing"]


def test_reset_begins_anew_and_keeps_the_curves_to_compare() -> None:
    at = open_training()
    before = press(at, "step", "step")
    data = press(at, "reset")
    assert data["facts"]["step"] == 0
    assert data["kernels"]["now"] == data["kernels"]["first"] == before["kernels"]["first"]
    assert data["ghost"]["losses"] == before["run"]["losses"]
    assert press(at, "reset")["ghost"] == data["ghost"]  # an empty run leaves no curve
    assert press(at, "step", "step")["run"]["losses"] == before["run"]["losses"]


def test_the_learning_rate_changes_without_losing_the_run() -> None:
    at = open_training()
    press(at, "step", "step")
    at.select_slider(key="lr-slider").set_value("0.2").run()
    data = board(at)
    assert data["facts"]["step"] == 2
    assert data["run"]["marks"] == [{"step": 2, "label": "η 0.05 → 0.2"}]
    assert press(at, "step")["facts"]["step"] == 3


@pytest.mark.parametrize(
    ("key", "value"), [("batch-slider", "10"), ("optimizer-segments", "adam"), ("seed-number", 5)]
)
def test_another_setup_is_a_new_run(key: str, value: Any) -> None:
    at = open_training()
    press(at, "step", "step")
    kind = {"b": at.select_slider, "o": at.segmented_control, "s": at.number_input}[key[0]]
    kind(key=key).set_value(value).run()
    data = board(at)
    assert data["facts"]["step"] == 0
    assert data["ghost"]["steps"] == 2


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "the loss was no longer a number"), ("zh", "损失不再是一个数")]
)
def test_divergence_is_one_sentence_and_a_lower_rate_goes_on(lang: str, words: str) -> None:
    at = open_training(lang, data="xo", lr=10)
    data = press(at, "epoch", "epoch")
    assert words in data["message"]
    assert data["trouble"]
    assert at.button(key="play").label in ("Play", "播放")
    step = data["facts"]["step"]
    at.select_slider(key="lr-slider").set_value("0.05").run()
    data = press(at, "step")
    assert data["facts"]["step"] == step + 1
    assert not data["trouble"]
    assert data["facts"]["loss"] < 10


def test_a_network_that_answers_everything_alike_says_so_and_can_go_back() -> None:
    at = open_training(lr=10)
    data = press(at, "epoch", "epoch", "epoch")
    assert "the same answer" in data["message"]
    assert data["trouble"]
    data = press(at, "back")
    assert not data["trouble"]
    assert data["run"]["marks"][-1]["label"] == "back"


def test_lbfgs_has_no_learning_rate_and_one_batch() -> None:
    at = open_training(optimizer="lbfgs")
    assert {slider.key for slider in at.select_slider} == set()
    data = press(at, "step", "step")
    assert (data["facts"]["batch"], data["facts"]["epoch"]) == (1347, 2.0)


def test_the_first_answers_stay_secret_until_somebody_guessed() -> None:
    at = open_training()
    assert board(at)["secret"]
    truth = 100 * trained(steps=0)[2][1]
    at.number_input(key="start-guess").set_value(50)
    next(b for b in at.button if b.label == "Check").click().run()
    assert not board(at)["secret"]
    assert any(f"it is **{truth:.1f}**" in text.value for text in at.markdown)


def test_a_long_curve_is_shown_as_means() -> None:
    at = open_training(batch=5, data="xo", lr=0.01)
    data = press(at, *["epoch"] * 11)
    assert data["facts"]["step"] == 1320
    assert data["run"]["thin"] == 2
    means = np.reshape([r.loss for r in trained("xo", 0.01, batch_size=5, steps=1320)[1]], (-1, 2))
    np.testing.assert_allclose(floats(data["run"]["losses"]), means.mean(axis=1), rtol=1e-6)


def test_nothing_that_is_no_number_reaches_the_browser() -> None:
    """JSON has no NaN: the browser would refuse the whole page."""
    at = open_training(data="xo", lr=10)
    text = json.dumps(press(at, "epoch", "epoch", "epoch"), allow_nan=False)
    assert math.isfinite(len(text))

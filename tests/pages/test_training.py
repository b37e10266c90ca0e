"""/training: the verbs do what they say, and every number is that of `fit` with the same seed."""

import io
import itertools
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import LBFGS, SGD, Adam, StepReport, build_network, evaluate, fit, load_dataset
from pages.kit import direct
from pages.kit.controls import UnusableError
from pages.kit.trainer.setup import dataset
from tests.pages.lesson import open_lesson, skip, unpacked

LESSON = "learning/training.py"
ids = itertools.count(1)


def open_training(lang: str = "en", **settings: object) -> AppTest:
    return open_lesson(LESSON, lang, **settings)


def board(at: AppTest) -> dict[str, Any]:
    """What the board was given to draw."""
    assert not at.exception
    packed = [component.proto.bytes for component in at.get("bidi_component")]
    (raw,) = (each for each in packed if b'"moments":' in each)
    return unpacked(raw)


def ask(page: AppTest, /, **texts: str) -> dict[str, Any]:
    """What the board's address answers, as the browser would ask it."""
    token = board(page)["direct"].removeprefix("direct/")
    return unpacked(direct.ask(token, texts))


def press(at: AppTest, *verbs: str, which: int = 0, **texts: str) -> dict[str, Any]:
    """Press buttons one after the other; an epoch may take more than one answer."""
    answer: dict[str, Any] = {}
    for verb in verbs:
        answer = ask(at, verb=verb, id=str(next(ids)), which=str(which), **texts)
        while verb == "epoch" and answer["run"]["playing"]:
            answer = ask(at, verb="look", **texts)
    return answer


def trained(data="digits", optimizer=None, batch_size=50, seed=0, steps=1):
    """The same training by cnn_core alone."""
    images, rng = dataset(data, 0.05 if data == "xo" else 0.0), np.random.default_rng(seed)
    model = build_network(data, rng=rng)
    optimizer = optimizer or SGD(0.05, 0.9)
    run = fit(model, images, optimizer=optimizer, batch_size=batch_size, epochs=100, rng=rng)
    reports: list[StepReport] = list(itertools.islice(run, steps))
    return model, reports, evaluate(model, images.test_images, images.test_labels)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_step_is_exactly_one_step_of_fit(lang: str) -> None:
    at = open_training(lang)
    for count in (1, 2, 3):
        data = press(at, "step")
        _model, reports, (test_loss, test_accuracy) = trained(steps=count)
        run, now = data["run"], data["now"]
        assert (run["step"], now["step"], run["playing"]) == (count, count, False)
        assert run["loss"] == reports[-1].loss
        assert run["batchAccuracy"] == reports[-1].batch_accuracy
        assert now["testAccuracy"] == test_accuracy
        assert now["testLoss"] == pytest.approx(test_loss, rel=1e-5)
        assert now["wrong"] == round(450 * (1 - test_accuracy))
        losses = np.array([report.loss for report in reports], np.float32)
        np.testing.assert_array_equal(data["arrays"]["batches-0"][0], losses)


@pytest.mark.parametrize(
    ("settings", "optimizer", "others"),
    [
        ({"batch": 5, "lr": 0.01, "seed": 9}, SGD(0.01, 0.9), {"batch_size": 5, "seed": 9}),
        ({"batch": 500, "momentum": 0, "seed": 42}, SGD(0.05), {"batch_size": 500, "seed": 42}),
        ({"optimizer": "sgd", "sgdlr": 0.1}, SGD(0.1), {}),
        ({"optimizer": "adam", "adamlr": 0.02}, Adam(0.02), {}),
        ({"optimizer": "lbfgs"}, LBFGS(), {"batch_size": 1347}),
        ({"images": "xo", "lr": 0.2}, SGD(0.2, 0.9), {"data": "xo"}),
        ({"images": "mnist"}, None, {"data": "mnist"}),
    ],
)
def test_the_settings_of_the_link_are_those_of_the_run(settings, optimizer, others) -> None:
    data = press(open_training(**settings), "step", "step")
    _, reports, (_, accuracy) = trained(optimizer=optimizer, steps=2, **others)
    assert data["run"]["loss"] == reports[-1].loss
    assert data["now"]["testAccuracy"] == accuracy


def test_images_can_be_fewer_noisier_and_the_network_another() -> None:
    at = open_training(size="100", noise="0.3", net="tanh.4k3-avg.f16", seed=1)
    data = press(at, "epoch")
    assert (data["run"]["trained"], data["run"]["step"]) == (100, 2)
    images = load_dataset("digits", rng=np.random.default_rng(0)).test_images
    assert not np.array_equal(dataset("digits", 0.3, "100").test_images, images)
    (box,) = (box for box in at.selectbox if box.key == "net-picker")
    assert box.value == "own"
    box.set_value("lenet").run()
    assert board(at)["run"]["step"] == 0
    assert at.query_params["net"] == "lenet"


def test_a_network_that_does_not_fit_is_replaced_with_a_sentence() -> None:
    at = open_training(net="relu.8k7.8k7.8k7")
    assert "8k7" in at.info[0].value
    assert press(at, "step")["run"]["step"] == 1


def test_an_epoch_goes_to_its_end_and_learns() -> None:
    at = open_training()
    data = press(at, "step", "epoch")
    assert (data["run"]["step"], data["run"]["epoch"]) == (27, 1.0)
    data = press(at, *["epoch"] * 6)
    assert data["now"]["testAccuracy"] == trained(steps=27 * 7)[2][1] > 0.9


def test_play_makes_steps_when_somebody_looks_and_not_otherwise() -> None:
    at = open_training()
    data = press(at, "play")
    assert data["run"]["playing"]
    assert data["run"]["step"] == 0
    data = ask(at, verb="look", pace="max")
    assert data["run"]["step"] > 1
    at.run()  # whatever makes the page run
    assert board(at)["run"]["step"] == data["run"]["step"]
    assert board(at)["run"]["playing"]
    paused = press(at, "pause")
    assert ask(at, verb="look", pace="max")["run"]["step"] == paused["run"]["step"]
    assert paused["now"]["step"] == paused["run"]["step"]


def test_a_wish_that_arrives_twice_is_granted_once() -> None:
    at = open_training()
    wish = {"verb": "step", "id": str(next(ids))}
    assert ask(at, **wish)["run"]["step"] == ask(at, **wish)["run"]["step"] == 1


def test_reset_begins_anew_and_keeps_the_curves_to_compare() -> None:
    at = open_training()
    before = press(at, "step", "step")
    data = press(at, "reset")
    assert data["run"]["step"] == 0
    assert len(data["ways"]["curves"]) == 1
    np.testing.assert_array_equal(data["arrays"]["batches-1"], before["arrays"]["batches-0"])
    data = press(at, "step", "step")
    np.testing.assert_array_equal(data["arrays"]["batches-0"], before["arrays"]["batches-0"])


def test_earlier_curves_are_sent_once() -> None:
    at = open_training()
    press(at, "step", "reset")
    data = press(at, "step")
    assert "batches-1" in data["arrays"]
    data = press(at, "step", ways=data["ways"]["version"])
    assert "ways" not in data
    assert "batches-1" not in data["arrays"]


@pytest.mark.parametrize(
    ("key", "value", "label"),
    [
        ("lr-slider", "0.2", "η 0.05 → 0.2"),
        ("momentum-slider", "0.5", "momentum 0.9 → 0.5"),
        ("l2-slider", "0.01", "L2 0 → 0.01"),
    ],
)
def test_tuning_changes_without_losing_the_run(key: str, value: str, label: str) -> None:
    at = open_training()
    press(at, "step", "step")
    at.select_slider(key=key).set_value(value).run()
    data = board(at)
    assert data["run"]["step"] == 2
    assert data["curve"]["marks"] == [{"step": 2, "label": label}]
    assert press(at, "step")["run"]["step"] == 3


@pytest.mark.parametrize(
    ("key", "value"), [("batch-slider", "10"), ("optimizer-picker", "adam"), ("seed-number", 5)]
)
def test_another_setup_is_a_new_run(key: str, value: Any) -> None:
    at = open_training()
    press(at, "step", "step")
    kind = {"b": at.select_slider, "o": at.selectbox, "s": at.number_input}[key[0]]
    kind(key=key).set_value(value).run()
    data = board(at)
    assert data["run"]["step"] == 0
    assert [curve["steps"] for curve in data["ways"]["curves"]] == [2]


def test_a_question_about_the_run_before_is_not_answered_by_the_next_one() -> None:
    at = open_training()
    of = board(at)["of"]
    assert ask(at, of=of, image="449")["run"]["step"] == 0
    at.segmented_control(key="images-segments").set_value("xo").run()
    with pytest.raises(direct.OutdatedError):
        ask(at, of=of, image="449", verb="play", id=str(next(ids)))
    assert not ask(at, of=board(at)["of"])["run"]["playing"]


def test_another_page_and_another_language_do_not_touch_the_run() -> None:
    at = open_training()
    press(at, "play")
    step = ask(at, verb="look", pace="max")["run"]["step"]
    at.switch_page("pooling/pooling.py").run()
    at.switch_page(LESSON).run()
    assert board(at)["run"]["step"] == step
    assert board(at)["run"]["playing"]
    at.segmented_control(key="lang-segments").set_value("zh").run()
    assert board(at)["run"]["step"] == step
    assert "张图像" in press(at, "pause")["run"]["message"]


def test_going_back_in_time_is_bit_exact_and_leaves_both_curves() -> None:
    at = open_training()
    seen = [press(at, "step") for _ in range(12)]
    assert seen[-1]["moments"] == list(range(13))
    then = ask(at, at="5")
    assert then["then"]["step"] == 5
    assert then["then"]["testLoss"] == seen[4]["now"]["testLoss"]
    assert then["run"]["step"] == 12
    data = press(at, "rewind", which=5)
    assert data["run"]["step"] == 5
    assert (data["ways"]["branches"], data["ways"]["curves"][0]["steps"]) == (1, 12)
    again = [press(at, "step") for _ in range(7)]
    np.testing.assert_array_equal(again[-1]["arrays"]["batches-0"], seen[-1]["arrays"]["batches-0"])
    assert again[-1]["now"] == seen[-1]["now"]
    data = press(at, "rewind", which=3)
    assert press(at, "switch", which=1)["run"]["step"] == 12


@pytest.mark.parametrize(
    "texts",
    [
        {"at": "-1"},
        {"at": "1e9"},
        {"at": "٣"},
        {"verb": "look", "pace": "0"},
        {"verb": "look", "pace": "nan"},
    ],
)
def test_nonsense_at_the_address_is_refused_and_changes_nothing(texts: dict[str, str]) -> None:
    at = open_training()
    press(at, "step", "play")
    with pytest.raises(UnusableError):
        ask(at, **texts)
    assert press(at, "step")["run"]["step"] == 2


def test_an_earlier_way_that_is_not_there_is_refused() -> None:
    at = open_training()
    press(at, "step")
    with pytest.raises(UnusableError):
        press(at, "switch", which=0)
    assert press(at, "step")["run"]["step"] == 2


@pytest.mark.parametrize("texts", [{"verb": "fly", "id": "9"}, {"verb": "step"}, {"at": "9999"}])
def test_what_means_nothing_does_nothing(texts: dict[str, str]) -> None:
    at = open_training()
    assert ask(at, **texts)["run"]["step"] == 0


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "the loss was no longer a number"), ("zh", "损失不再是一个数")]
)
def test_divergence_is_one_sentence_and_a_lower_rate_goes_on(lang: str, words: str) -> None:
    at = open_training(lang, images="xo", lr=10)
    data = press(at, "epoch", "epoch")
    assert words in data["run"]["message"]
    assert data["run"]["trouble"]
    assert data["run"]["stopped"] == "diverged"
    step = data["run"]["step"]
    at.select_slider(key="lr-slider").set_value("0.001").run()
    data = press(at, "step")
    assert data["run"]["step"] == step + 1
    assert not data["run"]["trouble"]


def test_a_network_that_answers_everything_alike_says_so_and_time_brings_it_back() -> None:
    at = open_training(lr=10)
    data = press(at, "epoch", "epoch", "epoch")
    assert "the same answer" in data["run"]["message"]
    assert data["run"]["trouble"]
    assert data["best"] < data["run"]["step"]
    data = press(at, "rewind", which=data["best"])
    assert not data["run"]["trouble"]


def test_it_stops_by_the_rule_and_says_so() -> None:
    at = open_training(epochs=5, target=90, images="xo")
    press(at, "play")
    data = ask(at, verb="look", pace="max")
    while data["run"]["playing"]:
        data = ask(at, verb="look", pace="max")
    assert data["run"]["stopped"] in ("target", "epochs")
    message = data["run"]["message"]
    assert message.startswith("Stopped")
    for key, value in (("epochs-slider", "500"), ("lr-slider", "0.1")):
        at.select_slider(key=key).set_value(value).run()
    assert board(at)["run"]["message"] == message


def test_another_rule_stops_the_run_that_is_there() -> None:
    at = open_training(epochs=500)
    press(at, "epoch")
    at.select_slider(key="epochs-slider").set_value("5").run()
    data = press(at, "play")
    assert data["run"]["step"] == 27
    while data["run"]["playing"]:
        data = ask(at, verb="look", pace="max")
    assert (data["run"]["stopped"], data["run"]["step"]) == ("epochs", 5 * 27)


def test_a_run_on_other_images_is_no_curve_to_compare_with() -> None:
    at = open_training()
    press(at, "step")
    at.segmented_control(key="images-segments").set_value("xo").run()
    assert board(at)["ways"]["curves"] == []


def test_lbfgs_has_no_learning_rate_and_one_batch() -> None:
    at = open_training(optimizer="lbfgs")
    assert {slider.key for slider in at.select_slider} & {"lr-slider", "batch-slider"} == set()
    data = press(at, "step", "step")
    assert (data["run"]["batch"], data["run"]["epoch"]) == (1347, 2.0)
    assert data["run"]["evaluations"] >= 3


def test_lbfgs_is_not_offered_more_images_than_a_step_can_take() -> None:
    at = open_training(images="mnist", optimizer="lbfgs")
    (sizes,) = (box for box in at.selectbox if box.key == "size-picker")
    assert sizes.options == ["30", "100", "300", "1000"]
    assert board(at)["run"]["batch"] == 1000


def test_a_slow_network_is_examined_on_fewer_images() -> None:
    data = board(open_training(images="mnist", net="wide"))
    assert 500 <= data["run"]["tests"] < 1000
    assert board(open_training(images="mnist"))["run"]["tests"] == 2000


def test_the_first_answers_stay_secret_until_somebody_guessed() -> None:
    at = open_training()
    assert board(at)["secret"]
    assert board(at)["now"] is None
    truth = 100 * trained(steps=0)[2][1]
    at.number_input(key="start-guess").set_value(50)
    next(b for b in at.button if b.label == "Check").click().run()
    assert not board(at)["secret"]
    assert board(at)["now"]["testAccuracy"] == pytest.approx(truth / 100)
    assert any(f"it is **{truth:.1f}**" in text.value for text in at.markdown)


def test_the_guess_stays_guessed_while_the_network_learns() -> None:
    at = skip(open_training())
    press(at, "epoch")
    assert not board(at.run())["secret"]
    assert not [button for button in at.button if button.label == "Skip"]


def test_a_long_curve_is_shown_as_means() -> None:
    at = open_training(batch=5, images="xo", lr=0.01)
    data = press(at, *["epoch"] * 11)
    assert data["run"]["step"] == 1320
    assert data["curve"]["thin"] == 2
    losses = [r.loss for r in trained("xo", SGD(0.01, 0.9), batch_size=5, steps=1320)[1]]
    means = np.reshape(losses, (-1, 2)).mean(axis=1)
    np.testing.assert_allclose(data["arrays"]["batches-0"][0], means, rtol=1e-6)


@pytest.mark.parametrize("view", ["inside", "layers", "mistakes", "draw"])
def test_nothing_that_is_no_number_reaches_the_browser(view: str) -> None:
    """JSON has no NaN: the browser would refuse the whole page. `unpacked` refuses it, too."""
    at = open_training(images="xo", lr=10, show=view)
    ask(at, view=view, image="0")
    data = press(at, "step", "epoch", "epoch", "epoch", view=view, image="0")
    assert json.dumps(data["run"], allow_nan=False)


# ------------------------------------------------------------------ to take home


def open_take_home(at: AppTest) -> AppTest:
    at.session_state["take-home"] = True
    return at.run()


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    (field,) = at.file_uploader
    return field.upload(name, content).run()


def saved_weights(steps: int) -> bytes:
    file = io.BytesIO()
    trained(steps=steps)[0].save(file)
    return file.getvalue()


def test_weights_that_are_brought_back_read_as_well_as_before() -> None:
    at = open_take_home(skip(open_training()))
    press(at, "step")
    upload(at, "mine.npz", saved_weights(270))
    accuracy = trained(steps=270)[2][1]
    (sentence,) = at.success
    assert "mine.npz" in sentence.value
    assert f"{accuracy:.1%}" in sentence.value
    data = board(at)
    assert data["now"]["testAccuracy"] == accuracy
    assert data["curve"]["marks"] == [{"step": 1, "label": "weights loaded"}]
    at.segmented_control(key="images-segments").set_value("xo").run()
    assert not at.success  # nothing was loaded into the new run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_weights_of_another_network_change_nothing_and_the_sentence_says_why(lang: str) -> None:
    at = open_take_home(open_training(lang, net="one"))
    before = press(at, "step")
    upload(at, "other.npz", saved_weights(1))
    (sentence,) = at.error
    assert "conv2" in sentence.value or "affine1" in sentence.value
    assert board(at)["curve"]["marks"] == []
    assert board(at)["now"] == before["now"]


@pytest.mark.parametrize("content", [b"", b"no archive", saved_weights(1)[:-40]])
def test_a_damaged_file_is_one_sentence(content: bytes) -> None:
    at = upload(open_take_home(open_training()), "broken.npz", content)
    assert len(at.error) == 1
    assert press(at, "step")["run"]["step"] == 1


def test_the_code_to_take_home_is_that_of_this_network() -> None:
    at = open_take_home(open_training(net="tanh.4k3-sub.f8"))
    codes = [block.value for block in at.code]
    assert any("np.tanh" in code and "import torch" not in code for code in codes)
    assert any("import torch" in code for code in codes)
    for code in codes:
        compile(code, "code", "exec")

"""/normalisation: four networks against plain NumPy, the sweep, the rulers, the secret, links."""

import re
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import load_dataset
from pages.kit import direct
from pages.kit.rate_sweep import OPEN, sweep
from tests.pages.lesson import open_lesson, skip, unpacked

LESSON = "networks/normalisation.py"
Array = np.ndarray
Message = tuple[dict[str, Any], dict[str, Array]]
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]


def message(raw: bytes) -> Message:
    """The fields and the arrays of what a component is sent."""
    data = unpacked(raw)
    return data, data["arrays"]


def mounted(at: AppTest, sign: str = "glances") -> Message:
    """What the component got that has a field of this name: glances, tried or marks."""
    assert not at.exception
    packed = [component.proto.bytes for component in at.get("bidi_component")]
    (raw,) = (each for each in packed if f'"{sign}":'.encode() in each)
    return message(raw)


def ask(at: AppTest, sign: str = "glances", **texts: str) -> Message:
    """What a component's address answers, as the browser would ask it."""
    token = mounted(at, sign)[0]["direct"].removeprefix("direct/")
    return message(direct.ask(token, texts))


# ---------------------------------------------------------------- the same networks by hand


def pixels() -> tuple[Array, Array, Array, Array]:
    """Training images and labels, test images and labels, as they are in the file."""
    data = load_dataset("digits", scale=False, rng=np.random.default_rng(0))
    train, test = (x.reshape(-1, 64).astype(float) for x in (data.train_images, data.test_images))
    return train, data.train_labels, test, data.test_labels


def inputs(lane: int, x: Array) -> Array:
    train = pixels()[0]
    if lane == 1:
        return x / 16
    if lane == 2:
        std = train.std(axis=0)
        scaled: Array = (x - train.mean(axis=0)) / np.where(std == 0, 1, std)
        return scaled
    return x


class Network:
    """64 → 32 → 10 with ReLU or tanh; with a batch normalisation before it if asked."""

    def __init__(self, seed: int, *, norm: bool, tanh: bool = False) -> None:
        rng, bound = np.random.default_rng(seed), 32**-0.5
        self.w, self.b = rng.uniform(-1 / 8, 1 / 8, (32, 64)), rng.uniform(-1 / 8, 1 / 8, 32)
        self.v, self.c = rng.uniform(-bound, bound, (10, 32)), rng.uniform(-bound, bound, 10)
        self.gamma, self.beta = np.ones(32), np.zeros(32)
        self.running = np.stack([np.zeros(32), np.ones(32)])
        self.norm, self.tanh = norm, tanh

    def activate(self, u: Array) -> Array:
        answers: Array = np.tanh(u) if self.tanh else np.maximum(u, 0)
        return answers

    def slope(self, u: Array) -> Array:
        slopes: Array = 1 - np.tanh(u) ** 2 if self.tanh else (u > 0) * 1.0
        return slopes

    def scores(self, x: Array) -> Array:
        """In use."""
        u = x @ self.w.T + self.b
        if self.norm:
            mean, var = self.running
            u = self.gamma * (u - mean) / np.sqrt(var + 1e-5) + self.beta
        scores: Array = self.activate(u) @ self.v.T + self.c
        return scores

    def step(self, x: Array, labels: Array, lr: float) -> float:
        """A step of gradient descent; the length of the first layer's gradient."""
        z = x @ self.w.T + self.b
        mean, var, n = z.mean(axis=0), z.var(axis=0), len(z)
        std = np.sqrt(var + 1e-5)
        hat = (z - mean) / std
        u = self.gamma * hat + self.beta if self.norm else z
        self.running += 0.1 * (np.stack([mean, var * n / (n - 1)]) - self.running)
        y = self.activate(u)
        powers = np.exp(y @ self.v.T + self.c)
        top = (powers / powers.sum(axis=1, keepdims=True) - np.eye(10)[labels]) / len(x)
        delta = top @ self.v * self.slope(u)
        self.v, self.c = self.v - lr * top.T @ y, self.c - lr * top.sum(axis=0)
        if self.norm:
            g = delta * self.gamma
            self.gamma = self.gamma - lr * (delta * hat).sum(axis=0)
            self.beta = self.beta - lr * delta.sum(axis=0)
            delta = (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) / std
        first = delta.T @ x, delta.sum(axis=0)
        self.w, self.b = self.w - lr * first[0], self.b - lr * first[1]
        return float(np.sqrt((first[0] ** 2).sum() + (first[1] ** 2).sum()))

    def given(self, x: Array) -> Array:
        """What the activation is given; these images measured against themselves."""
        u: Array = x @ self.w.T + self.b
        if self.norm:
            u = self.gamma * (u - u.mean(axis=0)) / np.sqrt(u.var(axis=0) + 1e-5) + self.beta
        return u


# ---------------------------------------------------------------- the race


@pytest.mark.parametrize(
    ("settings", "lrs", "tanh"),
    [
        ({"lr": 0.03, "f": "tanh", "seed": 3}, [0.03] * 4, True),
        ({"lr": "0.01,1,0.3,0.1", "seed": 1}, [0.01, 1, 0.3, 0.1], False),
    ],
)
def test_an_epoch_of_all_four_is_an_epoch_by_hand(
    settings: dict[str, Any], lrs: list[float], tanh: bool
) -> None:
    at = open_lesson(LESSON, **settings)
    at_start, _arrays = mounted(at)
    fields, arrays = ask(at, verb="epoch", id="1")
    train, labels, test, test_labels = pixels()
    seed = settings["seed"]
    for lane, lr in enumerate(lrs):
        network = Network(seed, norm=lane == 3, tanh=tanh)
        order = np.random.default_rng(seed).permutation(len(train))
        x = inputs(lane, train)
        before = at_start["race"]["lanes"][lane]["gradients"]["affine1"]
        length = Network(seed, norm=lane == 3, tanh=tanh).step(x[:50], labels[:50], lr)
        assert before == pytest.approx(length, rel=1e-3)
        for start in range(0, len(order), 50):
            batch = order[start : start + 50]
            length = network.step(x[batch], labels[batch], lr)
        accuracy = (network.scores(inputs(lane, test)).argmax(axis=1) == test_labels).mean()
        assert arrays[f"lane-{lane}"][4, -1] == pytest.approx(accuracy, abs=0.007)
        after = fields["race"]["lanes"][lane]["gradients"]["affine1"]
        assert after == pytest.approx(length, rel=0.05)
        u = network.given(inputs(lane, test))
        glance = fields["glances"][lane]
        assert glance["mean"] == pytest.approx(u.mean(), abs=0.02)
        assert glance["spread"] == pytest.approx(u.std(), rel=0.01)
        flat = network.slope(u) < 0.05
        assert glance["flat"] == pytest.approx(flat.mean(), abs=0.01)
        assert glance["stuck"] == flat.all(axis=0).sum()
        chosen = [test_labels.tolist().index(digit) for digit in range(10)]
        given, answers, slopes = arrays[f"neurons-{lane}"]
        np.testing.assert_allclose(given, u[chosen], atol=0.05)
        np.testing.assert_allclose(answers, network.activate(given), atol=1e-5)
        np.testing.assert_allclose(slopes, network.slope(given), atol=1e-5)


def test_at_a_rate_of_03_raw_pixels_switch_every_relu_off_and_the_others_learn() -> None:
    at = open_lesson(LESSON)
    for wish in range(1, 5):
        ask(at, verb="epoch", id=str(wish))
    fields, arrays = ask(at, verb="epoch", id="5")
    accuracies = [arrays[f"lane-{lane}"][4, -1] for lane in range(4)]
    assert accuracies[0] < 0.12
    assert min(accuracies[1:]) > 0.9
    assert fields["glances"][0]["stuck"] == 32
    assert [glance["stuck"] for glance in fields["glances"][1:]] == [2, 0, 0]


def test_a_network_that_diverges_stops_alone_and_says_so() -> None:
    at = open_lesson(LESSON, lr=10, seed=5)  # here a gradient overflows before the loss does
    for wish in range(1, 3):
        ask(at, verb="epoch", id=str(wish))
    fields, _arrays = ask(at, verb="epoch", id="3")
    troubles = [lane["trouble"] for lane in fields["race"]["lanes"]]
    assert [bool(trouble) for trouble in troubles] == [False, False, True, False]
    assert "standardised" in troubles[2]
    assert fields["race"]["step"] == 81
    assert any(length is None for length in fields["race"]["lanes"][2]["gradients"].values())


def test_shapes_parameters_and_measured_numbers_stand_on_the_arrows() -> None:
    fields, _arrays = mounted(open_lesson(LESSON))
    assert fields["arrows"] == {
        "first": "Affine 64 → 32 · 2,080 parameters",
        "bend": "f → 32 · 0 parameters",
        "last": "Affine 32 → 10 · 330 parameters",
    }
    assert [each["done"] for each in fields["inputs"]] == [
        "as in the file",
        "÷ 16 → 8×8 · 0 parameters",
        "(x − μ) / σ → 8×8 · 128 numbers measured",
        "BatchNorm1d → 32 · 64 parameters",
    ]
    train = pixels()[0]
    for lane, size in enumerate(fields["inputs"]):
        x = inputs(lane, train)
        told = [size[name] for name in ("least", "most", "mean", "spread")]
        np.testing.assert_allclose(told, [x.min(), x.max(), x.mean(), x.std()], atol=2e-3)


def test_a_race_survives_a_change_of_language_and_ends_with_a_new_setting() -> None:
    at = open_lesson(LESSON)
    ask(at, verb="epoch", id="1")
    at.query_params["lang"] = "zh"
    assert mounted(at.run())[0]["race"]["step"] == 27
    fields, _arrays = mounted(at.text_input(key="image").set_value("7").run())
    assert (fields["race"]["step"], fields["digit"]) == (27, 7)
    fields, _arrays = mounted(at.text_input(key="lr").set_value("0.03").run())
    assert (fields["race"]["step"], fields["lrs"]) == (0, ["0.03"] * 4)


# ---------------------------------------------------------------- the sweep


def test_nothing_is_tried_or_told_before_the_guess() -> None:
    at = open_lesson(LESSON, seed=77)
    fields, arrays = ask(at, "tried", verb="try")
    assert fields["tried"] == 0
    assert (sweep("relu", 77).state == OPEN).all()
    assert not arrays["accuracy"].any()
    at = skip(at)
    assert not mounted(at, "tried")[0]["hidden"]
    fields, _arrays = ask(at, "tried", verb="try")
    assert fields["tried"] > 0 or any(ask(at, "tried", verb="try")[0]["tried"] for _ in range(20))
    # What others have found out stays a secret for who has not guessed yet.
    fields, arrays = mounted(open_lesson(LESSON, seed=77), "tried")
    assert (fields["hidden"], fields["tried"]) == (True, 0)
    assert not arrays["accuracy"].any()
    assert not arrays["state"].any()


def test_the_sweep_is_told_cell_by_cell() -> None:
    at = skip(open_lesson(LESSON, seed=1))
    while (told := ask(at, "tried", verb="try"))[0]["tried"] < 36:
        pass
    fields, arrays = told
    accuracy = arrays["accuracy"]
    # By hand: raw pixels at 0.01 and standardised ones at 0.3, five epochs.
    train, labels, test, test_labels = pixels()
    for lane, rate in ((0, 2), (2, 5)):
        network, order = Network(1, norm=False), np.random.default_rng(1)
        for _epoch in range(5):
            shuffled = order.permutation(len(train))
            for start in range(0, len(shuffled), 50):
                batch = shuffled[start : start + 50]
                network.step(inputs(lane, train[batch]), labels[batch], RATES[rate])
        by_hand = (network.scores(inputs(lane, test)).argmax(axis=1) == test_labels).mean()
        assert accuracy[lane, rate] == pytest.approx(by_hand, abs=0.01)
    assert arrays["state"][2, 8] == fields["diverged"]
    works = [[i for i, share in enumerate(row) if share >= 0.9] for row in accuracy.tolist()]
    assert [row["works"] for row in fields["rows"]] == works
    assert [len(row) for row in works] == [2, 2, 3, 5]  # dividing by 16 moves the range, no more


# ---------------------------------------------------------------- one pixel


def test_the_grids_are_an_equation_for_every_pixel_of_every_digit() -> None:
    fields, arrays = mounted(open_lesson(LESSON, image=8, pixel=16), "marks")
    assert (fields["digit"], fields["pixel"], fields["rarest"]) == (8, 16, 16)
    train, _labels, test, test_labels = pixels()
    chosen = [test_labels.tolist().index(digit) for digit in range(10)]
    mean, std = train.mean(axis=0), train.std(axis=0)
    np.testing.assert_array_equal(arrays["raw"], test[chosen])
    np.testing.assert_allclose(arrays["mean"], mean, rtol=1e-4)
    np.testing.assert_allclose(arrays["std"], std, rtol=1e-4, atol=1e-6)
    for digit, image in enumerate(chosen):
        for pixel in range(64):
            shifted = test[image, pixel] - mean[pixel]
            wanted = shifted / std[pixel] if std[pixel] else shifted
            assert arrays["standard"][digit, pixel] == pytest.approx(wanted, rel=1e-3, abs=1e-4)
    counts = [[(train[:, pixel] == ink).sum() for ink in range(17)] for pixel in range(64)]
    np.testing.assert_array_equal(arrays["counts"], counts)


# ---------------------------------------------------------------- words and links


@pytest.mark.parametrize(("lang", "label"), [("en", "raw, 0 to 16"), ("zh", "原始，0到16")])
def test_the_surprise_is_a_secret_until_somebody_guessed(lang: str, label: str) -> None:
    at = open_lesson(LESSON, lang)
    assert not any("90%" in each.value for each in at.markdown)
    at = skip(at)
    assert any(f"**{label}**" in each.value for each in at.markdown)
    # Five epochs with a rate of 0.01, seed 0.
    train, labels, test, test_labels = pixels()
    reached = []
    for lane in range(3):
        network, order = Network(0, norm=False), np.random.default_rng(0)
        for _epoch in range(5):
            shuffled = order.permutation(len(train))
            for start in range(0, len(shuffled), 50):
                batch = shuffled[start : start + 50]
                network.step(inputs(lane, train[batch]), labels[batch], 0.01)
        found = network.scores(inputs(lane, test)).argmax(axis=1) == test_labels
        reached.append(100 * found.mean())
    (reveal,) = (each.value for each in at.markdown if each.value.count("%") == 3)
    told = [float(number) for number in re.findall(r"(\d+)%", reveal)]
    np.testing.assert_allclose(told, reached, atol=1.5)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_why_holds_live_numbers(lang: str) -> None:
    (why,) = (each.value for each in open_lesson(LESSON, lang).markdown if "256" in each.value)
    train, labels, _test, _labels = pixels()
    lengths = [Network(0, norm=False).step(x[:50], labels[:50], 1) for x in (train, train / 16)]
    assert f"{lengths[0]:.3g}" in why
    assert f"{lengths[1]:.2g}" in why
    assert f"{lengths[0] / lengths[1]:.0f}" in why
    assert "1,347" in why
    assert "73" in why  # (2 − 1/1347) / σ of the loudest pixel


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "setting",
    [
        {"lr": "0.2"},
        {"lr": "0.1,0.1"},
        {"lr": "0.1,0.1,0.1,nan"},
        {"lr": ""},
        {"f": "swish"},
        {"seed": "1e9"},
        {"image": "10"},
        {"pixel": "64"},
    ],
)
def test_what_a_link_cannot_have_falls_back_and_is_said(setting: dict[str, str], lang: str) -> None:
    at = open_lesson(LESSON, lang, **setting)
    fields, _arrays = mounted(at)
    assert fields["lrs"] == ["0.3"] * 4
    assert fields["activation"] == "relu"
    (notice,) = at.info
    assert next(iter(setting)) in notice.value

"""What the views of a training show is what cnn_core alone finds out about the same network."""

import json
import math
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cnn_core import (
    SGD,
    STROKES,
    Conv2d,
    Sequential,
    StepReport,
    build_network,
    draw_strokes,
    fit,
    output_size,
    softmax,
)
from pages.kit.components import pack
from pages.kit.controls import UnusableError
from pages.kit.language import speaking
from pages.kit.trainer.architecture import presets
from pages.kit.trainer.run import Run
from pages.kit.trainer.setup import Setup, Tuning, dataset
from pages.kit.trainer.views import VIEWS, ink
from pages.kit.trainer.views.numbers import shades
from pages.kit.trainer.wire import moving

STEPS = 6
Answer = tuple[dict[str, Any], dict[str, np.ndarray]]


@pytest.fixture(autouse=True)
def english():
    with speaking("en"):
        yield


def start(data: str = "digits", net: str = "classic", **settings: Any) -> Run:
    setup = Setup(data, presets(data).get(net, net), **settings)
    return Run(setup, Tuning(), dataset(data))


@cache
def trained(data: str = "digits", net: str = "classic", steps: int = STEPS) -> Run:
    """A run that nobody changes any more."""
    run = start(data, net)
    for _ in range(steps):
        run.step()
    return run


@cache
def oracle(data: str = "digits", steps: int = STEPS) -> tuple[Sequential, StepReport, np.ndarray]:
    """The same training by cnn_core alone: the model, the last report, the weights before it."""
    rng = np.random.default_rng(0)
    model = build_network(data, rng=rng)
    reports = fit(
        model, dataset(data), optimizer=SGD(0.05, 0.9), batch_size=50, epochs=100, rng=rng
    )
    for _ in islice(reports, steps - 1):
        pass
    before = model.flat_params.copy()
    return model, next(reports), before


def ask(run: Run, view: str, step: int | None = None, /, **texts: str) -> Answer:
    return VIEWS[view](run, run.moment(step), texts)


def layers_of(model: Sequential, image: np.ndarray) -> dict[str, np.ndarray]:
    with model.in_use():
        return {name: values[0] for name, values in model.trace(image[None])}


def numbers(shaded: np.ndarray, largest: float) -> np.ndarray:
    return (shaded.astype(float) - 128) / 127 * largest


def text_of(pixels: np.ndarray) -> str:
    return urlsafe_b64encode(pixels.astype(np.uint8).tobytes()).decode().rstrip("=")


# ------------------------------------------------------------------ inside


@pytest.mark.parametrize(("data", "image"), [("digits", 3), ("digits", 449), ("mnist", 17)])
def test_the_maps_are_those_of_the_same_network_without_the_page(data: str, image: int) -> None:
    fields, arrays = ask(trained(data), "inside", image=str(image))
    model, _, _ = oracle(data)
    pixels = dataset(data).test_images[image]
    expected = layers_of(model, pixels)
    assert [stage["name"] for stage in fields["stages"]] == ["conv1", "pool1", "conv2", "pool2"]
    for i, name in enumerate(["relu1", "pool1", "relu2", "pool2"]):
        stage, values = fields["stages"][i], expected[name]
        assert stage["largest"] == np.abs(values).max()
        assert tuple(stage["shape"]) == arrays[f"maps-{i}"].shape == values.shape
        seen = numbers(arrays[f"maps-{i}"], stage["largest"])
        np.testing.assert_allclose(seen, values, atol=stage["largest"] / 253)
        assert_array_equal(arrays[f"maps-{i}"] == 128, np.abs(values) < stage["largest"] / 254)
    assert_array_equal(arrays["kernels"], model.params["conv1.weight"][:, 0])
    first = build_network(data, rng=np.random.default_rng(0)).params["conv1.weight"][:, 0]
    assert_array_equal(arrays["kernels-first"], first)
    assert (first != arrays["kernels"]).any()
    assert fields["answer"]["isProbability"]
    expected_shares = softmax(expected["affine1"].astype(float))
    np.testing.assert_allclose(fields["answer"]["shares"], expected_shares, rtol=1e-5)
    assert fields["answer"]["said"] == expected_shares.argmax()
    assert fields["label"] == dataset(data).test_labels[image]
    assert_array_equal(arrays["seen"], np.rint(pixels[0] * 255))


def test_a_number_is_told_exactly() -> None:
    values = layers_of(oracle()[0], dataset("digits").test_images[5])["relu2"]
    place = tuple(int(i) for i in np.unravel_index(values.argmax(), values.shape))
    text = "-".join(["conv2", *map(str, place)])
    fields, _ = ask(trained(), "inside", image="5", point=text)
    assert fields["point"] == {"place": text, "value": float(values[place])}


@pytest.mark.parametrize("data", ["xo", "digits", "mnist"])
@pytest.mark.parametrize("net", ["classic", "lenet", "one", "deep", "wide"])
def test_every_map_of_every_network_can_be_seen(data: str, net: str) -> None:
    run = start(data, net)
    fields, arrays = ask(run, "inside", image="0")
    names = {stage["name"] for stage in fields["stages"]}
    convs = [name for name in run.model.names if name.startswith(("conv", "pool", "subsample"))]
    assert names >= set(convs)
    outputs = layers_of(run.model, run.data.test_images[0])
    for i, stage in enumerate(fields["stages"]):
        behind = run.model.names.index(stage["name"])
        layer = run.model.layers[behind + 1] if behind + 1 < len(run.model.layers) else None
        is_activated = type(layer).__name__ in ("ReLU", "Tanh", "Sigmoid")
        values = outputs[run.model.names[behind + is_activated]]
        assert math.prod(stage["shape"]) == values.size == arrays[f"maps-{i}"].size
        seen = numbers(arrays[f"maps-{i}"], stage["largest"]).reshape(values.shape)
        np.testing.assert_allclose(seen, values, atol=stage["largest"] / 253 + 1e-12)
    message = pack(*moving(run, {"view": "inside"}, secret=False), {})
    assert len(message) < 64 * 1024


def test_the_arrows_tell_shapes_and_parameters() -> None:
    fields, _ = ask(start("mnist", "lenet"), "inside")
    words = [stage["arrow"] for stage in fields["stages"]]
    assert words == [
        "Convolution 5×5 + tanh → 6×28×28 · 156 parameters",
        "Trainable pooling 2×2 + tanh → 6×14×14 · 12 parameters",
        "Convolution 5×5 + tanh → 16×10×10 · 2,416 parameters",
        "Trainable pooling 2×2 + tanh → 16×5×5 · 32 parameters",
        "Fully connected + tanh → 120 · 48,120 parameters",
        "Fully connected + tanh → 84 · 10,164 parameters",
    ]
    assert fields["arrow"] == "Fully connected + softmax → 10 · 850 parameters"


def test_the_words_follow_the_reader_s_language() -> None:
    english = ask(trained(), "inside")[0]["stages"][0]["arrow"]
    with speaking("zh"):
        assert (
            ask(trained(), "inside")[0]["stages"][0]["arrow"] == "3×3卷积 + ReLU → 8×8×8 · 80个参数"
        )
    assert ask(trained(), "inside")[0]["stages"][0]["arrow"] == english


def test_after_squared_errors_the_outputs_themselves_are_shown() -> None:
    run = start(loss="squares")
    run.step()
    fields, _ = ask(run, "inside", image="2")
    outputs = layers_of(run.model, run.data.test_images[2])
    scores = outputs["affine1"].astype(float)
    assert not fields["answer"]["isProbability"]
    np.testing.assert_allclose(fields["answer"]["shares"], 1 / (1 + np.exp(-scores)), rtol=1e-5)
    assert fields["arrow"] == "Fully connected + sigmoid → 10 · 650 parameters"
    assert [stage["name"] for stage in fields["stages"]][-1] == "pool2"


@pytest.mark.parametrize("data", ["xo", "digits", "mnist"])
def test_ten_test_images_show_each_class_and_the_link_s_image_is_there(data: str) -> None:
    run, asked = trained(data, steps=1), len(dataset(data).test_images) - 1
    fields, arrays = ask(run, "inside", image=str(asked))
    row, images = fields["row"], run.data.test_images
    classes = len(run.data.class_names)
    assert [run.data.test_labels[i] for i in row["indices"][:10]] == [
        i % classes for i in range(10)
    ]
    assert asked in row["indices"]
    assert len(set(row["indices"])) == len(row["indices"]) in (10, 11)
    paper = -1 if data == "xo" else 0
    for index, label, picture in zip(row["indices"], row["labels"], arrays["row"], strict=True):
        assert label == run.data.test_labels[index]
        assert_array_equal(picture, np.rint((images[index, 0] - paper) / (1 - paper) * 255))
    again, others = ask(run, "inside", image=str(asked), row=row["version"])
    assert "row" not in others
    assert again["row"] == row
    others_row = ask(run, "inside", image=str(row["indices"][4]), row=row["version"])
    assert others_row[0]["row"]["indices"] == row["indices"][:10]
    assert "row" in others_row[1]


@given(values=st.lists(st.floats(width=32), min_size=1, max_size=30))
def test_a_shade_stands_for_its_number(values: list[float]) -> None:
    array = np.array(values, np.float32)
    bytes_, largest = shades(array)
    finite = np.isfinite(array)
    assert_array_equal(bytes_ == 0, ~finite)
    assert largest == (np.abs(array[finite]).max() if finite.any() else 0)
    for byte, value in zip(bytes_[finite].tolist(), array[finite].tolist(), strict=True):
        share = value / largest if largest else 0
        assert abs((byte - 128) / 127 - share) <= 0.5 / 127 + 1e-6


# ------------------------------------------------------------------ mistakes


def answers_one_by_one(model: Sequential, images: np.ndarray) -> np.ndarray:
    with model.in_use():
        return np.array([softmax(model.forward(image[None])[0].astype(float)) for image in images])


def test_confusion_recall_and_the_most_wrong_are_those_of_a_naive_loop() -> None:
    fields, arrays = ask(trained(), "mistakes")
    data, shares = dataset("digits"), answers_one_by_one(oracle()[0], dataset("digits").test_images)
    table = [[0] * 10 for _ in range(10)]
    for label, share in zip(data.test_labels, shares, strict=True):
        table[label][int(share.argmax())] += 1
    assert fields["confusion"] == table
    assert fields["recall"] == [row[i] / sum(row) for i, row in enumerate(table)]
    wrong = [i for i, share in enumerate(shares) if share.argmax() != data.test_labels[i]]
    wrong.sort(key=lambda i: shares[i][data.test_labels[i]])
    assert fields["found"] == len(wrong) > 30
    assert fields["images"]["indices"] == wrong[:30]
    for i, index in enumerate(wrong[:30]):
        assert fields["said"][i] == shares[index].argmax()
        assert fields["shares"][i] == pytest.approx(shares[index].max(), rel=1e-4)
        right = shares[index][data.test_labels[index]]
        assert fields["rightShares"][i] == pytest.approx(right, rel=1e-3)
        assert_array_equal(arrays["shelf"][i], np.rint(data.test_images[index, 0] * 255))


def test_a_cell_opens_its_images_the_surest_first() -> None:
    everything, _ = ask(trained(), "mistakes")
    shares = answers_one_by_one(oracle()[0], dataset("digits").test_images)
    labels = dataset("digits").test_labels
    for true, said in [(t, s) for t in range(10) for s in range(10)]:
        fields, arrays = ask(trained(), "mistakes", cell=f"{true}-{said}")
        expected = [i for i in range(450) if labels[i] == true and shares[i].argmax() == said]
        expected.sort(key=lambda i: -shares[i][said])
        assert fields["cell"] == (true, said)
        assert fields["found"] == len(expected) == everything["confusion"][true][said]
        assert fields["images"]["indices"] == expected[:30]
        assert arrays["shelf"].shape == (min(30, len(expected)), 8, 8)


# ------------------------------------------------------------------ layers


def test_lengths_are_those_of_the_reports_and_the_weights() -> None:
    fields, arrays = ask(trained(), "layers")
    model, report, before = oracle()
    learning = [row for row in fields["layers"] if row["parameters"]]
    assert [row["name"] for row in fields["layers"]] == model.names
    assert fields["total"] == "1,898 parameters in all"
    for row in learning:
        parts = [key for key in model.params if key.startswith(row["name"])]
        now = np.concatenate([model.params[key].ravel() for key in parts]).astype(float)
        start = next(
            i
            for i in range(len(before))
            if model.flat_params[i : i + len(now)].tolist() == now.tolist()
        )
        update = math.sqrt(sum((now - before[start : start + len(now)].astype(float)) ** 2))
        weights = math.sqrt(sum(now**2))
        assert row["gradient"] == report.grad_norms[row["name"]]
        assert row["update"] == pytest.approx(update, rel=1e-5)
        assert row["weights"] == pytest.approx(weights, rel=1e-6)
        assert row["ratio"] == pytest.approx(update / weights, rel=1e-5)
    lengths = arrays["lengths"]
    assert lengths.shape == (1 + 2 * 3, STEPS + 1)
    assert_array_equal(lengths[0], range(STEPS + 1))
    assert np.isnan(lengths[1:, 0]).all()
    assert np.isfinite(lengths[:, 1:]).all()
    assert_array_equal(
        lengths[1:4, -1], np.array([row["gradient"] for row in learning], np.float32)
    )
    assert_array_equal(lengths[4:, -1], np.array([row["update"] for row in learning], np.float32))


def test_before_the_first_step_only_the_weights_have_a_length() -> None:
    fields, _ = ask(start(), "layers")
    learning = [row for row in fields["layers"] if row["parameters"]]
    assert len(learning) == 3
    for row in learning:
        assert row["gradient"] is row["update"] is row["ratio"] is None
        assert row["weights"] > 0


def test_zero_weights_have_no_ratio_and_nothing_is_divided_by_zero() -> None:
    fields, _ = ask(start(start="zero"), "layers")
    assert [row["ratio"] for row in fields["layers"] if row["parameters"]] == [None] * 3


def test_a_long_run_keeps_its_curves_short_and_its_last_look() -> None:
    run = start("xo", "one")
    for _ in range(431):
        run.step()
    _, arrays = ask(run, "layers")
    steps = arrays["lengths"][0].tolist()
    assert len(steps) <= 202
    assert steps[0] == 0
    assert steps[-1] == 431
    gaps = {after - before for before, after in pairwise(steps[:-1])}
    assert gaps == {4}


# ------------------------------------------------------------------ the past


def test_the_past_looks_as_it_did_when_it_was_now() -> None:
    run = start()
    drawing = text_of(np.tile([0, 0, 200, 255, 90, 0, 0, 0], (32, 4)))
    texts = {"image": "7", "ink": drawing, "cell": "8-1", "point": "conv2-3-1-1"}
    then: dict[tuple[int, str], Answer] = {}
    for step in range(5):
        for view in VIEWS:
            then[step, view] = ask(run, view, **texts)
        run.step()
    for (step, view), (fields, arrays) in reversed(then.items()):
        again, others = ask(run, view, step, **texts)
        assert again == fields
        assert others.keys() == arrays.keys()
        for name in arrays.keys() - {"lengths"}:  # these curves are always those of the whole run
            assert_array_equal(others[name], arrays[name], strict=True)
    assert ask(run, "inside", 4, **texts)[1]["maps-0"].tobytes() != (
        ask(run, "inside", **texts)[1]["maps-0"].tobytes()
    )


def test_lengths_of_the_past_say_where_they_were_measured() -> None:
    run = start()
    run.play()
    run.advance(12, seconds=60)
    at = [look.step for look in run.history.looks]
    fields, _ = ask(run, "layers", 3)
    assert fields["step"] == 3
    assert fields["measured"] in at


# ------------------------------------------------------------------ what JSON has no word for


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("factor", [1.0, 1e15, 1e30, math.nan])
@pytest.mark.parametrize(("net", "loss"), [("lenet", "squares"), ("classic", "entropy")])
def test_nothing_but_numbers_reaches_json(view: str, factor: float, net: str, loss: str) -> None:
    run = start(net=net, loss=loss)
    with np.errstate(all="ignore"):
        run.take_weights(run.model.flat_params * np.float32(factor))
    drawing = text_of(np.full((32, 32), 255))
    fields, arrays = moving(run, {"view": view, "image": "3", "ink": drawing}, secret=False)
    json.dumps({name: field for name, field in fields.items() if name == "shown"}, allow_nan=False)
    assert {array.dtype.name for array in arrays.values()} <= {"uint8", "float32"}


# ------------------------------------------------------------------ what the browser asks


@pytest.mark.parametrize(
    ("view", "texts"),
    [
        *(("inside", {"image": text}) for text in ("450", "-1", "1.5", "x", "٣", "9" * 40, " 1")),
        ("inside", {"point": "conv1-8-0-0"}),
        ("inside", {"point": "conv1-0-0-8"}),
        ("inside", {"point": "conv9-0-0-0"}),
        ("inside", {"point": "relu1-0-0-0"}),
        ("inside", {"point": "conv1-0-0"}),
        ("inside", {"point": "conv1-" + "9" * 400 + "-0-0"}),
        ("inside", {"image": "own", "ink": "AAAA"}),
        *(("mistakes", {"cell": text}) for text in ("10-0", "0-10", "3", "a-b", "-1-2", "٣-٣")),
        *(
            ("draw", {"ink": text})
            for text in (
                "A",
                "%%%%",
                "ink",
                "A" * 1368,
                "A" * 1364,
                "A" * 10**6,
                "é" * 1366,
                "AA==",
                "\0",
            )
        ),
    ],
)
def test_nonsense_is_refused(view: str, texts: Mapping[str, str]) -> None:
    with pytest.raises(UnusableError):
        ask(trained(), view, **texts)


@given(text=st.text(max_size=60), view=st.sampled_from(list(VIEWS)))
def test_any_text_is_answered_or_refused(text: str, view: str) -> None:
    with speaking("en"):
        for name in ("image", "cell", "ink", "point", "row", "shelf"):
            try:
                ask(trained(), view, **{name: text})
            except UnusableError:
                continue


# ------------------------------------------------------------------ drawings


def drawn(pixels: np.ndarray, data: str) -> np.ndarray:
    return ink.drawing({"ink": text_of(pixels)}, data).image


@given(st.binary(min_size=36 * 36, max_size=36 * 36))
def test_a_drawing_survives_its_text(content: bytes) -> None:
    pixels = np.frombuffer(content, np.uint8).reshape(36, 36)
    assert_array_equal(ink.drawing({"ink": text_of(pixels)}, "xo").ink * 255, pixels)


def test_mnist_s_digits_survive_the_framing_and_get_the_same_answer() -> None:
    run, images = trained("mnist"), dataset("mnist").test_images
    for i in range(0, 200, 7):
        text = text_of(np.rint(images[i, 0] * 255))
        fields, arrays = ask(run, "draw", ink=text)
        assert_array_equal(ink.drawing({"ink": text}, "mnist").image, images[i, 0])
        np.testing.assert_allclose(fields["answer"]["shares"], run.exam.shares[i], rtol=1e-4)
        inside, _ = ask(run, "inside", image="own", ink=text)
        assert inside["answer"] == fields["answer"]
        assert inside["image"] is inside["label"] is None
        assert_array_equal(arrays["seen"], np.rint(images[i, 0] * 255))


def test_a_small_digit_in_a_corner_is_scaled_and_centred_for_mnist() -> None:
    pixels = np.zeros((28, 28))
    pixels[1:11, 2:5] = 255  # ten pixels high
    image = drawn(pixels, "mnist")
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert 20 <= len(rows) <= 22
    assert abs((image.sum(axis=1) @ np.arange(28)) / image.sum() - 14) <= 0.6
    assert abs(columns.mean() - 14) <= 1


def naive_means(pixels: np.ndarray) -> np.ndarray:
    image = np.zeros((8, 8))
    for row in range(32):
        for column in range(32):
            image[row // 4, column // 4] += pixels[row, column] / 255 / 16
    return image


@given(seed=st.integers(0, 999))
def test_on_the_whole_field_a_pixel_is_the_mean_of_4_by_4(seed: int) -> None:
    """As high and as wide as the field of that set, with a usual amount of ink: left as it is."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((32, 32))
    inked = rng.permutation(640)[:300]
    pixels[inked // 20, 6 + inked % 20] = 255
    pixels[[0, 31, 16, 16], [10, 10, 6, 25]] = 255
    np.testing.assert_allclose(drawn(pixels, "digits"), naive_means(pixels), atol=1e-6)


def test_a_digit_elsewhere_fills_the_field_as_those_of_the_set_do() -> None:
    """Half as large, in a corner: the same image as in full size."""
    large = np.zeros((32, 32))
    large[:, 6:26] = 255
    large[8:24, 12:20] = 0
    large[0:8, 6:10] = 0
    small = np.zeros((32, 32))
    small[15:31, 20:30] = large[::2, 6:26:2]
    field = ink.on_the_field(small / 255)
    np.testing.assert_allclose(field, ink.on_the_field(large / 255), atol=1e-9)
    assert field.any(axis=1).all()


def naive_thickened(field: np.ndarray) -> np.ndarray:
    rows, columns = field.shape
    result = field.copy()
    for row in range(rows):
        for column in range(columns):
            for r, c in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if 0 <= r < rows and 0 <= c < columns:
                    result[row, column] = max(result[row, column], field[r, c])
    return result


@given(seed=st.integers(0, 999))
def test_thickened_is_the_darkest_of_each_neighbourhood(seed: int) -> None:
    field = np.random.default_rng(seed).random((5, 6))
    assert_array_equal(ink.thickened(field), naive_thickened(field))


def test_thin_strokes_become_thicker_and_thick_ones_thinner() -> None:
    thin = np.zeros((32, 32))
    thin[:, 6] = thin[0, 6:26] = 1.0  # 51 pixels of ink: twice
    expected = naive_thickened(naive_thickened(thin))
    np.testing.assert_allclose(ink.on_the_field(thin), expected, atol=1e-9)
    medium = thin.copy()
    medium[:, 10:14] = 1.0  # 175: once
    np.testing.assert_allclose(ink.on_the_field(medium), naive_thickened(medium), atol=1e-9)
    block = np.zeros((32, 32))
    block[:, 6:26] = 1.0  # 640: twice thinner
    expected = 1 - naive_thickened(naive_thickened(1 - block))
    np.testing.assert_allclose(ink.on_the_field(block), expected, atol=1e-9)


@pytest.mark.parametrize("stroke", range(len(STROKES)))
def test_strokes_of_the_book_are_seen_as_the_book_has_them(stroke: int) -> None:
    rng = np.random.default_rng(1)
    for thickness in (1, 2):
        image = draw_strokes([stroke], shift=1, thickness=thickness, noise=0, rng=rng)[0, 0]
        pixels = np.kron(image > 0, np.ones((4, 4))) * 255
        assert_array_equal(drawn(pixels, "xo"), image)


def test_a_thin_line_never_falls_between_two_pixels() -> None:
    """Two pixels of the pad wide, wherever it lies."""
    for left in range(34):
        pixels = np.zeros((36, 36))
        pixels[4:32, left : left + 2] = 255
        inked = drawn(pixels, "xo") > 0
        if left % 4 != 3:
            assert inked[1:8].any(axis=1).all()


@pytest.mark.parametrize("data", ["xo", "digits", "mnist"])
def test_all_paper_has_no_verdict_and_all_ink_has_one(data: str) -> None:
    run, size = trained(data, steps=1), ink.PADS[data]
    for text in ("", text_of(np.zeros((size, size)))):
        fields, arrays = ask(run, "draw", ink=text)
        assert (fields["answer"], fields["framed"], fields["pad"]) == (None, "", size)
        assert not arrays["seen"].any()
        assert arrays["seen"].shape == run.data.image_shape[1:]
    fields, _ = ask(run, "draw", ink=text_of(np.full((size, size), 255)))
    assert sum(fields["answer"]["shares"]) == pytest.approx(1)
    assert fields["framed"]


def test_the_first_layer_s_maps_have_the_size_that_the_formula_says() -> None:
    run = start("mnist", "wide")
    layer = run.model.layers[0]
    assert isinstance(layer, Conv2d)
    size = output_size(28, 5, padding=2)
    fields, arrays = ask(run, "inside")
    assert fields["stages"][0]["shape"] == [16, size, size]
    assert arrays["maps-0"].nbytes == 16 * size * size

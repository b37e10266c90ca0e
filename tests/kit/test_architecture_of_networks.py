"""Every text is one network, every offered change fits, and every other one does not."""

import itertools
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_core import (
    SGD,
    Affine,
    AvgPool2d,
    Conv2d,
    Flatten,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Subsample2d,
    Tanh,
    build_network,
    fit,
    gabor,
    load_dataset,
    sigmoid,
)
from pages.kit.controls import UnusableError
from pages.kit.language import speaking
from pages.kit.trainer import architecture as kit
from pages.kit.trainer.architecture import Architecture, Conv, build, fits, parse, presets, repaired
from pages.kit.trainer.choices import choices, rows

SHAPES = {"xo": (1, 9, 9), "digits": (1, 8, 8), "mnist": (1, 28, 28)}
FIELDS: dict[str, Sequence[Any]] = {
    "filters": (1, 2, 4, 6, 8, 12, 16, 24, 32),
    "kernel": range(1, 8),
    "stride": range(1, 4),
    "padding": range(4),
    "pool": ("max", "avg", "sub", "none"),
}
WIDTHS = (4, 8, 16, 32, 48, 64, 84, 120, 128, 192, 256)


@pytest.fixture(autouse=True, scope="module")
def _english():
    with speaking("en"):
        yield


def generator() -> np.random.Generator:
    return np.random.default_rng(5)


# ------------------------------------------------------------------ an oracle, layer by layer


def by_hand(network: Architecture, shape: tuple[int, ...], classes: int) -> Sequential:
    """The network put together from cnn_core's layers, which refuse what does not fit."""
    rng = generator()
    activation = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh}[network.activation]
    layers = []
    for conv in network.convs:
        new = [
            Conv2d(
                shape[0],
                conv.filters,
                conv.kernel,
                stride=conv.stride,
                padding=conv.padding,
                rng=rng,
            ),
            activation(),
        ]
        if conv.pool == "max":
            new += [MaxPool2d(2)]
        if conv.pool == "avg":
            new += [AvgPool2d(2)]
        if conv.pool == "sub":
            new += [Subsample2d(conv.filters, 2), activation()]
        for layer in new:
            shape = layer.output_shape(shape)
        layers += new
    layers.append(Flatten())
    numbers = prod(shape)
    for width in network.widths:
        layers += [Affine(numbers, width, rng=rng), activation()]
        numbers = width
    return Sequential(*layers, Affine(numbers, classes, rng=rng))


def is_possible(network: Architecture, shape: tuple[int, ...]) -> bool:
    if any(conv.padding >= conv.kernel for conv in network.convs):
        return False
    try:
        model = by_hand(network, shape, classes=10)
    except ValueError:
        return False
    multiplications = sum(
        prod(row.output_shape[1:]) * row.layer.params["weight"].size
        for row in model.summary(shape)
        if "weight" in row.layer.params
    )
    return model.parameter_count <= 150_000 and multiplications <= 4_000_000


@st.composite
def networks(draw: st.DrawFn) -> Architecture:
    """Any values that are in the lists, whether they fit together or not."""
    convs = []
    for _ in range(draw(st.integers(1, 3))):
        kernel = draw(st.sampled_from(FIELDS["kernel"]))
        convs.append(
            Conv(
                draw(st.sampled_from(FIELDS["filters"])),
                kernel,
                draw(st.sampled_from([1, 1, 1, 2, 3])),
                min(draw(st.sampled_from(FIELDS["padding"])), kernel - 1),
                draw(st.sampled_from(FIELDS["pool"])),
            )
        )
    widths = draw(st.lists(st.sampled_from(WIDTHS), max_size=2))
    return Architecture(
        draw(st.sampled_from(["relu", "sigmoid", "tanh"])), tuple(convs), tuple(widths)
    )


image_shapes = st.sampled_from([*SHAPES.values(), (3, 12, 7)])


# ------------------------------------------------------------------ texts


@given(networks(), image_shapes)
@settings(max_examples=300)
def test_a_text_is_one_network_and_a_network_that_fits_has_one_text(network, shape) -> None:
    assert fits(network, shape) == is_possible(network, shape)
    assert re.fullmatch(r"[a-z0-9.-]{6,60}", network.text)  # nothing that a link must escape
    if fits(network, shape):
        assert parse(network.text, shape) == network
        assert parse(network.text, shape).text == network.text
    else:
        with pytest.raises(UnusableError) as caught:
            parse(network.text, shape)
        assert is_possible(parse(caught.value.instead or "", shape), shape)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("relu.1k7", "in which a kernel of 7×7 finds only 5×5 cells"),
        ("relu.1k5-max", "in which there is nothing left to pool"),
        (
            "relu.32k5p2.32k5p2.32k5p2.f256.f256",
            f"which learns {26 * 32 + 2 * 801 * 32 + (801 + 257) * 256 + 2570:,} numbers; "
            "150,000 is the most",
        ),
        (
            "relu.32k7p3-sub.32k7p3.32k7p3.f256.f256",
            f"which learns {50 * 32 + 64 + 2 * 1569 * 32 + (129 + 257) * 256 + 2570:,} numbers; "
            "150,000 is the most",
        ),
    ],
)
def test_a_network_that_does_not_fit_says_why(text: str, clause: str) -> None:
    with pytest.raises(UnusableError) as caught:
        parse(text, (1, 5, 5))
    assert str(caught.value) == clause


def test_a_network_that_is_too_slow_says_so() -> None:
    with pytest.raises(UnusableError) as caught:
        parse("relu.16k7p3.16k7p3-max.4k1-max", (1, 28, 28))
    products = 28 * 28 * 49 * (16 + 16 * 16) + 14 * 14 * 16 * 4 + 4 * 7 * 7 * 10
    assert f"{products:,} multiplications" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ".",
            "relu",
            "relu.",
            "relu.f32",
            "8k3",
            "gelu.8k3",
            "Relu.8k3",
            "relu.8k3.",
            "relu..8k3",
        ),
        *("relu.8k3s1", "relu.8k3p0", "relu.8k3-none", "relu.08k3", "relu.8k3-min", "relu.8k3p1s2"),
        *("relu.f32.8k3", "relu.8k3.f32.4k3", "relu.8k3.8k3.8k3.8k3", "relu.8k3.f4.f4.f4"),
        *(
            "relu.5k3",
            "relu.8k0",
            "relu.8k8",
            "relu.8k9p3",
            "relu.8k3s4",
            "relu.8k3p3",
            "relu.8k1p1",
        ),
        *("relu.8k3.f5", "relu.8k3.f0", "relu.8k3.f032", "relu.8k3.f-4", "relu.8k3 ", "relu.8k３"),
        *(
            "relu.8k3\n",
            "relu." + "9" * 5000 + "k3",
            "relu.8k3.f" + "1" * 5000,
            "relu.8k3s0",
            "relu..8k3",
            "relu.8k1p1",
        ),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(UnusableError):
        parse(text, (1, 28, 28))


@given(st.text("relu.tanh81kps3-maxf \n", max_size=30))
def test_any_other_text_is_refused_or_comes_back_as_it_is(text: str) -> None:
    with suppress(UnusableError):
        assert parse(text, (1, 8, 8)).text == text


@given(networks(), image_shapes)
@settings(max_examples=200)
def test_a_repaired_network_fits_and_stays_what_it_is_if_it_can(network, shape) -> None:
    better = repaired(network, shape)
    assert is_possible(better, shape)
    assert (better == network) == is_possible(network, shape)
    assert len(better.convs) == len(network.convs)
    assert better.activation == network.activation
    for old, new in zip(network.convs, better.convs, strict=True):
        assert new.is_offered
        assert (new.filters, new.kernel, new.padding) <= (old.filters, old.kernel, old.padding)
        assert new.stride == old.stride
        assert new.pool in (old.pool, "none")


def test_the_network_of_large_images_is_repaired_for_small_ones() -> None:
    for text in presets("mnist").values():
        assert is_possible(repaired(parse(text, SHAPES["mnist"]), SHAPES["xo"]), SHAPES["xo"])


# ------------------------------------------------------------------ what may be changed


def with_conv(network: Architecture, at: int, **changes: Any) -> Architecture:
    conv = replace(network.convs[at], **changes)
    if "kernel" in changes and conv.padding >= conv.kernel:
        conv = replace(conv, padding=conv.kernel - 1)
    return replace(network, convs=(*network.convs[:at], conv, *network.convs[at + 1 :]))


@given(networks(), st.sampled_from([SHAPES["digits"], SHAPES["xo"], SHAPES["mnist"]]))
@settings(max_examples=40)
def test_exactly_what_fits_is_offered(network, shape) -> None:
    network = repaired(network, shape)
    offers = choices(network, shape)
    expected: dict[tuple[Any, ...], Architecture] = {
        ("activation", name): replace(network, activation=name)
        for name in ("relu", "sigmoid", "tanh")
    }
    offered: dict[tuple[Any, ...], str] = {
        ("activation", name): text for name, text in offers.activation.items()
    }
    for i, fields in enumerate(offers.convs):
        assert set(fields) == set(FIELDS)
        for field, values in FIELDS.items():
            assert getattr(network.convs[i], field) in fields[field]
            offered |= {(i, field, value): text for value, text in fields[field].items()}
            expected |= {(i, field, v): with_conv(network, i, **{field: v}) for v in values}
    for i, options in enumerate(offers.widths):
        offered |= {(i, width): text for width, text in options.items()}
        before, after = network.widths[:i], network.widths[i + 1 :]
        expected |= {(i, w): replace(network, widths=(*before, w, *after)) for w in WIDTHS}
    possible = {change: new for change, new in expected.items() if is_possible(new, shape)}
    assert {change: parse(text, shape) for change, text in offered.items()} == possible


@given(networks(), st.sampled_from([SHAPES["digits"], SHAPES["xo"], SHAPES["mnist"]]))
@settings(max_examples=60)
def test_layers_come_and_go_only_where_the_network_still_fits(network, shape) -> None:
    network = repaired(network, shape)
    offers = choices(network, shape)
    convs, widths = network.convs, network.widths
    for i, text in enumerate(offers.fewer_convs):
        fewer = replace(network, convs=convs[:i] + convs[i + 1 :])
        assert (text is not None) == (len(convs) > 1 and is_possible(fewer, shape))
        assert text in (None, fewer.text)
    for i, text in enumerate(offers.fewer_widths):
        fewer = replace(network, widths=widths[:i] + widths[i + 1 :])
        assert text == (fewer.text if is_possible(fewer, shape) else None)
    if offers.more_convs:
        more = parse(offers.more_convs, shape)
        assert is_possible(more, shape)
        assert more == replace(network, convs=(*convs, more.convs[-1]))
    else:
        least = (Conv(1, 3, padding=1, pool=pool) for pool in ("max", "avg", "sub", "none"))
        tries = (replace(network, convs=(*convs, conv)) for conv in least)
        assert len(convs) == 3 or not any(is_possible(more, shape) for more in tries)
    if offers.more_widths:
        more = parse(offers.more_widths, shape)
        assert is_possible(more, shape)
        assert more == replace(network, widths=(*widths, more.widths[-1]))
    else:
        assert len(widths) == 2 or not is_possible(replace(network, widths=(*widths, 4)), shape)


# ------------------------------------------------------------------ layers


@given(networks(), image_shapes, st.sampled_from([2, 10]))
@settings(max_examples=60)
def test_a_network_is_built_layer_for_layer_and_number_for_number(network, shape, classes) -> None:
    network = repaired(network, shape)
    model = build(network, shape, classes, rng=generator())
    oracle = by_hand(network, shape, classes)
    assert repr(model) == repr(oracle)
    np.testing.assert_array_equal(model.flat_params, oracle.flat_params)
    images = generator().random((3, *shape), np.float32)
    answers = model.forward(images)
    assert answers.shape == (3, classes)
    assert np.isfinite(answers).all()


@pytest.mark.parametrize("data", SHAPES)
def test_classic_is_the_network_of_the_core(data: str) -> None:
    shape = load_dataset(data, rng=generator()).train_images.shape[1:]
    assert kit.IMAGE_SHAPES[data] == shape == SHAPES[data]
    classes = 2 if data == "xo" else 10
    model = build(parse(presets(data)["classic"], shape), shape, classes, rng=generator())
    core = build_network(data, rng=generator())
    assert (repr(model), model.names) == (repr(core), core.names)
    np.testing.assert_array_equal(model.flat_params, core.flat_params)


def test_lenet_is_lenet() -> None:
    """With every map of S2 leading to every map of C3: 900 weights more than the original."""
    model = build(parse(presets("mnist")["lenet"], (1, 28, 28)), (1, 28, 28), 10, rng=generator())
    counts = [row.parameters for row in model.summary((1, 28, 28)) if row.parameters]
    assert counts == [156, 12, 2416, 32, 48120, 10164, 850]
    assert [type(layer).__name__ for layer in model.layers[:5]] == [
        *("Conv2d", "Tanh", "Subsample2d", "Tanh", "Conv2d"),
    ]


@pytest.mark.parametrize("data", SHAPES)
def test_every_preset_fits_its_images_and_no_two_are_the_same(data: str) -> None:
    texts = presets(data)
    assert list(texts) == list(kit.PRESETS)
    assert len(set(texts.values())) == len(texts)
    for text in texts.values():
        assert is_possible(parse(text, SHAPES[data]), SHAPES[data])
    assert len(parse(texts["one"], SHAPES[data]).convs) == 1
    assert len(parse(texts["deep"], SHAPES[data]).convs) == 3


# ------------------------------------------------------------------ how weights begin

NETWORK = Architecture("tanh", (Conv(6, 5, 1, 2, "sub"), Conv(8, 3, 1, 1, "max")), (16,))
DIGIT = (1, 8, 8)


def started(start: str, network: Architecture = NETWORK, shape=DIGIT) -> dict[str, np.ndarray]:
    return build(network, shape, 10, rng=generator(), start=start).state()


def drawn(state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: values for name, values in state.items() if not name.startswith("sub")}


@pytest.mark.parametrize(("start", "scale"), [("tiny", 0.01), ("large", 5), ("zero", 0)])
def test_weights_begin_smaller_or_larger(start: str, scale: float) -> None:
    usual, begun = started("random"), started(start)
    for name, values in drawn(usual).items():
        np.testing.assert_allclose(begun[name], scale * values, rtol=1e-6)
    np.testing.assert_array_equal(begun["subsample1.coefficient"], np.full(6, 0.25))


def test_nothing_makes_neurons_differ_that_begin_with_zero() -> None:
    data = load_dataset("digits", rng=generator())
    network = Architecture("sigmoid", (Conv(4, 3),), (8,))
    model = build(network, DIGIT, 10, rng=generator(), start="zero")
    steps = fit(model, data, optimizer=SGD(0.5, 0.9), batch_size=50, epochs=1, rng=generator())
    list(itertools.islice(steps, 20))
    assert (model.params["affine1.bias"] == model.params["affine1.bias"][0]).all()
    weight = model.params["conv1.weight"]
    assert weight.any()
    assert (weight == weight[0]).all()


@pytest.mark.parametrize("size", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("channels", [1, 3])
def test_gabor_kernels_stand_in_the_first_layer_alone(size: int, channels: int) -> None:
    network = Architecture("relu", (Conv(6, size, padding=2), Conv(4, 3, padding=1)))
    shape = (channels, 8, 8)
    usual, begun = (started(start, network, shape) for start in ("random", "gabor"))
    for name, values in usual.items():
        assert (begun[name] == values).all() == (name != "conv1.weight")
    kernels = begun["conv1.weight"]
    assert (kernels == kernels[:, :1]).all()
    mean_square = (kernels.astype(float) ** 2).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(mean_square, 1 / (3 * channels * size**2), rtol=1e-5)
    odd = size | 1
    for i, psi in enumerate((np.pi / 2, 0.0, np.pi / 2)):
        wave = gabor(odd, i * np.pi / 6, size, size / 3, psi)[:size, :size]
        likeness = (wave * kernels[i, 0]).sum() / np.linalg.norm(wave)
        assert likeness == pytest.approx(np.linalg.norm(kernels[i, 0]), rel=1e-5)


@pytest.mark.parametrize("size", [1, 2])
def test_a_kernel_without_room_for_a_wave_cannot_begin_as_one(size: int) -> None:
    network = Architecture("relu", (Conv(6, size), Conv(4, 3)))
    assert set(kit.starts(network)) == {"random", "tiny", "large", "zero"}
    assert "gabor" in kit.starts(NETWORK)
    with pytest.raises(ValueError, match="at least 3"):
        started("gabor", network)


def test_a_squashed_network_ends_with_a_sigmoid() -> None:
    plain, squashed = (build(NETWORK, DIGIT, 10, rng=generator(), squash=s) for s in (False, True))
    images = generator().random((4, *DIGIT), np.float32)
    assert repr(squashed) == repr(plain)[:-1] + ", Sigmoid())"
    np.testing.assert_allclose(squashed.forward(images), sigmoid(plain.forward(images)), rtol=1e-6)


# ------------------------------------------------------------------ the words on the arrows


@given(networks(), image_shapes, st.sampled_from([2, 10]))
@settings(max_examples=40)
def test_rows_say_what_the_layers_say_and_formulas_come_out(network, shape, classes) -> None:
    network = repaired(network, shape)
    with speaking("en"):
        said = rows(network, shape, classes)
    summary = by_hand(network, shape, classes).summary(shape)
    assert [(r.name, r.shape, r.parameters, r.connections) for r in said] == [
        (r.name, r.output_shape, r.parameters, r.connections) for r in summary
    ]
    for row in said:
        if row.parameters:
            formula, total = row.formula.split(" = ")
            assert eval(formula.replace("·", "*")) == int(total.replace(",", "")) == row.parameters
        else:
            assert row.formula == ""


def test_the_operations_have_names() -> None:
    network = parse("tanh.2k3-sub.2k2p1-avg.2k1-max.f4", (1, 28, 28))
    assert [row.operation for row in rows(network, (1, 28, 28), 2)] == [
        *("Convolution 3×3", "tanh", "Trainable pooling 2×2", "tanh"),
        *("Convolution 2×2", "tanh", "Average pooling 2×2"),
        *("Convolution 1×1", "tanh", "Max pooling 2×2"),
        *("Flatten", "Fully connected", "tanh", "Fully connected"),
    ]

"""The way of an image through a network, against the layers run one by one."""

import numpy as np
import pytest

from cnn_core import Affine, load_dataset, load_pretrained, softmax
from pages.kit import journey

NAMES = pytest.mark.parametrize("name", ["digits", "mnist"])


def first_image(name: str) -> journey.Images:
    return load_dataset(name, rng=np.random.default_rng(0)).test_images[0]


@NAMES
def test_a_walk_is_the_forward_pass_layer_by_layer(name: str) -> None:
    image, network = first_image(name), load_pretrained(name)
    steps = journey.walk(load_pretrained(name), image)
    x = image[None]
    np.testing.assert_array_equal(steps[0].values, image)
    for step, layer in zip(steps[1:-1], network.layers, strict=True):
        assert step.input_shape == x.shape[1:]
        x = layer.forward(x).copy()
        np.testing.assert_array_equal(step.values, x[0])
    np.testing.assert_array_equal(steps[-1].values, softmax(x[0]))


@NAMES
def test_a_cell_depends_on_the_window_it_is_said_to_see_and_on_nothing_else(name: str) -> None:
    image, network = first_image(name), load_pretrained(name)
    height = image.shape[1]
    for i, step in enumerate(journey.walk(network, image)):
        if step.sees is None or i == 0:
            continue
        row = step.values.shape[1] // 2
        top = step.sees.start + row * step.sees.stride
        seen = range(max(0, top), min(height, top + step.sees.size))
        for r in (seen.start - 1, seen.stop):  # the rows just outside do not matter
            if 0 <= r < height:
                changed = image.copy()
                changed[0, r] += 10
                after = journey.walk(network, changed)[i].values
                np.testing.assert_array_equal(after[:, row], step.values[:, row])
        if step.kind == "conv":  # and those on its border do
            for r in (seen.start, seen.stop - 1):
                changed = image.copy()
                changed[0, r] += 10
                after = journey.walk(network, changed)[i].values
                assert not np.array_equal(after[:, row], step.values[:, row])


def test_what_follows_a_convolution_is_shown_in_its_scale() -> None:
    steps = journey.walk(load_pretrained("digits"), first_image("digits"))
    scales = {step.name: step.scale for step in steps}
    assert scales["conv1"] == scales["relu1"] == scales["pool1"] == np.abs(steps[1].values).max()
    assert scales["conv2"] == scales["pool2"] == scales["flatten1"]
    assert scales["affine1"] == np.abs(steps[-2].values).max()


@pytest.mark.parametrize(("down", "right"), [(0, 0), (1, 0), (-2, 0), (0, 3), (2, -1), (-1, -3)])
def test_moved_images_lose_what_leaves_the_frame(down: int, right: int) -> None:
    image = np.arange(1, 21, dtype=np.float32).reshape(1, 1, 4, 5)
    moved = journey.moved(image, down, right)
    for r in range(4):
        for c in range(5):
            inside = 0 <= r - down < 4 and 0 <= c - right < 5
            assert moved[0, 0, r, c] == (image[0, 0, r - down, c - right] if inside else 0)


@NAMES
def test_counts_and_totals_are_the_summarys(name: str) -> None:
    network, image = load_pretrained(name), first_image(name)
    steps = journey.walk(network, image)
    assert journey.totals(steps) == {
        "parameters": network.parameter_count,
        "connections": network.connection_count(image.shape),
    }
    first = journey.counts(steps[1])
    assert first["values"] == steps[1].values.size
    assert first["values_before"] == image.size


def test_a_dense_layer_is_counted_as_the_core_counts_it() -> None:
    step = journey.walk(load_pretrained("digits"), first_image("digits"))[1]
    layer = Affine(64, 512, rng=np.random.default_rng(0))
    assert journey.dense_parameters(step) == layer.parameter_count


def test_every_map_has_a_place_of_its_own() -> None:
    places = journey.places(journey.walk(load_pretrained("digits"), first_image("digits")))
    assert len(places) == len(set(places)) == 1 + 3 * 8 + 3 * 16 + 1 + 10 + 10
    assert {"input-1", "conv1-8", "pool2-16", "flatten1-1", "softmax-10"} <= set(places)

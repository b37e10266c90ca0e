"""Chains with and without pooling: maps, counts, views and effects, against SciPy and loops."""

import numpy as np
import pytest

from pages.kit.chains import Chain, Effect, effect, layers_to_see
from pages.kit.pictures import digits
from tests.kit import fields

every_chain = pytest.mark.parametrize(
    "chain", fields.CHAINS, ids=lambda chain: "-".join(map(str, chain))
)
IMAGE = digits()[3][0]
# Where an image is blank, maxima are tied and have no slope: noise breaks the ties.
NOISY = IMAGE + np.random.default_rng(1).uniform(0, 0.1, IMAGE.shape).astype(np.float32)


@every_chain
def test_the_maps_are_scipys(chain: tuple[str, int]) -> None:
    found, wanted = Chain(*chain).walk(IMAGE), fields.maps(IMAGE, *chain)
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, atol=1e-4)
        (place,) = (place for place in Chain(*chain).places if place.name == name)
        assert place.shape == values.shape


@every_chain
def test_a_view_is_what_the_windows_read_step_by_step(chain: tuple[str, int]) -> None:
    for place in Chain(*chain).places[1:]:
        size, stride, start = place.sees()
        for cell in range(place.shape[1]):
            pixels = fields.seen(*chain, place.name, cell)
            assert pixels == range(start + stride * cell, start + stride * cell + size)


@pytest.mark.parametrize(
    ("chain", "values", "dense"),
    [
        (("max", 2), 400, 4_010),  # 16 maps of 5×5; ten classes with a weight for each, and a bias
        (("stride", 2), 400, 4_010),
        (("average", 3), 16, 170),
        (("stride", 3), 64, 650),
        (("none", 1), 9_216, 92_170),
    ],
)
def test_what_is_left_and_what_it_costs(chain: tuple[str, int], values: int, dense: int) -> None:
    case = Chain(*chain)
    assert (case.values, case.dense_parameters) == (values, dense)
    assert case.parameters == 6 * (25 + 1) + 16 * (6 * 25 + 1) + dense


def test_connections_are_counted_place_by_place() -> None:
    first, second = 28 * 28 * 6 * (25 + 1), 24 * 24 * 16 * (6 * 25 + 1)
    assert Chain("none").connections == first + second + 92_170
    pooled = first + 14 * 14 * 6 * 4 + 10 * 10 * 16 * (6 * 25 + 1) + 5 * 5 * 16 * 4 + 4_010
    assert Chain("max", 2).connections == pooled


@every_chain
def test_the_effect_is_the_central_difference_and_nothing_outside(chain: tuple[str, int]) -> None:
    case = Chain(*chain)
    rng = np.random.default_rng(0)
    for place in case.places[1:]:
        values = fields.maps(NOISY, *chain)[place.name]
        channel, row, column = np.unravel_index(values.argmax(), values.shape)
        found = effect(case, place.name, NOISY[None], int(channel), (int(row), int(column)))
        assert found.value == pytest.approx(values.max(), abs=1e-4)
        rows = fields.seen(*chain, place.name, int(row))
        columns = fields.seen(*chain, place.name, int(column))
        inside = np.isin(range(28), rows)[:, None] & np.isin(range(28), columns)
        assert found.inside == inside.sum()
        assert found.reached == np.count_nonzero(found.pixels) > 0
        assert found.outside == 0 == found.pixels[~inside].max(initial=0)
        pixels = [(int(r), int(c)) for r, c in rng.permutation(np.argwhere(inside))[:6]]
        wanted = fields.effect(
            NOISY, chain, place.name, (int(channel), int(row), int(column)), pixels
        )
        np.testing.assert_allclose([found.pixels[at] for at in pixels], wanted, atol=1e-4)


def test_over_many_images_the_effect_is_the_mean() -> None:
    chain, images = Chain("max", 2), np.concatenate([digits()[3][:2], digits()[8][:2]])
    single = [effect(chain, "pool2", image[None], 2, (2, 2)).pixels for image in images]
    found = effect(chain, "pool2", images, 2, (2, 2))
    np.testing.assert_allclose(found.pixels, np.mean(single, axis=0), atol=1e-6)


def test_half_of_the_effect_lies_in_the_smallest_square_that_has_it() -> None:
    pixels = np.zeros((6, 6), np.float32)
    pixels[1:6, 0:5] = 1  # 25 alike; 9 of them in the middle 3×3
    assert Effect(pixels, 1, (1, 0, 6, 5)).half == 5
    pixels[2:5, 1:4] = 2  # now 18 of 34
    found = Effect(pixels, 1, (1, 0, 6, 5))
    assert (found.half, found.even_half, found.outside) == (3, 5, 0)
    pixels[0, 0] = 7
    assert found.outside == 7


def test_a_frame_over_the_edge_counts_only_pixels() -> None:
    found = Effect(np.ones((4, 4), np.float32), 1, (-1, 2, 2, 5))
    assert (found.inside, found.outside) == (4, 1)


@pytest.mark.parametrize("name", ["conv2", "pool2"])
def test_on_average_the_middle_weighs_more(name: str) -> None:
    """What the lesson says: a smaller square than even pixels would need, with any map."""
    images = np.concatenate([each[:5] for each in digits()])
    for chain in (Chain("max", 2), Chain("stride", 2), Chain("none")):
        side = chain.place(name).shape[1]
        for channel in range(0, 16, 5):
            place = chain.place(name).name
            found = effect(chain, place, images, channel, (side // 2, side // 2))
            assert found.half < found.even_half


def test_how_many_layers_it_takes_to_see_the_whole_image() -> None:
    """Pixels along a side: 5, 9, …, 29 without; 5, 6, 14, 16, 32 with a pooling behind each."""
    assert layers_to_see(28, (5, 1)) == 7
    assert layers_to_see(28, (5, 1), (2, 2)) == 3

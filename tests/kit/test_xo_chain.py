"""Where a verdict comes from: every number traced back by hand; and judges that cannot judge."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_core import canonical_x
from pages.kit.controls import UnusableError, format_grid
from pages.kit.xo_chain import Chain, winners
from pages.kit.xo_drawing import parse
from pages.kit.xo_network import KERNELS, Learned, NoVerdictError, judge

DRAWINGS = st.lists(st.sampled_from([-1, 1]), min_size=81, max_size=81)
WEIGHTS = st.lists(st.floats(-3, 3), min_size=26, max_size=26)


def layer(numbers: list[float] | np.ndarray) -> Learned:
    """A layer with these 24 weights and 2 biases."""
    flat = np.asarray(numbers, float)
    return Learned(flat[:24].reshape(2, 12), flat[24:], drawings=0, right=0, tested=1)


def chain(pixels: list[int] | np.ndarray, numbers: list[float] | None = None) -> Chain:
    return Chain(np.reshape(np.asarray(pixels, float), (9, 9)), layer(numbers or [1.0] * 26))


def match(pixels: np.ndarray, k: int, r: int, c: int) -> Fraction:
    """The mean of the nine products, never below zero."""
    products = [int(pixels[r + u, c + v] * KERNELS[k, u, v]) for u in range(3) for v in range(3)]
    return max(Fraction(0), Fraction(sum(products), 9))


def first_largest(
    value: Callable[[int, int], Fraction], r: int, c: int, side: int
) -> tuple[int, int]:
    """Of a 2×2 window that ends at the edge, the largest cell; of equal ones the first."""
    cells = [(i, j) for i in (2 * r, 2 * r + 1) for j in (2 * c, 2 * c + 1) if max(i, j) < side]
    return max(cells, key=lambda cell: (value(*cell), -cell[0], -cell[1]))


@given(DRAWINGS)
def test_every_neuron_is_traced_to_the_window_that_made_it(drawn: list[int]) -> None:
    made = chain(drawn)
    pixels = made.pixels
    for neuron, origin in enumerate(made.origins):
        k, row, column = neuron // 4, neuron % 4 // 2, neuron % 2

        def matched(r: int, c: int, k: int = k) -> Fraction:
            return match(pixels, k, r, c)

        def pooled(r: int, c: int, of: Callable[[int, int], Fraction] = matched) -> Fraction:
            return of(*first_largest(of, r, c, 7))

        on_pooled = first_largest(pooled, row, column, 4)
        on_match = first_largest(matched, *on_pooled, 7)
        value = matched(*on_match)
        assert made.maps.small.ravel()[neuron] == pytest.approx(float(value), abs=1e-12)
        assert origin == ((on_pooled, on_match) if value > 0 else None)
        shared = {
            (on_match[0] + u, on_match[1] + v)
            for u in range(3)
            for v in range(3)
            if value > 0 and pixels[on_match[0] + u, on_match[1] + v] > 0 < KERNELS[k, u, v]
        }
        assert set(made.stroke(neuron)) == shared


@given(DRAWINGS)
def test_agreements_are_counted_and_products_average_to_the_match(drawn: list[int]) -> None:
    made = chain(drawn)
    for (k, r, c), same in np.ndenumerate(made.agreements):
        window = made.pixels[r : r + 3, c : c + 3]
        assert same == sum(a == b for a, b in zip(window.flat, KERNELS[k].flat, strict=True))
        assert made.maps.match[0, k, r, c] == pytest.approx((same - (9 - same)) / 9)
        assert made.products[k, r, c].sum() == same - (9 - same)


@given(DRAWINGS, WEIGHTS)
def test_the_strongest_votes_are_those_that_no_other_exceeds(
    drawn: list[int], numbers: list[float]
) -> None:
    made = chain(drawn, numbers)
    votes = made.verdict.votes[made.winner]
    strongest = made.strongest
    assert made.verdict.scores[made.winner] == max(made.verdict.scores)
    assert len(strongest) == min(3, int((votes > 0).sum()))
    assert all(votes[a] >= votes[b] > 0 for a, b in pairwise(strongest))
    others = [vote for neuron, vote in enumerate(votes) if neuron not in strongest and vote > 0]
    assert all(votes[neuron] >= max(others, default=0) for neuron in strongest)
    assert all(made.origins[neuron] is not None for neuron in strongest)


def test_winners_lie_where_a_window_hangs_over_the_edge() -> None:
    maps = np.zeros((1, 1, 3, 3))
    maps[0, 0] = [[1, 5, 2], [5, 3, 7], [4, 4, 9]]
    assert winners(maps)[0].tolist() == [[[0, 1], [1, 2]], [[2, 0], [2, 2]]]


@pytest.mark.parametrize(("ink", "is_uniform"), [([], True), (range(81), True), ([40], False)])
def test_a_sheet_without_a_stroke_is_recognised(ink: list[int], is_uniform: bool) -> None:
    pixels = np.full(81, -1)
    pixels[list(ink)] = 1
    assert chain(pixels).is_uniform == is_uniform


def test_a_blank_sheet_matches_each_kernel_as_well_as_plain_paper_does() -> None:
    made = chain(np.full(81, -1))
    assert [set(same.flat) for same in made.agreements] == [{6}, {4}, {6}]
    assert [origin is None for origin in made.origins] == [False] * 4 + [True] * 4 + [False] * 4


# ---------------------------------------------------------------- layers that cannot be used


@pytest.mark.parametrize("huge", [1e6, 1e150])
@pytest.mark.parametrize("sign", [1, -1])
def test_huge_scores_give_certain_probabilities(huge: float, sign: int) -> None:
    numbers = np.concatenate([np.full(12, sign * huge), np.full(12, -sign * huge), [0, 0]])
    verdict = judge(chain(canonical_x()).maps.small[0], layer(numbers))
    assert abs(verdict.scores).min() > huge
    assert verdict.probabilities.tolist() == ([1, 0] if sign > 0 else [0, 1])


def test_huge_scores_are_shown_as_beyond_a_power_that_can_be_written() -> None:
    numbers = Chain(canonical_x().astype(float), layer([1e6] * 12 + [-1e6] * 12 + [0, 0])).numbers()
    assert numbers["powers"] == [None, 0]
    assert numbers["total"] is None
    assert numbers["probabilities"] == [1, 0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("at", [0, 13, 24, 25])
def test_a_layer_that_is_not_finite_gives_no_verdict(bad: float, at: int) -> None:
    numbers = np.ones(26)
    numbers[at] = bad
    with pytest.raises(NoVerdictError, match="not all finite"):
        judge(chain(canonical_x()).maps.small[0], layer(numbers))
    with pytest.raises(NoVerdictError):
        judge(np.zeros((3, 2, 2)), layer(numbers))  # 0 times infinity is no number either


def test_a_sum_that_overflows_gives_no_verdict() -> None:
    with pytest.raises(NoVerdictError):
        judge(chain(canonical_x()).maps.small[0], layer([1e308] * 26))


# ---------------------------------------------------------------- drawings in a link


@given(DRAWINGS)
def test_a_drawing_survives_the_link(drawn: list[int]) -> None:
    pixels = np.reshape(drawn, (9, 9)).astype(float)
    np.testing.assert_array_equal(parse(format_grid(pixels)), pixels)


@pytest.mark.parametrize("text", ["", "x", "1,1;1,1", format_grid(np.full((9, 9), 2.0)), "nan"])
def test_what_is_no_drawing_is_refused(text: str) -> None:
    with pytest.raises(UnusableError) as caught:
        parse(text)
    assert caught.value.instead is None


def test_pixels_in_between_become_the_nearest_ink_or_paper() -> None:
    with pytest.raises(UnusableError) as caught:
        parse(format_grid(np.where(canonical_x() > 0, 0.5, -0.2)))
    assert caught.value.instead == format_grid(canonical_x())

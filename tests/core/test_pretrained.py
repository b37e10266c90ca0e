"""The shipped networks: their weights fit, and they read images they have never seen."""

import numpy as np
import pytest

from cnn_core import StateError, build_network, evaluate, load_dataset
from cnn_core.pretrained import WEIGHTS_FOLDER, load_pretrained
from tests import train_shipped

SHAPES = {"digits": (1, 8, 8), "mnist": (1, 28, 28)}
NAMES = pytest.mark.parametrize("name", SHAPES)


def data(name):
    return load_dataset(name, rng=np.random.default_rng(0))


@NAMES
def test_the_network_follows_the_classical_chain(name):
    network = build_network(name, rng=np.random.default_rng(1))
    assert network.names == [
        *("conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten1", "affine1")
    ]
    assert network.output_shape(SHAPES[name]) == (10,)


def test_x_and_o_need_half_a_chain():
    network = build_network("xo", rng=np.random.default_rng(1))
    assert network.output_shape((1, 9, 9)) == (2,)
    assert network.parameter_count == 4 * (9 + 1) + 2 * (36 + 1)


def test_the_parameters_are_as_many_as_the_formulas_say():
    parameters = {
        name: [row.parameters for row in load_pretrained(name).summary(shape) if row.parameters]
        for name, shape in SHAPES.items()
    }
    assert parameters == {
        "digits": [8 * (9 + 1), 16 * (8 * 9 + 1), 10 * (64 + 1)],
        "mnist": [6 * (25 + 1), 16 * (6 * 25 + 1), 10 * (400 + 1)],
    }


@NAMES
def test_the_shipped_weights_read_unseen_images(name):
    images = data(name)
    loss, accuracy = evaluate(load_pretrained(name), images.test_images, images.test_labels)
    assert accuracy >= 0.975
    assert loss < 0.15


@NAMES
def test_without_its_weights_a_network_only_guesses(name):
    images = data(name)
    untrained = build_network(name, rng=np.random.default_rng(0))
    assert evaluate(untrained, images.test_images, images.test_labels)[1] < 0.4


@NAMES
def test_the_files_hold_exactly_the_networks_state(name):
    state = load_pretrained(name).state()
    with np.load(WEIGHTS_FOLDER / f"{name}.npz", allow_pickle=False) as file:
        assert set(file.files) == set(state)
        for key in file.files:
            assert file[key].dtype == np.float32
            np.testing.assert_array_equal(file[key], state[key])


def test_the_weights_are_small_files():
    assert sum(file.stat().st_size for file in WEIGHTS_FOLDER.iterdir()) < 200_000


def test_two_networks_share_nothing():
    first, second = load_pretrained("digits"), load_pretrained("digits")
    first.flat_params[...] = 0
    assert second.flat_params.any()


def test_an_unknown_name_is_named():
    with pytest.raises(ValueError, match="no network named 'cats'"):
        load_pretrained("cats")


def test_damaged_missing_and_foreign_weights_are_one_clear_sentence(tmp_path):
    whole = (WEIGHTS_FOLDER / "digits.npz").read_bytes()
    damaged = tmp_path / "damaged.npz"
    for content in (b"", whole[:4000], whole[:500] + bytes(60) + whole[560:], b"not weights"):
        damaged.write_bytes(content)
        with pytest.raises(StateError, match=r"damaged\.npz"):
            load_pretrained("digits", file=damaged)
    with pytest.raises(StateError, match="no file"):
        load_pretrained("digits", file=tmp_path / "gone.npz")
    with pytest.raises(StateError, match="another network"):
        load_pretrained("digits", file=WEIGHTS_FOLDER / "mnist.npz")


def test_the_script_that_trained_them_learns_as_well_again(capsys):
    assert train_shipped.main(["digits"]) == 0
    assert "digits: 9" in capsys.readouterr().out


def test_the_script_notices_a_network_that_learned_less(monkeypatch):
    monkeypatch.setitem(train_shipped.RECIPES, "digits", (2, 1, 0.001))
    assert train_shipped.main(["digits"]) == 1

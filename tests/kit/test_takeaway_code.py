"""The scripts run without this package and compute what the network computes."""

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnn_core import (
    Affine,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    Subsample2d,
    Tanh,
    load_dataset,
    load_pretrained,
    softmax,
)
from cnn_core.layers import Layer
from pages.kit.trainer.takeaway import numpy_code, take_weights, torch_code, weights_file
from tests.core.arrays import normal, relative_error, rng

DIGITS = tuple("0123456789")
SAME = 1e-5  # relative to the largest number, in float32


# ------------------------------------------------------------------ networks of all kinds


@st.composite
def networks(draw):
    """A small network with settings of every kind, its weights anything but usual."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    shape = image_shape = tuple(draw(st.tuples(st.integers(1, 3), *[st.integers(3, 11)] * 2)))
    layers = []
    for kind in draw(st.lists(st.sampled_from([conv, pool, subsample, *POINTWISE]), max_size=5)):
        layers.append(kind(draw, shape, generator, dtype))
        shape = layers[-1].output_shape(shape)
    layers.append(Flatten())
    (inputs,) = layers[-1].output_shape(shape)
    if draw(st.booleans()):
        width = draw(st.integers(1, 5))
        layers += [Affine(inputs, width, rng=generator, dtype=dtype), BatchNorm1d(width)]
        layers[-1] = BatchNorm1d(width, eps=1e-3, dtype=dtype)
        inputs = width
    layers += [Affine(inputs, 3, rng=generator, dtype=dtype)]
    layers += draw(st.sampled_from([[], [Sigmoid()], [Tanh()]]))
    return spoiled(Sequential(*layers), generator), image_shape


def spoiled(model, generator):
    """The same network with numbers that no initialisation gives."""
    for array in model.params.values():
        array += generator.normal(scale=0.5, size=array.shape)
    for array in model.statistics.values():  # running_mean, running_var
        array[...] = generator.uniform(0.2, 2, array.shape)
    return model


def pairs(draw, low, high):
    return draw(st.tuples(*(st.integers(low, max(low, most)) for most in high)))


def sides(draw, most):
    return tuple(draw(st.tuples(st.integers(0, m), st.integers(0, m))) for m in most)


def conv(draw, shape, generator, dtype):
    padding = sides(draw, (2, 2))
    room = [size + sum(side) for size, side in zip(shape[1:], padding, strict=True)]
    kernel = pairs(draw, 1, [min(4, size) for size in room])
    spans = zip(room, kernel, strict=True)
    dilation = pairs(draw, 1, [min(3, (size - 1) // max(1, k - 1)) for size, k in spans])
    return Conv2d(
        shape[0],
        draw(st.integers(1, 4)),
        kernel,
        stride=pairs(draw, 1, (3, 3)),
        padding=padding,
        dilation=dilation,
        flip=draw(st.booleans()),
        rng=generator,
        dtype=dtype,
    )


def pool(draw, shape, generator, dtype):
    kernel = pairs(draw, 1, [min(4, size) for size in shape[1:]])
    settings = {
        "stride": draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4))),
        "padding": sides(draw, [k - 1 for k in kernel]),
        "ceil_mode": draw(st.booleans()),
    }
    if draw(st.booleans()):
        return MaxPool2d(kernel, **settings)
    return AvgPool2d(kernel, count_include_pad=draw(st.booleans()), **settings)


def subsample(draw, shape, generator, dtype):
    return Subsample2d(shape[0], pairs(draw, 1, [min(3, s) for s in shape[1:]]), dtype=dtype)


def batch_norm(draw, shape, generator, dtype):
    return BatchNorm2d(shape[0], eps=draw(st.sampled_from([1e-5, 0.1])), dtype=dtype)


POINTWISE = [
    batch_norm,
    lambda *_: ReLU(),
    lambda *_: Sigmoid(),
    lambda *_: Tanh(),
]


def everything():
    """A network with every kind of layer and setting, as small as that can be."""
    generator, size = rng(1), (1, 9, 9)
    layers = [
        Conv2d(1, 2, (3, 2), stride=(1, 2), padding=((1, 0), (0, 2)), flip=False, rng=generator),
        BatchNorm2d(2, eps=1e-3, momentum=0.2),
        ReLU(),
        MaxPool2d(2, stride=1, padding=((1, 0), (1, 1))),
        Conv2d(2, 3, 2, padding=1, dilation=2, rng=generator),
        Sigmoid(),
        AvgPool2d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False),
        Conv2d(3, 3, 2, padding=((1, 1), (1, 0)), rng=generator),
        Subsample2d(3, (2, 1)),
        Tanh(),
        AvgPool2d(2, stride=1, padding=((0, 1), (0, 0)), count_include_pad=False),
        MaxPool2d(3, stride=1, padding=2),
        AvgPool2d(3, stride=2, padding=2),
        MaxPool2d(2, ceil_mode=True, padding=1),
        Flatten(),
    ]
    (inputs,) = Sequential(*layers).output_shape(size)
    layers += [Affine(inputs, 4, rng=generator), BatchNorm1d(4), Affine(4, 2, rng=generator)]
    return spoiled(Sequential(*layers), generator), size


def lenet(**settings):
    """Convolution, pooling, scores for images (1, 6, 6)."""
    conv2d = Conv2d(1, 2, 3, rng=rng(), **settings)
    return Sequential(conv2d, ReLU(), MaxPool2d(2), Flatten(), Affine(8, 3, rng=rng(1)))


SHAPE = (1, 6, 6)


# ------------------------------------------------------------------ NumPy


def run(code, file="network.py"):
    """Execute a script as a module that is imported, and hand out its names."""
    names = {"__name__": "network", "__file__": str(file)}
    exec(compile(code, "network.py", "exec"), names)
    return names


def assert_same_layers(model, image_shape, count=2):
    script = run(numpy_code(model, image_shape, DIGITS[: model.output_shape(image_shape)[0]]))
    x = normal(count, *image_shape, dtype=model.flat_params.dtype)
    with model.in_use():
        expected = model.trace(x)
        last = model.forward(x)
    outputs = script["outputs"](x, model.state())
    assert list(outputs) == [name for name, _ in expected]
    for name, output in expected:
        assert outputs[name].dtype == output.dtype
        assert relative_error(outputs[name], output) <= SAME, name
    assert relative_error(script["forward"](x, model.state()), last) <= SAME


@given(networks())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_numpy_computes_what_every_layer_computes(network) -> None:
    assert_same_layers(*network)


@pytest.mark.parametrize("flip", [True, False])
@pytest.mark.parametrize(
    "setting",
    [{}, {"stride": 2}, {"padding": ((0, 1), (2, 0)), "stride": (2, 3)}, {"dilation": (1, 2)}],
)
def test_a_convolution_with_each_setting(flip, setting) -> None:
    layer = Conv2d(1, 2, 3, flip=flip, rng=rng(), **setting)
    (inputs,) = Flatten().output_shape(layer.output_shape(SHAPE))
    assert_same_layers(Sequential(layer, Flatten(), Affine(inputs, 3, rng=rng(1))), SHAPE)


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
@pytest.mark.parametrize("ceil_mode", [True, False])
@pytest.mark.parametrize("padding", [0, 1, ((0, 2), (1, 0))])
@pytest.mark.parametrize("stride", [None, 1, 2])
def test_a_pooling_with_each_setting(kind, ceil_mode, padding, stride) -> None:
    layer = kind(3, stride=stride, padding=padding, ceil_mode=ceil_mode)
    (inputs,) = Flatten().output_shape(layer.output_shape((1, 7, 8)))
    model = Sequential(layer, Flatten(), Affine(inputs, 3, rng=rng(1)))
    assert_same_layers(model, (1, 7, 8))


def test_every_kind_of_layer_at_once() -> None:
    assert_same_layers(*everything())


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_the_shipped_networks(name) -> None:
    model, data = load_pretrained(name), load_dataset(name, rng=rng())
    script = run(numpy_code(model, data.image_shape, data.class_names))
    images = data.test_images[:20]
    scores = script["forward"](images, model.state())
    assert relative_error(scores, model.forward(images)) <= SAME
    np.testing.assert_allclose(script["softmax"](scores), softmax(scores), atol=1e-6)


def test_extreme_scores_do_not_overflow() -> None:
    script = run(numpy_code(lenet(), SHAPE, "abc"))
    assert script["softmax"](np.array([[1000.0, 1000.0, -1000.0]])).tolist() == [[0.5, 0.5, 0]]


# ------------------------------------------------------------------ as a program


@pytest.fixture
def folder(tmp_path):
    model = lenet()
    (tmp_path / "weights.npz").write_bytes(weights_file(model))
    code = numpy_code(model, SHAPE, ("ring", "叉", "none of both"))
    (tmp_path / "network.py").write_text(code, encoding="utf-8")
    return tmp_path


def program(folder, *arguments):
    """Run the script with nothing but Python and NumPy, from another folder."""
    return subprocess.run(
        [sys.executable, "-I", "-X", "utf8", "-W", "error", folder / "network.py", *arguments],
        cwd=folder.parent,
        capture_output=True,
        encoding="utf-8",
    )


def test_without_images_it_shows_the_shapes(folder) -> None:
    shapes = program(folder)
    assert (shapes.returncode, shapes.stderr) == (0, "")
    assert [line.split(maxsplit=1) for line in shapes.stdout.splitlines()] == [
        ["image", "(1, 1, 6, 6)"],
        ["conv1", "(1, 2, 4, 4)"],
        ["relu1", "(1, 2, 4, 4)"],
        ["pool1", "(1, 2, 2, 2)"],
        ["flatten1", "(1, 8)"],
        ["affine1", "(1, 3)"],
    ]


def test_it_reads_images_in_every_shape(folder) -> None:
    images = normal(3, 1, 6, 6)
    expected = []
    for number, shares in enumerate(softmax(lenet().forward(images.astype(np.float32)))):
        name = ("ring", "叉", "none of both")[shares.argmax()]
        expected.append(f"image {number}: {name} ({shares.max():.1%})")
    for given_images, count in [(images, 3), (images[:, 0], 3), (images[0], 1), (images[0, 0], 1)]:
        np.save(folder / "images.npy", given_images)
        said = program(folder, folder / "images.npy")
        assert (said.returncode, said.stderr) == (0, "")
        assert said.stdout.splitlines() == expected[:count]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "it is missing, damaged, or no .npy file of images"),
        (b"P5 6 6 255", "it is missing, damaged, or no .npy file of images"),
        (np.zeros((6, 5)), "has shape (6, 5); an image of this network is (1, 6, 6)"),
        (np.zeros((2, 3, 6, 6)), "has shape (2, 3, 6, 6)"),
        (np.zeros(()), "has shape ()"),
        (np.full((6, 6), "ink"), "holds something else than one array of numbers"),
    ],
)
def test_images_that_cannot_be_used_get_a_sentence(folder, content, sentence) -> None:
    file = folder / "images.npy"
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content is not None:
        np.save(file, content)
    said = program(folder, file)
    assert said.returncode == 1
    assert said.stdout == ""
    assert sentence in said.stderr
    assert len(said.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "it is missing, damaged, or no .npz file of weights"),
        (b"PK nothing", "it is missing, damaged, or no .npz file of weights"),
        (weights_file(load_pretrained("digits")), "holds the weights of another network"),
    ],
)
def test_weights_that_cannot_be_used_get_a_sentence(folder, content, sentence) -> None:
    (folder / "weights.npz").unlink()
    if content:
        (folder / "weights.npz").write_bytes(content)
    said = program(folder)
    assert said.returncode == 1
    assert sentence in said.stderr
    assert len(said.stderr.splitlines()) == 1


def printed(script, monkeypatch, capsys, *arguments):
    """What a script that was imported prints when its `main` is called."""
    monkeypatch.setattr(sys, "argv", ["network.py", *map(str, arguments)])
    script["main"]()
    return capsys.readouterr().out.splitlines()


def squared():
    """A network as it is trained by squared errors: its outputs are shares by themselves."""
    return Sequential(*lenet().layers, Sigmoid())


def test_outputs_that_are_shares_go_through_no_softmax(folder, monkeypatch, capsys) -> None:
    images = normal(2, *SHAPE, dtype=np.float32)
    np.save(folder / "images.npy", images)
    script = run(numpy_code(squared(), SHAPE, "abc"), folder / "network.py")
    assert printed(script, monkeypatch, capsys, folder / "images.npy") == [
        f"image {number}: {'abc'[shares.argmax()]} ({shares.max():.1%})"
        for number, shares in enumerate(squared().forward(images))
    ]


# ------------------------------------------------------------------ both as a text


BOTH = pytest.mark.parametrize("write", [numpy_code, torch_code])


def defined(code):
    tree = ast.parse(code)
    return {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)}


def test_it_holds_only_what_this_network_needs() -> None:
    always = {"forward", "load_images", "load_weights", "main", "outputs"}
    perceptron = Sequential(Flatten(), Affine(36, 3, rng=rng()))
    code = numpy_code(perceptron, SHAPE, "abc")
    assert defined(code) == always | {"affine", "flatten", "softmax"}
    perceptron = Sequential(Flatten(), Affine(36, 3, rng=rng()), Sigmoid())
    code = numpy_code(perceptron, SHAPE, "abc")
    assert defined(code) == always | {"affine", "flatten", "sigmoid"}
    code = numpy_code(lenet(), SHAPE, "abc")
    learned = {"affine", "conv2d", "flatten", "max_pool2d", "pad", "relu", "softmax", "windows"}
    assert defined(code) == always | learned


@pytest.mark.parametrize("network", [everything(), (lenet(), SHAPE)])
def test_it_needs_numpy_alone(network) -> None:
    model, shape = network
    tree = ast.parse(numpy_code(model, shape, DIGITS[: model.output_shape(shape)[0]]))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else map_names(node))
    }
    assert imported == {"sys", "zipfile", "pathlib", "numpy"}


def map_names(node):
    return [alias.name for alias in node.names]


@BOTH
@given(network=networks())
@settings(max_examples=3, suppress_health_check=list(HealthCheck))
def test_it_is_written_as_our_own_code_is(write, network) -> None:
    """Nothing unused, nothing undefined, no long line, formatted."""
    model, shape = network
    tidy("check", "--select", "E,F,W,I,B", text=write(model, shape, "abc"))


@BOTH
def test_it_is_formatted(write) -> None:
    model, shape = everything()
    wide = Sequential(Flatten(), Affine(36, 30, rng=rng()))
    for code in (
        write(model, shape, ("yes", "no")),
        write(load_pretrained("mnist"), (1, 28, 28), DIGITS),
        write(wide, SHAPE, [f"class {number}" for number in range(30)]),
    ):
        tidy("check", "--select", "E,F,W,I,B", text=code)
        assert tidy("format", text=code) == code


def tidy(command, *options, text):
    ruff = [sys.executable, "-m", "ruff", command, "--isolated", "--line-length", "100"]
    done = subprocess.run(
        [*ruff, *options, "-"], input=text, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@BOTH
def test_names_of_classes_are_kept_whatever_is_in_them(write) -> None:
    names = ('"""', "'\\n\n{x}", "圆圈 #")
    code = write(lenet(), SHAPE, names)
    (value,) = (
        node.value
        for node in ast.parse(code).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "CLASS_NAMES"
    )
    assert ast.literal_eval(value) == names


@BOTH
def test_the_name_of_the_file_of_weights(write) -> None:
    assert '.with_name("run-3.npz")' in write(lenet(), SHAPE, "abc", weights="run-3.npz")
    for name in ("weights.txt", "a/b.npz", '".npz', "..\\x.npz", "", "a\nb.npz"):
        with pytest.raises(ValueError, match=r"`weights` .* must be the plain name"):
            write(lenet(), SHAPE, "abc", weights=name)


class Twice(Conv2d):
    """A convolution that does something of its own."""


@BOTH
def test_what_cannot_be_written_is_refused(write) -> None:
    affine = Affine(36, 3, rng=rng())
    with pytest.raises(ValueError, match="`layer1` is a Layer; code is known for Conv2d, "):
        write(Sequential(Layer(), Flatten(), affine), SHAPE, "abc")
    with pytest.raises(ValueError, match="`twice1` is a Twice"):
        write(Sequential(Twice(1, 1, 1, rng=rng()), Flatten(), affine), SHAPE, "abc")
    with pytest.raises(ValueError, match=r"`affine1` .* \(3,\); .* each of the 2 classes"):
        write(Sequential(Flatten(), affine), SHAPE, "ab")
    with pytest.raises(ValueError, match=r"`relu1` ends the network with the shape \(1, 6, 6\)"):
        write(Sequential(ReLU()), SHAPE, "a")
    with pytest.raises(ValueError, match="in_features"):
        write(Sequential(Flatten(), affine), (1, 5, 6), "abc")


# ------------------------------------------------------------------ PyTorch, without it


def test_every_layer_appears_in_pytorch_with_its_numbers() -> None:
    model, shape = everything()
    code = torch_code(model, shape, ("yes", "no"))
    (network,) = (
        node
        for node in ast.parse(code).body
        if isinstance(node, ast.FunctionDef) and node.name == "network"
    )
    assert [ast.unparse(line) for line in network.body[2:]] == [
        "layers['conv1_pad'] = nn.ZeroPad2d((0, 2, 1, 0))",
        "layers['conv1'] = nn.Conv2d(1, 2, (3, 2), stride=(1, 2))",
        "layers['batchnorm1'] = nn.BatchNorm2d(2, eps=0.001, momentum=0.2)",
        "layers['relu1'] = nn.ReLU()",
        "layers['pool1_pad'] = nn.ConstantPad2d((1, 1, 1, 0), float('-inf'))",
        "layers['pool1'] = nn.MaxPool2d((2, 2), stride=(1, 1))",
        "layers['conv2'] = nn.Conv2d(2, 3, (2, 2), padding=(1, 1), dilation=(2, 2))",
        "layers['sigmoid1'] = nn.Sigmoid()",
        "layers['pool2'] = nn.AvgPool2d((3, 3), stride=(2, 2), padding=(1, 1), ceil_mode=True, "
        "count_include_pad=False)",
        "layers['conv3_pad'] = nn.ZeroPad2d((1, 0, 1, 1))",
        "layers['conv3'] = nn.Conv2d(3, 3, (2, 2))",
        "layers['subsample1'] = Subsample2d(3, (2, 1), stride=(2, 1))",
        "layers['tanh1'] = nn.Tanh()",
        "layers['pool3'] = PartialAvgPool2d((2, 2), stride=(1, 1), "
        "padding=(0, 0, 0, 0), uncounted=(0, 0, 0, 1))",
        "layers['pool4_pad'] = nn.ConstantPad2d((2, 2, 2, 2), float('-inf'))",
        "layers['pool4'] = nn.MaxPool2d((3, 3), stride=(1, 1))",
        "layers['pool5_pad'] = nn.ZeroPad2d((2, 2, 2, 2))",
        "layers['pool5'] = nn.AvgPool2d((3, 3), stride=(2, 2))",
        "layers['pool6'] = nn.MaxPool2d((2, 2), stride=(2, 2), padding=(1, 1), ceil_mode=True)",
        "layers['flatten1'] = nn.Flatten()",
        f"layers['affine1'] = nn.Linear({model.params['affine1.weight'].shape[1]}, 4)",
        "layers['batchnorm2'] = nn.BatchNorm1d(4)",
        "layers['affine2'] = nn.Linear(4, 2)",
        "return nn.Sequential(layers)",
    ]
    assert 'TRUE_CONVOLUTIONS = ("conv2.weight", "conv3.weight")' in code


def test_pytorch_rotates_only_what_true_convolution_rotates() -> None:
    assert "rotated" in defined(torch_code(lenet(), SHAPE, "abc"))
    assert "rotated" not in torch_code(lenet(flip=False), SHAPE, "abc")


# ------------------------------------------------------------------ PyTorch, where it is installed


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


@given(network=networks())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_pytorch_computes_what_the_network_computes(torch, tmp_path_factory, network) -> None:
    model, shape = network
    assert pytorch_error(torch, tmp_path_factory.getbasetemp(), model, shape) <= SAME


def test_pytorch_computes_every_kind_of_layer(torch, tmp_path) -> None:
    assert pytorch_error(torch, tmp_path, *everything()) <= SAME


def pytorch_error(torch, folder: Path, model, shape):
    script = run(torch_code(model, shape, "abc"[: model.output_shape(shape)[0]]), folder / "x.py")
    (folder / "weights.npz").write_bytes(weights_file(model))
    x = normal(2, *shape, dtype=model.flat_params.dtype)
    with model.in_use():
        expected = model.forward(x)
    with torch.no_grad():
        y = script["load_weights"](script["network"]())(torch.from_numpy(x)).numpy()
    assert y.dtype == expected.dtype
    return relative_error(y, expected)


@pytest.mark.parametrize("network", [lenet, squared])
def test_pytorch_says_what_numpy_says(torch, folder, monkeypatch, capsys, network) -> None:
    np.save(folder / "images.npy", normal(2, *SHAPE, dtype=np.float32))
    both = [
        run(write(network(), SHAPE, "abc"), folder / "x.py") for write in (numpy_code, torch_code)
    ]
    for arguments in ([], [folder / "images.npy"]):
        of_numpy, of_torch = (printed(script, monkeypatch, capsys, *arguments) for script in both)
        assert of_torch == of_numpy


@pytest.mark.parametrize("last", [[], [Sigmoid()]])
def test_pytorch_trains_on_and_what_it_learned_comes_back(torch, tmp_path, capsys, last) -> None:
    data = load_dataset("digits", rng=rng())
    model = Sequential(
        Conv2d(1, 6, 3, padding=1, rng=rng()),
        BatchNorm2d(6),
        ReLU(),
        Subsample2d(6, 2),
        Flatten(),
        Affine(96, 10, rng=rng(1)),
        *last,
    )
    (tmp_path / "weights.npz").write_bytes(weights_file(model))
    script = run(torch_code(model, data.image_shape, data.class_names), tmp_path / "network.py")
    torch.manual_seed(0)
    learnable = data.train_images.copy(), data.train_labels.copy()
    trained = script["load_weights"](script["network"]())
    script["train"](trained, *learnable, epochs=12, learning_rate=0.05)
    lines = capsys.readouterr().out.splitlines()
    losses = [float(line.split()[3].rstrip(",")) for line in lines]
    assert len(losses) == 12
    assert losses[-1] < 0.5 * losses[0]
    assert not trained.training

    script["save_weights"](trained, tmp_path / "trained.npz")
    take_weights(model, (tmp_path / "trained.npz").read_bytes())
    with torch.no_grad():
        expected = trained(torch.from_numpy(data.test_images.copy())).numpy()
    with model.in_use():
        assert relative_error(model.forward(data.test_images), expected) <= SAME
    assert (expected.argmax(axis=1) == data.test_labels).mean() > 0.8

"""What the network makes of one image at this moment: kernels, maps, and the answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_core import Affine, Conv2d, Flatten, ReLU, Sigmoid, Tanh
from pages.kit.controls import UnusableError
from pages.kit.language import _
from pages.kit.lesson import arrow
from pages.kit.trainer.choices import ACTIVATION_NAMES
from pages.kit.trainer.run import Moment, Run
from pages.kit.trainer.setup import shares_of
from pages.kit.trainer.views.described import described
from pages.kit.trainer.views.ink import drawing
from pages.kit.trainer.views.numbers import greys, pictures, shades, told, whole

ROW = 10  # test images to choose from
OWN = "own"  # instead of a test image: the reader's drawing
POINT = re.compile(r"([a-z]+[0-9]+)-([0-9]+)-([0-9]+)-([0-9]+)")  # layer, map, row, column


@dataclass(frozen=True)
class Stage:
    """Some layers that belong together, such as a convolution and its activation."""

    name: str  # of the first one
    words: str  # what they do, for the arrow
    shape: tuple[int, ...]
    parameters: int
    values: np.ndarray  # what comes out for the image, without the axis of samples


def inside(
    run: Run, moment: Moment, texts: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The way of an image through the network.

    `image` is the number of a test image, or "own" for the drawing in `ink`. `point` is a cell of
    the maps whose number is wanted: bytes are enough for a colour, not for a number.
    """
    text, setup = texts.get("image", "") or "0", run.setup
    if text == OWN:
        index, image = None, drawing(texts, setup.data).image[None]
    else:
        index = whole(text, len(run.data.test_images))
        image = run.data.test_images[index]
    row, arrays = pictures(run, "row", _row(run, index), texts)
    *hidden, last = stages(run, moment, image)
    maps = [shades(stage.values) for stage in hidden]
    now, then = moment.model.flat_params, run.first_params
    kernels, first = (_kernels(run, params) for params in (now, then))
    arrays |= {f"maps-{i}": values for i, (values, _largest) in enumerate(maps)}
    arrays |= {"seen": greys(image[0]), "kernels": kernels, "kernels-first": first}
    fields = {
        "image": index,
        "label": None if index is None else int(run.data.test_labels[index]),
        "row": row,
        "kernel": _words_of_kernels(kernels),
        "stages": [
            {
                "name": stage.name,
                "arrow": arrow(stage.words, stage.shape, stage.parameters),
                "shape": [*stage.shape, 1, 1][:3],
                "largest": largest,
            }
            for stage, (_values, largest) in zip(hidden, maps, strict=True)
        ],
        "point": _point(texts.get("point", ""), hidden),
        "answer": answer(setup.loss, last.values),
        "arrow": arrow(last.words, last.shape, last.parameters),
    }
    return fields, arrays


def answer(loss: str, outputs: np.ndarray) -> dict[str, Any]:
    """What a network that learned by this loss says: a share for each class, and the highest."""
    shares = shares_of(loss, outputs)
    return {
        "shares": [told(share) for share in shares],
        "said": int(shares.argmax()),
        "isProbability": loss == "entropy",
    }


def outputs_for(moment: Moment, image: np.ndarray) -> np.ndarray:
    """What comes out at the end for one image (C, H, W)."""
    with moment.model.in_use(), np.errstate(all="ignore"):
        return np.asarray(moment.model.forward(image[None])[0])


def stages(run: Run, moment: Moment, image: np.ndarray) -> list[Stage]:
    """The network's layers in groups, with what each makes of an image (C, H, W)."""
    with moment.model.in_use(), np.errstate(all="ignore"):  # weights that diverge may overflow
        outputs = dict(moment.model.trace(image[None]))
    return list(_stages(run, moment, outputs))


def _stages(run: Run, moment: Moment, outputs: Mapping[str, np.ndarray]) -> Iterator[Stage]:
    """Each operation with the activation that follows it; flattening changes no number."""
    summary = moment.model.summary(run.data.image_shape)
    known = described(run)
    for i, row in enumerate(summary):
        if isinstance(row.layer, Flatten | ReLU | Sigmoid | Tanh):
            continue
        words, name = known[row.name].operation, row.name
        following = summary[i + 1] if i + 1 < len(summary) else None
        if following and isinstance(following.layer, ReLU | Sigmoid | Tanh):
            words += " + " + ACTIVATION_NAMES[type(following.layer).__name__.lower()]
            name = following.name
        elif following is None and isinstance(row.layer, Affine):
            words += " + " + _("softmax")
        yield Stage(row.name, words, row.output_shape, row.parameters, outputs[name][0])


def _row(run: Run, index: int | None) -> np.ndarray:
    """Test images to choose from: of each class in turn, then the one that is looked at."""
    labels, classes = run.data.test_labels, len(run.data.class_names)
    nth = [np.flatnonzero(labels == each) for each in range(classes)]
    chosen = [
        int(nth[i % classes][i // classes])
        for i in range(ROW)
        if i // classes < len(nth[i % classes])
    ]
    if index is not None and index not in chosen:
        chosen.append(index)
    return np.array(chosen)


def _kernels(run: Run, params: np.ndarray) -> np.ndarray:
    """The first layer's kernels (filters, k, k) in a vector of all parameters.

    They come first, and there is one for each filter: the images have one channel.
    """
    layer = run.model.layers[0]
    assert isinstance(layer, Conv2d)
    filters, channels, *size = layer.params["weight"].shape
    assert channels == 1
    return params[: layer.params["weight"].size].reshape(filters, *size).astype(np.float32)


def _words_of_kernels(kernels: np.ndarray) -> str:
    count, height, width = kernels.shape
    return _("{count} kernels of {size}").format(count=count, size=f"{height}×{width}")


def _point(text: str, hidden: list[Stage]) -> dict[str, Any] | None:
    """The number of a cell of the maps."""
    if not text:
        return None
    found = POINT.fullmatch(text)
    values = {stage.name: stage.values for stage in hidden}.get(found[1]) if found else None
    if not found or values is None:
        raise UnusableError("which is no place in a map")
    values = values.reshape([*values.shape, 1, 1][:3])
    place = tuple(whole(found[axis + 2], size) for axis, size in enumerate(values.shape))
    return {"place": text, "value": told(float(values[place]))}

"""A convolutional neural network that can be read: NumPy, a little SciPy, nothing hidden.

In the order of a first reading: `geometry`, `convolution`, `pooling`, `activations`, `affine`,
`losses`, `layers`, `network`, `optim`, `lbfgs`, `training`, `gradcheck`, `datasets`,
`pretrained`.
"""

from .activations import (
    log_softmax,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax,
    tanh,
    tanh_backward,
)
from .affine import affine, affine_backward
from .convolution import Convolution, conv2d, conv2d_backward, rot180, samples_innermost
from .datasets import (
    Dataset,
    dataset_names,
    load_dataset,
    load_photo,
    photo_names,
    stratified_split,
)
from .evaluation import confusion_matrix, evaluate, one_hot
from .geometry import ReceptiveField, leftover, output_size, receptive_field, window_span
from .gradcheck import Verdict, check_gradients, verdict
from .initial import uniform_fan_in
from .layers import (
    Affine,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Subsample2d,
    Tanh,
)
from .lbfgs import LBFGS, CurvaturePair, LBFGSReport, two_loop
from .losses import cross_entropy, squared_error
from .network import LayerSummary, Sequential, StateError
from .optim import SGD, Adam
from .pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    subsample2d,
    subsample2d_backward,
)
from .pretrained import build_network, load_pretrained
from .strokes import STROKES, canonical_x, draw_strokes
from .training import DivergedError, StepReport, fit

__all__ = [
    "LBFGS",
    "SGD",
    "STROKES",
    "Adam",
    "Affine",
    "AvgPool2d",
    "Conv2d",
    "Convolution",
    "CurvaturePair",
    "Dataset",
    "DivergedError",
    "Flatten",
    "LBFGSReport",
    "Layer",
    "LayerSummary",
    "MaxPool2d",
    "ReLU",
    "ReceptiveField",
    "Sequential",
    "Sigmoid",
    "StateError",
    "StepReport",
    "Subsample2d",
    "Tanh",
    "Verdict",
    "affine",
    "affine_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "build_network",
    "canonical_x",
    "check_gradients",
    "confusion_matrix",
    "conv2d",
    "conv2d_backward",
    "cross_entropy",
    "dataset_names",
    "draw_strokes",
    "evaluate",
    "fit",
    "leftover",
    "load_dataset",
    "load_photo",
    "load_pretrained",
    "log_softmax",
    "max_pool2d",
    "max_pool2d_backward",
    "one_hot",
    "output_size",
    "photo_names",
    "receptive_field",
    "relu",
    "relu_backward",
    "rot180",
    "samples_innermost",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "squared_error",
    "stratified_split",
    "subsample2d",
    "subsample2d_backward",
    "tanh",
    "tanh_backward",
    "two_loop",
    "uniform_fan_in",
    "verdict",
    "window_span",
]

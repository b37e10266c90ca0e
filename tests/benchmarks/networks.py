"""The networks of the contest, in our words and in PyTorch's."""

import numpy as np
import torch

import cnn_core as cnn


def our_digits_net(rng: np.random.Generator) -> cnn.Sequential:
    return cnn.Sequential(
        cnn.Conv2d(1, 8, 3, padding=1, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Conv2d(8, 16, 3, padding=1, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Flatten(),
        cnn.Affine(64, 10, rng=rng),
    )


def their_digits_net() -> torch.nn.Module:
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(8, 16, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(64, 10),
    )


def our_lenet(rng: np.random.Generator) -> cnn.Sequential:
    return cnn.Sequential(
        cnn.Conv2d(1, 6, 5, padding=2, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Conv2d(6, 16, 5, rng=rng),
        cnn.ReLU(),
        cnn.MaxPool2d(2),
        cnn.Flatten(),
        cnn.Affine(400, 120, rng=rng),
        cnn.ReLU(),
        cnn.Affine(120, 84, rng=rng),
        cnn.ReLU(),
        cnn.Affine(84, 10, rng=rng),
    )


def their_lenet() -> torch.nn.Module:
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 6, 5, padding=2),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Conv2d(6, 16, 5),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(400, 120),
        torch.nn.ReLU(),
        torch.nn.Linear(120, 84),
        torch.nn.ReLU(),
        torch.nn.Linear(84, 10),
    )


def take_over(theirs: torch.nn.Module, ours: cnn.Sequential) -> None:
    """Give PyTorch our parameters; its "convolution" does not flip, so the kernels are rotated."""
    with torch.no_grad():
        for (name, value), other in zip(ours.params.items(), theirs.parameters(), strict=True):
            is_kernel = name.startswith("conv") and name.endswith("weight")
            other.copy_(torch.from_numpy((cnn.rot180(value) if is_kernel else value).copy()))

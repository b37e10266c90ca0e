"""Kernels by what they do, as /feature-maps shows them together."""

import math
from dataclasses import dataclass

import numpy as np

from cnn_core import (
    box_blur,
    emboss,
    gabor,
    gabor_bank,
    gaussian_blur,
    identity_kernel,
    laplacian,
    laplacian_of_gaussian,
    motion_blur,
    prewitt,
    sharpen,
    sobel,
)
from pages.kit.language import N_, _

GROUPS = {
    "edges": N_("Edges"),
    "compare": N_("Sobel or Prewitt"),
    "outlines": N_("Outlines"),
    "blur": N_("Blur"),
    "motion": N_("Motion"),
    "sharpen": N_("Sharpen"),
}
PYRAMIDS = {"gaussian": N_("Gaussian"), "log": N_("Laplacian of Gaussian"), "gabor": N_("Gabor")}
CHAINED = {
    "sobel-x": N_("Sobel x"),
    "sobel-y": N_("Sobel y"),
    "laplacian": N_("Laplacian"),
    "gaussian": N_("Gaussian"),
    "gabor": N_("Gabor"),
}


@dataclass(frozen=True)
class Kernel:
    """A kernel with its name; `remark` says what it does or what its signs mean."""

    title: str
    weights: np.ndarray  # (F, F)
    remark: str = ""

    @property
    def keeps_brightness(self) -> bool:
        """Whether its weights sum to 1; then its map is a picture, else a signed answer."""
        return bool(abs(self.weights.sum() - 1) < 1e-6)


def group(name: str, *, size: int, sigma: float, length: int, angle: float) -> list[Kernel]:
    """The kernels that the gallery shows together."""
    right = _("Blue where it gets brighter to the right, rust where darker.")
    down = _("Blue where it gets brighter downwards, rust where darker.")
    side = _("Blue on the dark side of an edge, rust on the bright side.")
    if name == "edges":
        return [
            Kernel(_("Sobel y"), sobel("y"), down),
            Kernel(_("Laplacian"), laplacian(8), side),
            Kernel(_("Sobel x"), sobel("x"), right),
        ]
    if name == "compare":
        return [
            Kernel(_("Sobel x"), sobel("x"), right),
            Kernel(_("Prewitt x"), prewitt("x"), right),
            Kernel(_("Sobel y"), sobel("y"), down),
            Kernel(_("Prewitt y"), prewitt("y"), down),
        ]
    if name == "outlines":
        return [
            Kernel(_("Laplacian, 4 neighbours"), laplacian(4), side),
            Kernel(_("Laplacian, 8 neighbours"), laplacian(8), side),
            Kernel(
                _("Laplacian of Gaussian"),
                sigma**2 * laplacian_of_gaussian(_odd(6 * sigma), sigma),
                _("Blurred first, so that fine grain does not answer."),
            ),
        ]
    if name == "blur":
        return [
            Kernel(_("Identity"), identity_kernel(3), _("A single 1: the picture itself.")),
            Kernel(_("Box"), box_blur(size), _("The mean of the window.")),
            Kernel(_("Gaussian"), gaussian_blur(size, sigma), _("A mean: near counts more.")),
        ]
    if name == "motion":
        return [
            Kernel(
                _("Motion, {angle}°").format(angle=f"{(angle + turned) % 180:g}"),
                motion_blur(length, math.radians(angle + turned)),
                _("A mean along a line."),
            )
            for turned in (0, 45, 90)
        ]
    return [
        Kernel(_("Identity"), identity_kernel(3), _("A single 1: the picture itself.")),
        Kernel(_("Sharpen"), sharpen(), _("The picture minus its Laplacian.")),
        Kernel(_("Emboss"), emboss(), _("Lit where it gets brighter to the lower right.")),
    ]


@dataclass(frozen=True)
class Wave:
    """The five numbers of a Gabor kernel, angles in degrees."""

    theta: float
    wavelength: float
    sigma: float
    psi: float
    gamma: float

    @property
    def size(self) -> int:
        """A window that holds nearly all of the bell."""
        return _odd(5 * self.sigma)

    def kernel(self, size: int) -> Kernel:
        """The kernel, in a window of `size`."""
        weights = gabor(
            size,
            math.radians(self.theta),
            self.wavelength,
            self.sigma,
            math.radians(self.psi),
            self.gamma,
        )
        return Kernel(self.title(self.theta), weights)

    def bank(self, orientations: int) -> list[Kernel]:
        """Kernels whose directions divide half a turn evenly; this one is the first."""
        weights = gabor_bank(
            orientations,
            self.size,
            self.wavelength,
            self.sigma,
            math.radians(self.psi),
            self.gamma,
            theta=math.radians(self.theta),
        )
        angles = [(self.theta + 180 * k / orientations) % 180 for k in range(orientations)]
        return [
            Kernel(self.title(angle), each) for angle, each in zip(angles, weights, strict=True)
        ]

    @staticmethod
    def title(theta: float) -> str:
        """Its direction."""
        return f"θ = {theta:g}°"


def pyramid(kind: str, largest: int, theta: float) -> list[Kernel]:
    """One kernel in four sizes, from 3 to `largest`; everything in it grows in proportion."""
    kernels = []
    for k in range(4):
        size = _odd(3 + (largest - 3) * k / 3)
        if kind == "gaussian":
            letter, width = "σ", size / 6
            weights = gaussian_blur(size, width)
        elif kind == "log":
            letter, width = "σ", size / 7
            weights = width**2 * laplacian_of_gaussian(size, width)
        else:
            letter, width = "λ", 0.6 * size
            weights = Wave(theta, width, size / 5, 90, 1).kernel(size).weights
            weights = weights / abs(weights).sum()
        kernels += [Kernel(f"{letter} = {round(width, 1):g}", weights)]
    return kernels


def chained(name: str) -> Kernel:
    """The kernel at the start of the chain."""
    weights = {
        "sobel-x": sobel("x"),
        "sobel-y": sobel("y"),
        "laplacian": laplacian(8),
        "gaussian": gaussian_blur(7, 1.5),
        "gabor": Wave(45, 5, 2, 90, 0.5).kernel(9).weights,
    }
    return Kernel(_(CHAINED[name]), weights[name])


def _odd(size: float) -> int:
    """The smallest odd whole number that is not below `size`."""
    return 2 * math.ceil((size - 1) / 2) + 1

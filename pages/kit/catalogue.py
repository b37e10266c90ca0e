"""The table of lessons. A new lesson is a new row here and three files."""

from dataclasses import dataclass

from pages.kit.language import N_


@dataclass(frozen=True)
class Lesson:
    """One row: where a lesson stands in the menu, in the folder and in the URL."""

    section: str
    title: str
    path: str  # below pages/
    url: str  # "" is the landing page


LESSONS = (
    Lesson(N_("Start"), N_("What a CNN is made of"), "start/structure.py", ""),
    Lesson(
        N_("Convolution"),
        N_("First in one dimension"),
        "convolution/one_dimension.py",
        "one-dimension",
    ),
    Lesson(N_("Convolution"), N_("Convolution"), "convolution/convolution.py", "convolution"),
    Lesson(
        N_("Convolution"),
        N_("Stride and padding"),
        "convolution/stride_and_padding.py",
        "stride-and-padding",
    ),
    Lesson(N_("Convolution"), N_("Channels and depth"), "convolution/channels.py", "channels"),
    Lesson(
        N_("Convolution"),
        N_("Local and shared weights"),
        "convolution/weight_sharing.py",
        "weight-sharing",
    ),
    Lesson(N_("Convolution"), N_("Shifting the input"), "convolution/shift.py", "shift"),
    Lesson(N_("Convolution"), N_("Feature maps"), "convolution/feature_maps.py", "feature-maps"),
    Lesson(N_("Pooling"), N_("Pooling"), "pooling/pooling.py", "pooling"),
    Lesson(N_("Pooling"), N_("Pooling that learns"), "pooling/subsampling.py", "subsampling"),
    Lesson(
        N_("Pooling"),
        N_("The gradient of pooling"),
        "pooling/pooling_gradient.py",
        "pooling-gradient",
    ),
    Lesson(
        N_("Pooling"),
        N_("Smaller maps, wider view"),
        "pooling/receptive_field.py",
        "receptive-field",
    ),
    Lesson(N_("Pooling"), N_("Pooling and invariance"), "pooling/invariance.py", "invariance"),
    Lesson(N_("Pooling"), N_("What pooling loses"), "pooling/detail.py", "detail"),
    Lesson(
        N_("Classification"),
        N_("From maps to a class"),
        "classification/classifier.py",
        "classifier",
    ),
    Lesson(
        N_("Classification"),
        N_("Votes are not probabilities"),
        "classification/softmax.py",
        "softmax",
    ),
    Lesson(N_("Classification"), N_("Weights and a bias"), "classification/neuron.py", "neuron"),
    Lesson(
        N_("Classification"),
        N_("Logistic regression"),
        "classification/logistic_regression.py",
        "logistic-regression",
    ),
    Lesson(
        N_("Classification"),
        N_("One against the rest"),
        "classification/one_vs_rest.py",
        "one-vs-rest",
    ),
    Lesson(N_("Classification"), N_("Your own digit"), "classification/own_digit.py", "own-digit"),
    Lesson(
        N_("Networks"), N_("Five layers deep"), "networks/fully_connected.py", "fully-connected"
    ),
    Lesson(
        N_("Networks"), N_("Normalising the input"), "networks/normalisation.py", "normalisation"
    ),
    Lesson(N_("Networks"), N_("Batch normalisation"), "networks/batch_norm.py", "batch-norm"),
    Lesson(N_("Learning"), N_("Training"), "learning/training.py", "training"),
    Lesson(N_("Learning"), N_("SGD against L-BFGS"), "learning/optimizers.py", "optimizers"),
)


def sections() -> dict[str, list[Lesson]]:
    """The lessons of each section, in the order of the table."""
    grouped: dict[str, list[Lesson]] = {}
    for lesson in LESSONS:
        grouped.setdefault(lesson.section, []).append(lesson)
    return grouped


def lesson_at(url: str) -> Lesson:
    """The lesson with this URL path (without the slash)."""
    for lesson in LESSONS:
        if lesson.url == url:
            return lesson
    raise LookupError(f"No lesson has the `url` (={url!r}).")

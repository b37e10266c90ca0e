"""What a PyTorch script is put together from, as text: this package does without PyTorch."""

OPENING = '''"""A trained network in PyTorch: the same answers, and it can go on learning.

    python FILE                what becomes of the shape of a made-up image, layer by layer
    python FILE images.npy     the most likely class of one image {image}, or of many

FILE is this file; the numbers that were learned are read from {weights} beside it. To train on:

    model = load_weights(network())
    train(model, images, labels)          # images (N, {shape}) float, labels (N,) int
    save_weights(model, "trained.npz")    # in the form in which they came
"""

'''

# --- layers that PyTorch does not have --------------------------------------------------------

SUBSAMPLE = '''

class Subsample2d(nn.Module):
    """LeNet-5's trainable pooling: coefficient · sum of the window + bias, both for each map."""

    def __init__(self, channels, kernel_size, stride):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        height, width = kernel_size  # the first coefficients make it average pooling
        self.coefficient = nn.Parameter(torch.full((channels,), 1 / (height * width)))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        sums = nn.functional.avg_pool2d(x, self.kernel_size, self.stride, divisor_override=1)
        return self.coefficient[:, None, None] * sums + self.bias[:, None, None]
'''

PARTIAL_AVERAGE = '''

class PartialAvgPool2d(nn.Module):
    """The mean of those cells of each window that count: `padding` does, `uncounted` does not.

    Both are (left, right, top, bottom), the uncounted cells around the padding. They make room for
    windows that hang over the edge.
    """

    def __init__(self, kernel_size, stride, padding, uncounted):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, stride
        self.padding, self.uncounted = padding, uncounted

    def forward(self, x):
        numbers = nn.functional.pad(x, self.padding)
        return self.sums(numbers) / self.sums(torch.ones_like(numbers))

    def sums(self, cells):
        cells = nn.functional.pad(cells, self.uncounted)
        return nn.functional.avg_pool2d(cells, self.kernel_size, self.stride, divisor_override=1)
'''

# --- the network and its weights --------------------------------------------------------------

NETWORK = '''

def network():
    """Return the network, untrained: from images {batch} to {what} {scores}."""
    layers = OrderedDict()
{layers}    return nn.Sequential(layers){convert}
'''

ROTATED = '''

def rotated(weights):
    """Return the weights with every kernel of a convolution rotated by 180°.

    These kernels were learned by true convolution, which rotates them before they slide. What
    PyTorch calls a convolution leaves that out (it is a cross-correlation), so they are rotated
    here, once and for all; rotating them once more takes it back.
    """
    return {
        name: torch.flip(array, dims=(2, 3)) if name in TRUE_CONVOLUTIONS else array
        for name, array in weights.items()
    }
'''

LOAD_AND_SAVE = '''

def load_weights(model, path=WEIGHTS):
    """Give the model the arrays of an .npz file, and return it ready for use."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            weights = {{name: torch.from_numpy(archive[name]) for name in archive.files}}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile):
        sys.exit(f"{{path}} cannot be read: it is missing, damaged, or no .npz file of weights.")
    if {{name: tuple(array.shape) for name, array in weights.items()}} != SHAPES:
        sys.exit(f"{{path}} holds the weights of another network.")
    model.load_state_dict({turned})
    return model.eval()


def save_weights(model, path):
    """Write the weights as they came, so that the page can read them back."""
    state = {{name: model.state_dict()[name].detach().cpu() for name in SHAPES}}
    np.savez(path, **{{name: array.numpy() for name, array in {saved}.items()}})
'''

# --- training and use -------------------------------------------------------------------------

TRAIN = '''

def train(model, images, labels, epochs=10, learning_rate=0.01, momentum=0.9, batch_size=50):
    """Train the model further by stochastic gradient descent on {loss_name}.

    `images` (N, {shape}) are floats on the scale of those it has learned from, `labels` (N,)
    whole numbers from 0 to {last}. Print the mean loss and the accuracy of every epoch.
    """
    images = torch.as_tensor(images, dtype=DTYPE)
    labels = torch.as_tensor(labels, dtype=torch.long)
{targets}    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    batches = max(1, len(images) // batch_size)
    model.train()
    for epoch in range(1, epochs + 1):
        total_loss = right = 0
        for batch in torch.tensor_split(torch.randperm(len(images)), batches):
            y = model(images[batch])
            loss = {loss}
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total_loss += loss.item() * len(batch)
            right += (y.argmax(dim=1) == labels[batch]).sum().item()
        mean_loss, accuracy = total_loss / len(images), right / len(images)
        print(f"epoch {{epoch}}: loss {{mean_loss:.4f}}, {{accuracy:.1%}} right")
    model.eval()
'''

# How outputs become shares, what `train` makes smaller, and what that is called.
SCORES = {
    "what": "scores",
    "shares": "torch.softmax(model(images.to(DTYPE)), dim=1)",
    "loss_name": "the cross-entropy",
    "loss": "nn.functional.cross_entropy(y, labels[batch])",
    "targets": "",
}
SHARES = {
    "what": "shares",
    "shares": "model(images.to(DTYPE))",
    "loss_name": "the squared error",
    "loss": "((y - targets[batch]) ** 2).sum(dim=1).mean() / 2",
    "targets": "    targets = nn.functional.one_hot(labels, len(CLASS_NAMES)).to(DTYPE)\n",
}

ENDING = '''

def main():
    """Say what the network sees in the images of a file, or show how it works on a made-up one."""
    model = load_weights(network())
    with torch.no_grad():
        if len(sys.argv) > 1:
            images = torch.from_numpy(load_images(Path(sys.argv[1]), IMAGE_SHAPE))
            for number, shares in enumerate({shares}):
                best = int(shares.argmax())
                print(f"image {{number}}: {{CLASS_NAMES[best]}} ({{shares[best]:.1%}})")
        else:
            x = torch.rand(1, *IMAGE_SHAPE, dtype=DTYPE)
            print(f"{{'image':>12}} {{tuple(x.shape)}}")
            for name, layer in model.named_children():
                x = layer(x)
                print(f"{{name:>12}} {{tuple(x.shape)}}")


if __name__ == "__main__":
    main()
'''

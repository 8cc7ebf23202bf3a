"""The learning: networks, losses, trainer, and the autograd Function around the kernels."""

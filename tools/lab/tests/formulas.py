"""One step of each cell in float64, as each framework's documentation writes it.

Written apart from the package, and from the stored files alone. x (N, I), h (N, H or P), c (N, H).
"""

from __future__ import annotations

import numpy as np


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "sigmoid": _sigmoid,
    "linear": lambda x: x,
    "hard_sigmoid": lambda x: np.clip(x + 3, 0, 6) / 6,
}


def step(convention, layer, weights, x, h, c):
    """The next h and c."""
    attributes = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in layer.attrs.items()
    }
    weights = {name: values.astype(np.float64) for name, values in weights.items()}
    formula = {"pytorch": _pytorch, "keras": _keras, "onnx": _onnx}[convention]
    return formula(attributes, weights, x, h, c)


def _pytorch(attributes, w, x, h, c):
    f = ACTIVATIONS[attributes["activation"]]
    zeros = np.zeros(len(w["weight_ih"]))
    from_input = x @ w["weight_ih"].T + w.get("bias_ih", zeros)
    from_state = h @ w["weight_hh"].T + w.get("bias_hh", zeros)
    if attributes["cell"] == "rnn":
        return f(from_input + from_state), None
    if attributes["cell"] == "gru":
        ir, iz, in_ = np.split(from_input, 3, axis=1)
        hr, hz, hn = np.split(from_state, 3, axis=1)
        r, z = _sigmoid(ir + hr), _sigmoid(iz + hz)
        n = np.tanh(in_ + r * hn)
        return (1 - z) * n + z * h, None
    i, forget, g, o = np.split(from_input + from_state, 4, axis=1)
    c = _sigmoid(forget) * c + _sigmoid(i) * np.tanh(g)
    h = _sigmoid(o) * np.tanh(c)
    return (h @ w["weight_hr"].T if "weight_hr" in w else h), c


def _keras(attributes, w, x, h, c):
    f = ACTIVATIONS[attributes["activation"]]
    kernel, recurrent = w["kernel"], w["recurrent_kernel"]
    bias = w.get("bias", np.zeros(kernel.shape[1]))
    if attributes["cell"] == "rnn":
        return f(x @ kernel + bias + h @ recurrent), None
    gate = ACTIVATIONS[attributes["recurrent_activation"]]
    if attributes["cell"] == "lstm":
        i, forget, g, o = np.split(x @ kernel + h @ recurrent + bias, 4, axis=1)
        c = gate(forget) * c + gate(i) * f(g)
        return gate(o) * f(c), c
    if attributes["reset_after"]:
        input_bias, recurrent_bias = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))
        xz, xr, xh = np.split(x @ kernel + input_bias, 3, axis=1)
        hz, hr, hh = np.split(h @ recurrent + recurrent_bias, 3, axis=1)
        z, r = gate(xz + hz), gate(xr + hr)
        n = f(xh + r * hh)
    else:
        xz, xr, xh = np.split(x @ kernel + bias, 3, axis=1)
        uz, ur, uh = np.split(recurrent, 3, axis=1)
        z, r = gate(xz + h @ uz), gate(xr + h @ ur)
        n = f(xh + (r * h) @ uh)
    return z * h + (1 - z) * n, None


def _onnx(attributes, w, x, h, c):
    f = ACTIVATIONS[attributes["activation"]]
    input_bias, recurrent_bias = np.split(w["B"], 2)
    from_input, from_state = x @ w["W"].T + input_bias, h @ w["R"].T + recurrent_bias
    if attributes["cell"] == "rnn":
        return f(from_input + from_state), None
    if attributes["cell"] == "gru":
        xz, xr, xh = np.split(from_input, 3, axis=1)
        hz, hr, hh = np.split(from_state, 3, axis=1)
        z, r = _sigmoid(xz + hz), _sigmoid(xr + hr)
        return (1 - z) * f(xh + r * hh) + z * h, None
    i, o, forget, g = np.split(from_input + from_state, 4, axis=1)
    c = _sigmoid(forget) * c + _sigmoid(i) * f(g)
    return _sigmoid(o) * f(c), c

"""What one would write in place of the program: the same run in Float64, and the largest difference.

python plain_script.py FILE; it needs nothing of this package, so that its imports are only its own.
"""

import sys

import h5py
import torch

with h5py.File(sys.argv[1]) as file:
    recorded = file["references/pytorch/layers/0"]
    size = int(recorded.attrs["hidden_size"])
    layer = torch.nn.LSTM(size, size).double()
    for name, values in recorded["forward/weights"].items():
        getattr(layer, f"{name}_l0").data = torch.from_numpy(values[...]).double()
    with torch.inference_mode():
        output, _ = layer(torch.from_numpy(recorded["input"][...]).double())
    print(float((output - torch.from_numpy(recorded["forward/h"][...])).abs().max()))

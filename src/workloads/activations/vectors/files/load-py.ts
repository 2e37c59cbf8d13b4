/** The script for Python that is written beside a run's files. */
export const LOAD_PY = 'load.py';

export const LOAD_PY_TEXT = `"""Opens these files with NumPy alone. Run it: lists every array, and writes .pt files beside them where torch is installed.

The tree is that of trait-interp (github.com/ewernn/trait-interp); load its .pt files there.
Layer l is what leaves block l, counted from 0.
"""
import json
import pathlib
import struct

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent
TYPES = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


def tensors(path):
    """Tensors of a safetensors file by name, and the texts of its header."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    about = header.pop("__metadata__", {})
    found = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return found, about


def folder_of(position):
    """response[:5] is response__5, response[:] is response_all."""
    return position.replace("[:]", "_all").replace("[", "_").replace("]", "").replace(":", "_")


def activations(trait, variant, position="response[:5]", component="residual", split="train"):
    """(n, layers, d), the positive texts first, and how many there are of each."""
    folder = ROOT / "extraction" / trait / variant / "activations" / folder_of(position) / component
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    return np.load(folder / f"{split}_all_layers.npy"), about


def vector(trait, variant, layer, method="probe", position="response[:5]", component="residual"):
    """A unit vector, and what is known of it: norm, baseline, train_acc, held-out scores."""
    folder = ROOT / "extraction" / trait / variant / "vectors" / folder_of(position) / component / method
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    return np.load(folder / f"layer{layer}.npy"), about["layers"][str(layer)]


def main():
    try:
        import torch
    except ImportError:
        torch = None
    for path in sorted((ROOT / "extraction").rglob("*.npy")):
        array = np.load(path)
        same = path.with_suffix(".safetensors")
        if same.exists():
            (other,) = tensors(same)[0].values()
            assert np.array_equal(array, other), f"{path} and {same} differ"
        if torch is not None:
            torch.save(torch.from_numpy(array), path.with_suffix(".pt"))
        print(path.relative_to(ROOT).as_posix(), array.dtype, *array.shape)
    print("wrote .pt files" if torch is not None else "torch is not installed: no .pt files")


if __name__ == "__main__":
    main()
`;

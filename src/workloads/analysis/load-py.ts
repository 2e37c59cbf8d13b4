/** What reads a run's metrics in Python. */
export const LOAD_PY = `"""Reads the metrics of this run with NumPy."""
import json
import pathlib

import numpy

ROOT = pathlib.Path(__file__).resolve().parent / "metrics"


def names():
    """Metrics of this run."""
    return sorted(folder.name for folder in ROOT.iterdir() if (folder / "metric.json").exists())


def metric(name):
    """Numbers, notes and definition of a metric; its arrays by name under "arrays", their dimensions under "dims"."""
    told = json.loads((ROOT / name / "metric.json").read_text())
    dims = {array["name"]: array["dims"] for array in told["arrays"]}
    arrays = {array["name"]: numpy.load(ROOT / name / (array["name"] + ".npy")) for array in told["arrays"]}
    return {**told, "dims": dims, "arrays": arrays}


def texts():
    """Texts of a language model as they were read: name, group, ids, words."""
    return json.loads((ROOT / "texts.json").read_text())


def rows():
    """Rows of a perceptron as they were read: its inputs, then its targets."""
    return numpy.load(ROOT / "rows.npy")


def tensors(vector):
    """A vector of all parameters as a dict of tensors."""
    told = json.loads((ROOT / "parameters.json").read_text())
    parts = {}
    for tensor in told["tensors"]:
        count = int(numpy.prod(tensor["shape"]))
        parts[tensor["name"]] = vector[tensor["at"] : tensor["at"] + count].reshape(tensor["shape"])
    return parts
`;

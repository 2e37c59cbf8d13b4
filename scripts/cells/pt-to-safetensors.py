#!/usr/bin/env python3
"""Turns a checkpoint of the origin (st3: SEDDTransformer and its perturbation variants, a .pt of torch.save) into safetensors.

    python3 pt-to-safetensors.py best.pt network.safetensors [--args args.json] [--genes genes.txt]
        [--perturbations perturbations.txt] [--cell-types cell_types.txt] [--ema] [--heads N] [--trust]

The tensors keep the names and the layout that they have in PyTorch, as 32-bit floats. Their sizes, the heads and, where they are
given, the names of genes and labels go into the metadata, so that the page and the command line read the file without a question.
args.json is looked for beside the checkpoint. Needs PyTorch and NumPy; everything but reading the .pt works without PyTorch.
"""
import argparse
import json
import os
import pickle
import re
import struct
import sys

import numpy as np

# Where checkpoints keep their weights, by habit of their trainers; the first that is there is taken.
STATES = ["model_state_dict", "state_dict", "model"]
EMA_STATES = ["ema_state_dict", "model_ema", "ema_model", "ema"]
# What DataParallel, torch.compile and Lightning put before every name.
PREFIXES = ["module.", "_orig_mod.", "model."]
# The branch with cell types alone calls them so.
RENAMED = [("celltype_", "cell_type_")]
# The tensors of the variants that are read; others condition by embeddings from outside or by a layer a condition.
KNOWN = re.compile(
    r"(token_embed|gene_embed|pert_embed|cell_type_embed|out_proj|out_norm\.gamma_beta"
    r"|time_embed\.[13]|(pert|cell_type)_proj\.[02]"
    r"|blocks\.\d+\.(attn\.(qkv|out_proj)|(attn|ff)_norm\.gamma_beta|ff\.net\.[03]))\.(weight|bias)"
)
# Tables of the rotary positions: no weights.
NO_WEIGHTS = ".rotary.inv_freq"
DEFAULT_HEAD = 32


class Refusal(Exception):
    """What is wrong and what to do, for people."""


def state_of(checkpoint, ema=False):
    """The dictionary of weights in what torch.load gave."""
    if not isinstance(checkpoint, dict):
        raise Refusal("the checkpoint is no dictionary: save model.state_dict() or the trainer's checkpoint.")
    for key in EMA_STATES if ema else STATES:
        state = checkpoint.get(key)
        if isinstance(state, dict):
            # Some keep averaged weights one level down.
            return state["shadow"] if isinstance(state.get("shadow"), dict) else state
    if ema:
        raise Refusal("the checkpoint has no averaged weights (%s): leave --ema out." % ", ".join(EMA_STATES))
    if any(str(key).endswith("token_embed.weight") for key in checkpoint):
        return checkpoint
    has = ", ".join(map(str, checkpoint)) or "nothing"
    raise Refusal("the checkpoint has no weights under %s; it has %s." % (", ".join(STATES), has))


def plain_name(name):
    """A tensor's name without what wrappers put before it."""
    while True:
        prefix = next((each for each in PREFIXES if name.startswith(each)), None)
        if prefix is None:
            break
        name = name[len(prefix) :]
    for old, new in RENAMED:
        if name.startswith(old):
            return new + name[len(old) :]
    return name


def weights_of(state, to_array):
    """Tensors as 32-bit floats by plain name. to_array makes a NumPy array of a value, or returns None for what is no tensor."""
    weights = {}
    for key, value in state.items():
        array = to_array(value)
        name = plain_name(str(key))
        if array is None or name.endswith(NO_WEIGHTS) or name == "n_averaged":
            continue
        if name in weights:
            raise Refusal("two tensors are called %s once prefixes are gone." % name)
        weights[name] = np.ascontiguousarray(array, dtype=np.float32)
    return weights


def spec_of(weights, heads=None, config=None):
    """Sizes of the network from the shapes of its tensors; heads, which no shape tells, from the caller or the training's args.json."""

    def shape(name):
        if name not in weights:
            raise Refusal("the tensor %s is missing: this is no network of the origin." % name)
        return weights[name].shape

    def labels(name):
        return weights[name].shape[0] if name in weights else 0

    vocabulary, width = shape("token_embed.weight")
    foreign = next((name for name in weights if not KNOWN.fullmatch(name)), None)
    if foreign:
        raise Refusal(
            "the tensor %s belongs to a variant that is not read: networks with one table of perturbations, one of cell "
            "types and their sum as condition are." % foreign
        )
    layers = 0
    while "blocks.%d.attn.qkv.weight" % layers in weights:
        layers += 1
    heads = heads or (config or {}).get("num_heads") or max(1, round(width / DEFAULT_HEAD))
    if width % heads:
        raise Refusal("%d heads do not divide the width %d: give --heads." % (heads, width))
    return {
        "variant": "origin",
        "layers": layers,
        "width": width,
        "heads": heads,
        "genes": shape("gene_embed.weight")[0],
        "bins": vocabulary - 1,
        "perturbations": labels("pert_embed.weight"),
        "cellTypes": labels("cell_type_embed.weight"),
        "timeFeatures": shape("time_embed.1.weight")[1],
    }


def cut_genes(weights, genes):
    """The table of genes may have more rows than there were genes (max_seq_len): the rest was never trained."""
    table = weights["gene_embed.weight"]
    if genes > len(table):
        raise Refusal("%d genes are named, and the network has rows for %d." % (genes, len(table)))
    return {**weights, "gene_embed.weight": np.ascontiguousarray(table[:genes])}


def subject_of(spec, genes, perturbations, cell_types):
    """What the network is about, as Lockstep keeps it. The origin's tokens are the counts themselves."""
    for names, field, what in (
        (genes, "genes", "genes"),
        (perturbations, "perturbations", "perturbations"),
        (cell_types, "cellTypes", "cell types"),
    ):
        if len(names) != spec[field]:
            raise Refusal("%d %s are named, and the network has %d." % (len(names), what, spec[field]))
    return {
        "genes": list(genes),
        "bins": {"kind": "exact", "count": spec["bins"], "edges": list(range(spec["bins"]))},
        "perturbations": list(perturbations),
        "cellTypes": list(cell_types),
    }


def encode_safetensors(weights, metadata):
    """Bytes of a safetensors file: the header's length, the header, the values."""
    header, at = {"__metadata__": metadata}, 0
    for name, array in weights.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(array.astype("<f4").tobytes() for array in weights.values())


def convert(checkpoint, to_array, config=None, ema=False, heads=None, genes=None, perturbations=(), cell_types=()):
    """A checkpoint to the file's bytes, the network's sizes, and notes for people."""
    config = config or {}
    weights = weights_of(state_of(checkpoint, ema), to_array)
    # Before anything is cut, so that a missing tensor is told by name.
    spec_of(weights, heads, config)
    count = len(genes) if genes else config.get("num_genes")
    if count:
        weights = cut_genes(weights, count)
    spec = spec_of(weights, heads, config)
    told = {key: checkpoint[key] for key in ("step", "epoch", "best_loss") if isinstance(checkpoint.get(key), (int, float))}
    metadata = {"score_network": json.dumps(spec), "provenance": json.dumps({"origin": "st3", **told})}
    notes = []
    if genes:
        metadata["cells"] = json.dumps(subject_of(spec, genes, perturbations, cell_types))
    else:
        notes.append("without --genes the file does not say which genes the network is about, and a run has to know them.")
    if not heads and not config.get("num_heads"):
        notes.append(
            "%d heads of %d numbers are assumed: give args.json or --heads if that is wrong."
            % (spec["heads"], spec["width"] // spec["heads"])
        )
    return encode_safetensors(weights, metadata), spec, notes


def names_in(path):
    """One name a line."""
    with open(path, encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip()]


def load(path, trust=False):
    """A .pt; without trust nothing that it may hold is run."""
    import torch

    if trust:
        # Since 2.6 PyTorch does not by itself; before 1.13 it knows no other way.
        try:
            return torch.load(path, map_location="cpu", weights_only=False)
        except TypeError:
            return torch.load(path, map_location="cpu")
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (TypeError, pickle.UnpicklingError):
        raise Refusal(
            "PyTorch %s cannot read it without running what may be hidden in it. Take a newer PyTorch (2.4 and later can), "
            "or add --trust if the checkpoint is your own." % torch.__version__
        ) from None


def torch_array(value):
    """A tensor as a NumPy array; bfloat16, which NumPy lacks, by way of float32."""
    return value.detach().float().numpy() if hasattr(value, "detach") else None


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("output")
    parser.add_argument("--args", help="the training's args.json")
    parser.add_argument("--genes", help="names of the genes in the network's order, one a line")
    parser.add_argument("--perturbations", help="names of the perturbations by index, one a line")
    parser.add_argument("--cell-types", help="names of the cell types by index, one a line")
    parser.add_argument("--ema", action="store_true", help="the averaged weights, where the checkpoint has some")
    parser.add_argument("--heads", type=int)
    parser.add_argument("--trust", action="store_true", help="read the checkpoint even if it can run programs: your own")
    given = parser.parse_args(arguments)
    beside = os.path.join(os.path.dirname(given.checkpoint), "args.json")
    config_path = given.args or (beside if os.path.exists(beside) else None)
    config = None
    if config_path:
        with open(config_path, encoding="utf-8") as file:
            config = json.load(file)
    lists = {"genes": given.genes, "perturbations": given.perturbations, "cell_types": given.cell_types}
    names = {key: names_in(path) for key, path in lists.items() if path}
    data, spec, notes = convert(load(given.checkpoint, given.trust), torch_array, config, given.ema, given.heads, **names)
    with open(given.output, "wb") as file:
        file.write(data)
    print("%s: %d bytes, %s" % (given.output, len(data), json.dumps(spec)))
    for note in notes:
        print("Note: " + note)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refusal as refusal:
        sys.exit("pt-to-safetensors: %s" % refusal)

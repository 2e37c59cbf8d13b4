"""PyTorch on the CPU as a contestant: the same model and formulas, from a folder that `torch.ts` writes; one line of JSON a request.

Requests: {"quantity": …, "steps": n, "output": path or null}; answers {"ok": true}, or {"error": …}.
"""

import json
import math
import sys
from pathlib import Path

import numpy
import torch

folder = Path(sys.argv[1])
told = json.loads((folder / "problem.json").read_text())
torch.set_num_threads(told["threads"])
L, T, heads = told["layers"], told["length"], told["heads"]
texts, path_texts, nodes = told["texts"], told["pathTexts"], told["nodes"]


def tensors(name):
    flat = torch.from_numpy(numpy.fromfile(folder / name, dtype=numpy.float32))
    made = {}
    for tensor in told["tensors"]:
        count = math.prod(tensor["shape"])
        made[tensor["name"]] = flat[tensor["at"] : tensor["at"] + count].reshape(tensor["shape"]).clone()
    return made


weights, direction = tensors("theta.f32"), tensors("direction.f32")
for each in weights.values():
    each.requires_grad_(True)
names = list(weights)
ids = torch.tensor(told["ids"])
turns = torch.tensor(told["turns"]).reshape(T, -1, 2)
cosine, sine = turns[..., 0], turns[..., 1]
hidden = torch.full((T, T), float("-inf")).triu(1)
rule = {key: torch.tensor(value, dtype=torch.float32) for key, value in told["rule"].items()}


def norm(x, weight):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + told["epsilon"]) * weight


def turned(x):
    a, b = x.chunk(2, -1)
    return torch.cat([a * cosine - b * sine, b * cosine + a * sine], -1)


def residual(w, x):
    """Of embeddings [rows, T, width], the last residual, normed."""
    rows, _, width = x.shape
    for layer in range(L):
        of = lambda name: w[f"model.layers.{layer}.{name}.weight"]
        by_heads = lambda y: y.reshape(rows, T, heads, -1).transpose(1, 2)
        h = norm(x, of("input_layernorm"))
        q, k, v = (by_heads(h @ of(f"self_attn.{part}_proj").T) for part in "qkv")
        q, k = turned(q), turned(k)
        a = torch.softmax(q @ k.transpose(2, 3) * told["scale"] + hidden, -1)
        x = x + (a @ v).transpose(1, 2).reshape(rows, T, width) @ of("self_attn.o_proj").T
        h = norm(x, of("post_attention_layernorm"))
        gated = torch.nn.functional.silu(h @ of("mlp.gate_proj").T) * (h @ of("mlp.up_proj").T)
        x = x + gated @ of("mlp.down_proj").T
    return norm(x, w["model.norm.weight"])


def loss():
    table = weights["model.embed_tokens.weight"]
    logits = residual(weights, table[ids[:texts, :T]]) @ table.T
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:texts, 1:].flatten())


def gradient():
    return torch.cat([each.flatten() for each in torch.autograd.grad(loss(), list(weights.values()))])


def product():
    slopes = torch.autograd.grad(loss(), list(weights.values()), create_graph=True)
    moved = torch.autograd.grad(slopes, list(weights.values()), grad_outputs=[direction[name] for name in names])
    return torch.cat([each.flatten() for each in moved])


def attributed():
    w = {name: each.detach() for name, each in weights.items()}
    table = w["model.embed_tokens.weight"]
    end = table[ids[:path_texts, :T]]
    begin = table[told["pad"]].expand_as(end)
    way = end - begin
    points = (begin[:, None] + rule["nodes"][None, :, None, None] * way[:, None]).flatten(0, 1).requires_grad_(True)
    chosen = table[ids[:path_texts, T]].repeat_interleave(nodes, 0)
    (slopes,) = torch.autograd.grad((residual(w, points)[:, -1] * chosen).sum(), points)
    summed = (slopes.reshape(path_texts, nodes, T, -1) * rule["weights"][None, :, None, None]).sum(1)
    return (summed * way).sum(-1).flatten()


compute = {"gradient": gradient, "integrated gradients": attributed, "Hessian · vector": product}
print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    try:
        for _ in range(asked["steps"]):
            found = compute[asked["quantity"]]()
        if asked["output"]:
            found.detach().numpy().astype(numpy.float32).tofile(asked["output"])
        print(json.dumps({"ok": True}), flush=True)
    except Exception as error:  # What went wrong belongs into the table.
        print(json.dumps({"error": str(error)}), flush=True)

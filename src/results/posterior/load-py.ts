/** load.py: opens the bundle in Python and prints a table, with whichever netCDF reader is there. */

export const LOAD_PY = `"""Prints truth and posterior mean +- sd of every item, from posterior_all.nc beside this file; marks those that summary.csv does not trust.

usage: python load.py            (needs xarray with h5netcdf or netCDF4; else h5py or netCDF4 alone will do)

posterior_all.nc has one row a draw (dimension sample): items one after the other, each chain by chain; row_size says how
many rows each item has. From your own code:

    from load import item, load, padded

    posterior, constants = load()
    posterior[name][3]         # all draws of the fourth item in it, an array [chain, draw]; those that failed are not in it
    constants["run_id"][3]     # who it is; further n_chains, n_draws, seed and the true values
    padded(posterior[name])    # of all items, an array [realization, chain, draw]; shorter ones end in NaN
    item(3)                    # xarray Datasets "posterior" and "sample_stats" with (chain, draw), as ArviZ takes them:
                               # arviz.summary(item(3)["posterior"]); item("<run_id>") does the same
"""

import csv
import os

import numpy as np

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "posterior_all.nc")
GROUPS = ("posterior", "constant_data")
NOT_DRAWS = ("realization", "sample", "row_size", "realization_index", "chain", "draw")


def with_xarray(path):
    import xarray as xr

    groups = []
    for group in GROUPS:
        with xr.open_dataset(path, group=group) as data:
            groups.append({str(name): data[name].values for name in data.data_vars if name not in NOT_DRAWS})
    return groups


def with_h5py(path):
    import h5py

    with h5py.File(path, "r") as file:
        return [{name: file[group][name][()] for name in file[group] if name not in NOT_DRAWS} for group in GROUPS]


def with_netcdf4(path):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        return [
            {name: variable[...] for name, variable in file[group].variables.items() if name not in NOT_DRAWS}
            for group in GROUPS
        ]


def load(path=PATH):
    """Draws, a list of arrays [chain, draw] for each name, and constants as arrays, read by the first reader that works."""
    problems = []
    for reader in (with_xarray, with_h5py, with_netcdf4):
        try:
            rows, constants = reader(path)
            break
        except (ImportError, ValueError) as error:
            problems.append(f"  {reader.__name__[5:]}: {error}")
    else:
        raise SystemExit("No reader for netCDF-4. Try: pip install xarray h5netcdf\\n" + "\\n".join(problems))
    constants["run_id"] = np.array(texts(constants["run_id"]))
    shapes = list(zip(constants["n_chains"].tolist(), constants["n_draws"].tolist()))
    ends = np.cumsum([chains * draws for chains, draws in shapes])[:-1]
    posterior = {
        name: [part.reshape(shape) for part, shape in zip(np.split(values, ends), shapes)] for name, values in rows.items()
    }
    return posterior, constants


def texts(values):
    return [s.decode() if isinstance(s, bytes) else str(s) for s in values]


def padded(draws):
    """Arrays [chain, draw] of several items as one [realization, chain, draw]; what an item does not have is NaN."""
    whole = np.full((len(draws), max(d.shape[0] for d in draws), max(d.shape[1] for d in draws)), np.nan)
    for i, each in enumerate(draws):
        whole[i, : each.shape[0], : each.shape[1]] = each
    return whole


def item(which, path=PATH):
    """One item, by its number or its run_id: a dictionary of xarray Datasets with dimensions (chain, draw)."""
    import xarray as xr

    with xr.open_dataset(path, group="constant_data") as constants:
        i = texts(constants["run_id"].values).index(which) if isinstance(which, str) else range(constants.sizes["realization"])[which]
        shape = int(constants["n_chains"][i]), int(constants["n_draws"][i])
    groups = {}
    for group in ("posterior", "sample_stats"):
        try:
            data = xr.open_dataset(path, group=group)
        except OSError:
            continue  # nothing is known of how it was sampled
        with data:
            end = int(data["row_size"].values[: i + 1].sum())
            rows = data.isel(sample=slice(end - shape[0] * shape[1], end))
            columns = {name: (("chain", "draw"), rows[name].values.reshape(shape)) for name in rows.data_vars if name != "row_size"}
            coordinates = {"chain": np.arange(shape[0]), "draw": np.arange(shape[1])}
            groups[group] = xr.Dataset(columns, coordinates, data.attrs)
    return groups


def doubtful(path=os.path.join(os.path.dirname(PATH), "summary.csv")):
    """Run ids whose numbers are not to be believed, by summary.csv: checks that were missed, or data that the model does not describe."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        return set()
    return {row["run_id"] for row in rows if row["passed_convergence"] != "True" or row.get("unfit") == "True"}


def main():
    posterior, constants = load()
    run_ids = constants["run_id"]
    doubts = doubtful()
    width = max(6, max(len(run_id) for run_id in run_ids))
    titles = [f"{name + ' true':>11}  {name + ' mean':>11}  {'+- sd':>9}" for name in posterior]
    print("  ".join(["run_id".ljust(width)] + titles))
    for i, run_id in enumerate(run_ids):
        cells = [run_id.ljust(width)]
        for name, draws in posterior.items():
            truth = constants.get(name + "_true")
            known = truth is not None and np.isfinite(truth[i])
            cells.append(f"{truth[i]:11.5f}" if known else " " * 11)
            cells.append(f"{np.nanmean(draws[i]):11.5f}  {np.nanstd(draws[i]):9.5f}")
        print("  ".join(cells) + ("  not to be believed (summary.csv)" if run_id in doubts else ""))
    print(f"{len(run_ids)} items, {', '.join(posterior)}")


if __name__ == "__main__":
    main()
`;

/** load.py: opens the bundle in Python and prints a table, with whichever netCDF reader is there. */

export const LOAD_PY = `"""Prints truth and posterior mean +- sd of every item, from posterior_all.nc beside this file.

usage: python load.py            (needs xarray with h5netcdf or netCDF4; else h5py or netCDF4 alone will do)

From your own code: \`from load import load; posterior, constants = load()\` gives two dictionaries of NumPy arrays,
posterior[name][realization, chain, draw] and constants[name][realization].
"""

import os

import numpy as np

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "posterior_all.nc")
GROUPS = ("posterior", "constant_data")
DIMENSIONS = ("realization", "chain", "draw")


def with_xarray(path):
    import xarray as xr

    groups = []
    for group in GROUPS:
        with xr.open_dataset(path, group=group) as data:
            groups.append({str(name): data[name].values for name in data.data_vars})
    return groups


def with_h5py(path):
    import h5py

    with h5py.File(path, "r") as file:
        return [{name: file[group][name][()] for name in file[group] if name not in DIMENSIONS} for group in GROUPS]


def with_netcdf4(path):
    import netCDF4

    with netCDF4.Dataset(path) as file:
        file.set_auto_mask(False)
        return [
            {name: variable[...] for name, variable in file[group].variables.items() if name not in DIMENSIONS}
            for group in GROUPS
        ]


def load(path=PATH):
    """Draws and constants as dictionaries of arrays, read by the first reader that works."""
    problems = []
    for reader in (with_xarray, with_h5py, with_netcdf4):
        try:
            posterior, constants = reader(path)
            break
        except (ImportError, ValueError) as error:
            problems.append(f"  {reader.__name__[5:]}: {error}")
    else:
        raise SystemExit("No reader for netCDF-4. Try: pip install xarray h5netcdf\\n" + "\\n".join(problems))
    constants["run_id"] = np.array([s.decode() if isinstance(s, bytes) else str(s) for s in constants["run_id"]])
    return posterior, constants


def main():
    posterior, constants = load()
    run_ids = constants["run_id"]
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
        print("  ".join(cells))
    print(f"{len(run_ids)} items, {', '.join(posterior)}")


if __name__ == "__main__":
    main()
`;

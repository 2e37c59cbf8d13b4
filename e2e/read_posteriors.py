"""Reads every <run_id>/posterior.nc below a folder the way a user of SHINE does, and prints what it found as JSON.

usage: read_posteriors.py FOLDER ENGINE      (ENGINE: netcdf4 or h5netcdf)

{run_id: {group: {variable: {dims, shape, dtype, finite, mean, sd, sha256}}}}, sha256 over the values in C order, so that two
files hold the same numbers exactly when the hashes are equal, whatever else (a date, say) differs.
"""

import hashlib
import json
import pathlib
import sys

import numpy
import xarray


def describe(variable):
    values = numpy.ascontiguousarray(variable.values)
    return {
        "dims": list(variable.dims),
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "finite": bool(numpy.isfinite(values.astype(float)).all()),
        "mean": float(values.astype(float).mean()),
        "sd": float(values.astype(float).std()),
        "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
    }


def read(path, engine):
    groups = {}
    for group in ("posterior", "sample_stats"):
        with xarray.open_dataset(path, group=group, engine=engine) as dataset:
            groups[group] = {str(name): describe(dataset[name]) for name in dataset.data_vars}
    return groups


folder, engine = pathlib.Path(sys.argv[1]), sys.argv[2]
print(json.dumps({path.parent.name: read(path, engine) for path in sorted(folder.glob("*/posterior.nc"))}))

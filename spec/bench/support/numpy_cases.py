# What spec/bench/numpy.lua is held against: the same cases by NumPy. Prints a
# line for each, its name, a tab and the least seconds a call of some short runs.
# Arguments: how many elements.
import sys
import time

import numpy as np

n = int(sys.argv[1])
rng = np.random.default_rng(1)
a = rng.standard_normal(n, dtype=np.float32)
whole = rng.integers(0, 1000, n)
places = rng.integers(0, n, n)
few, half = rng.random(n) < 0.02, rng.random(n) < 0.5
rows = a.reshape(n // 100, 100)


def topk(x, k):
    p = np.argpartition(x, len(x) - k)[len(x) - k:]
    p = p[np.argsort(-x[p])]
    return x[p], p


def ordered(x, axis=-1):
    p = np.argsort(x, axis=axis, kind="stable")
    return np.take_along_axis(x, p, axis), p


cases = {
    "a:topk(10)": lambda: topk(a, 10),
    "a:topk(n // 10)": lambda: topk(a, n // 10),
    "a:median()": lambda: np.median(a),
    "a:quantile(0.3)": lambda: np.quantile(a, 0.3),
    "rows:median(2)": lambda: np.median(rows, axis=1),
    "a:sort()": lambda: ordered(a),
    "whole:sort()": lambda: ordered(whole),
    "rows:sort(2)": lambda: ordered(rows, 1),
    "a:argmax()": lambda: a.argmax(),
    "a:argmin()": lambda: a.argmin(),
    "rows:argmax(2)": lambda: rows.argmax(1),
    "rows:argmax(1)": lambda: rows.argmax(0),
    "a:max()": lambda: a.max(),
    "few:any()": lambda: few.any(),
    "few:nonzero()": lambda: np.argwhere(few),
    "half:nonzero()": lambda: np.argwhere(half),
    "a:index_select(1, places)": lambda: a.take(places),
    "a:gather(1, places)": lambda: np.take_along_axis(a, places, 0),
    "half:where(a, a)": lambda: np.where(half, a, a),
    "a:cumsum(1)": lambda: a.cumsum(),
    "half:to('float32')": lambda: half.astype(np.float32),
    "half:to('float64')": lambda: half.astype(np.float64),
    "whole:to('float32')": lambda: whole.astype(np.float32),
    "a:to('int64')": lambda: a.astype(np.int64),
}


def least(call):
    call()
    start = time.perf_counter()
    call()
    calls = max(1, int(0.002 / max(time.perf_counter() - start, 1e-7)))
    runs = []
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        runs.append((time.perf_counter() - start) / calls)
    return min(runs)


for name, call in cases.items():
    print(f"{name}\t{least(call):.4g}")

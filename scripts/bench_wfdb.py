#!/usr/bin/env python3
"""Times reading and resampling beside SciPy, both sides in turn on the same records.

usage: bench_wfdb.py BENCH_PROGRAM RECORD_FOLDER

BENCH_PROGRAM is the built tests/bench/wfdb_bench; RECORD_FOLDER holds challenge records. Needs
NumPy and SciPy. Every figure is the best of five rounds, in processor time of one core, from the
page cache.
"""
import glob
import json
import os
import subprocess
import sys
import time

import numpy as np
from scipy.io import loadmat
from scipy.signal import resample_poly

ROUNDS = 5


def twelve_lead_files(folder):
    """The .mat files of 12 leads x 5000 samples, as the benchmark program takes them."""
    size = 24 + 2 * 12 * 5000
    return [f for f in sorted(glob.glob(os.path.join(folder, '*.mat'))) if os.path.getsize(f) == size]


def ours(program, folder, name):
    environment = dict(os.environ, ECG_BENCH_RECORDS=folder)
    output = subprocess.run([program, '--benchmark_format=json', '--benchmark_min_time=0.5',
                             '--benchmark_filter=^' + name + '$'],
                            env=environment, capture_output=True, check=True).stdout
    return json.loads(output)['benchmarks'][0]['items_per_second']


def scipy_load(files):
    start = time.process_time()
    for name in files:
        loadmat(name)
    return len(files) / (time.process_time() - start)


def scipy_resample(record, rounds=200):
    start = time.process_time()
    for _ in range(rounds):
        resample_poly(record, 1, 2, axis=1)
    return rounds / (time.process_time() - start)


def main():
    program, folder = sys.argv[1:3]
    files = twelve_lead_files(folder)
    record = loadmat(files[0])['val'].astype(np.float32)
    pairs = [('read a record', 'ReadChallengeRecords', lambda: scipy_load(files)),
             ('resample 500 -> 250 Hz', 'ResampleTwelveLeads/500/250',
              lambda: scipy_resample(record))]
    print('%-24s %14s %14s %8s' % ('', 'ours /s', 'SciPy /s', 'ratio'))
    for title, name, reference in pairs:
        mine = theirs = 0
        for _ in range(ROUNDS):
            mine = max(mine, ours(program, folder, name))
            theirs = max(theirs, reference())
        print('%-24s %14.0f %14.0f %8.1f' % (title, mine, theirs, mine / theirs))


main()

#!/usr/bin/env python3
"""Writes tests/golden/resample.json: what scipy.signal.resample_poly makes of a test signal.

The signal is a deterministic mixture of sines, a ramp and an offset; every rate pair is stored with
SciPy's default zero edges. Needs NumPy and SciPy.
"""
import json
import sys
from math import gcd

import numpy as np
from scipy.signal import resample_poly

RATE_PAIRS = [(500, 250), (1000, 500), (257, 250), (360, 250), (400, 500), (250, 500), (128, 300),
              (500, 500)]
SAMPLES = 301


def main():
    t = np.arange(SAMPLES)
    x = (np.sin(0.11 * t) + 0.5 * np.sin(0.53 * t + 1) + 0.2 * np.cos(1.9 * t) + 0.003 * t + 0.7)
    x = x.astype(np.float32)
    cases = []
    for source, target in RATE_PAIRS:
        common = gcd(source, target)
        y = resample_poly(x.astype(np.float64), target // common, source // common)
        cases.append({'from': source, 'to': target, 'output': [float('%.9g' % v) for v in y]})
    with open(sys.argv[1], 'w') as out:
        json.dump({'input': [float('%.9g' % v) for v in x], 'cases': cases}, out)
        out.write('\n')


main()

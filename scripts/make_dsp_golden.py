#!/usr/bin/python3
"""Writes tests/golden/dsp.json: what SciPy gives for the filters, peaks, splines and wavelets that
the delineators are made of, on a signal that both sides make from the same formula.

Needs Debian's python3-scipy. usage: make_dsp_golden.py > tests/golden/dsp.json
"""
import json
import math

import numpy as np
from scipy import ndimage, signal
from scipy.interpolate import PchipInterpolator

SAMPLES, RATE = 240, 100


def wave(count):
    return np.array([math.sin(0.05 * i) + 0.5 * math.sin(0.31 * i + 1) + (i * 7919 % 101) / 202
                     for i in range(count)])


def details(x, levels):
    out, s = [], x
    for level in range(levels):
        gap, spread = 2 ** level, np.zeros(2 ** level - 1)
        stages = []
        for taps in ([2, -2], [1 / 8, 3 / 8, 3 / 8, 1 / 8]):
            bank = np.concatenate([[t, *spread] for t in taps[:-1]] + [[taps[-1]]])
            full = np.convolve(s, bank)
            full[:-gap] = full[gap:].copy()
            stages.append(full)
        out.append(stages[0][:len(x)].tolist())
        s = stages[1]
    return out


x = wave(SAMPLES)
steps = np.round(4 * x) / 4
peaks, _ = signal.find_peaks(steps)
beats, periods = [20, 61, 95, 150, 188], [0.41, 0.39, 0.34, 0.55, 0.38]
rate = PchipInterpolator(beats, periods)(np.arange(SAMPLES))
rate[:beats[0]], rate[beats[-1]:] = periods[0], periods[-1]
print(json.dumps({
    "samples": SAMPLES,
    "rate": RATE,
    "high_pass": signal.sosfiltfilt(signal.butter(5, 0.5, "highpass", output="sos", fs=RATE), x).tolist(),
    "low_pass": signal.sosfiltfilt(signal.butter(4, 15, "lowpass", output="sos", fs=RATE), x).tolist(),
    "moving_average": signal.filtfilt(np.ones(5), [5], x, method="pad", padlen=15).tolist(),
    "uniform_6": ndimage.uniform_filter1d(x, 6, mode="nearest").tolist(),
    "uniform_7": ndimage.uniform_filter1d(x, 7, mode="nearest").tolist(),
    "zoom_370_of_100": ndimage.zoom(x[:100], 3.7).tolist(),
    "zoom_61_of_100": ndimage.zoom(x[:100], 0.61).tolist(),
    "mean_of_inverse_pchip": float(np.mean(1 / rate)),
    "peaks": peaks.tolist(),
    "prominences": signal.peak_prominences(steps, peaks)[0].tolist(),
    "details": details(x[:120], 4),
}))

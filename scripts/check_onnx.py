#!/usr/bin/python3
"""Compares ONNX models with what the native engine says of the same windows, by ONNX Runtime. Given
recordings, also prepares them by nothing but what the metadata of recordings.onnx say, and compares
that with the windows beside it. Needs Debian 13's python3-onnxruntime and python3-scipy.

usage: check_onnx.py FOLDER [RECORDINGS]   (FOLDER as onnx_cases writes it)
"""
import fractions
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import scipy.signal

TOLERANCE = 1e-5
TOLERANCE_MV = 1e-4


def differences(model):
    """The largest difference of each output, with all windows at a time and with each alone."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    batch, channels, samples = given.shape
    assert batch == "batch", given.shape
    for key, value in session.get_modelmeta().custom_metadata_map.items():
        if key not in ("ecg.input", "ecg.output", "ecg.checksum"):
            json.loads(value)
    windows = np.fromfile(model.with_suffix(".input"), np.float32).reshape(-1, channels, samples)
    assert len(windows) > 0
    result = {}
    for output in session.get_outputs():
        expected = np.fromfile(model.with_suffix("." + output.name), np.float32)
        expected = expected.reshape([len(windows)] + output.shape[1:])
        together = session.run([output.name], {given.name: windows})[0]
        assert together.shape == expected.shape, (together.shape, expected.shape)
        alone = np.concatenate([session.run([output.name], {given.name: windows[i:i + 1]})[0]
                                for i in range(len(windows))])
        off = max(np.abs(made - expected).max() for made in (together, alone))
        doubt = np.minimum(expected, 1 - expected).mean()
        assert doubt > 1e-3, f"{model}: {output.name} says nothing"
        result[output.name] = off
    return len(windows), result


def read_challenge_record(header):
    """Rate and mV by lead of a record with a MATLAB file of version 4."""
    first, *lines = [line.split() for line in header.read_text().splitlines() if line[0] != "#"]
    samples = np.fromfile(header.with_suffix(".mat"), np.int16, offset=24)
    assert all(line[1:3] == ["16+24", "1000/mV"] for line in lines), header
    signals = samples.reshape(-1, len(lines)).T / 1000
    return float(first[2]), dict(zip([line[8] for line in lines], signals))


def windows_of(header, properties):
    """As ecg.input says it, for recordings of all leads: each window whole, then I and II alone."""
    rate, signals = read_challenge_record(header)
    preprocess = json.loads(properties["ecg.preprocess"])
    window = json.loads(properties["ecg.window"])
    assert preprocess["remove_mean"] and preprocess["highpass_hz"] == 0
    assert all(lead in signals for lead in preprocess["leads"])
    ratio = fractions.Fraction(preprocess["sampling_rate"]) / fractions.Fraction(rate)
    leads = []
    for name in preprocess["leads"]:
        lead = signals[name] - signals[name].mean()
        if ratio != 1:
            lead = scipy.signal.resample_poly(lead, ratio.numerator, ratio.denominator,
                                              padtype="line")
        limit = preprocess["limit_mv"]
        leads.append(lead.clip(-limit, limit) * preprocess["units_per_mv"])
    leads = np.array(leads)
    length, size = leads.shape[1], window["samples"]
    if length < size:
        leads = np.pad(leads, ((0, 0), (0, size - length)))
    step = round(size * (1 - window["overlap"]))
    starts = [0]
    while length - (starts[-1] + size) > 0.05 * size:
        starts.append(min(starts[-1] + step, length - size))
    two = np.array([[name in ("I", "II")] for name in preprocess["leads"]])
    return [part for start in starts
            for part in (leads[:, start:start + size], leads[:, start:start + size] * two)]


def check_preparation(model, recordings):
    properties = onnxruntime.InferenceSession(
        str(model), providers=["CPUExecutionProvider"]).get_modelmeta().custom_metadata_map
    headers = sorted(pathlib.Path(recordings).rglob("*.hea"))
    made = np.array([part for header in headers for part in windows_of(header, properties)])
    expected = np.fromfile(model.with_suffix(".input"), np.float32).reshape(-1, *made.shape[1:])
    assert made.shape == expected.shape, (made.shape, expected.shape)
    off = np.abs(made - expected).max()
    print(f"prepared by its metadata, {len(headers)} recordings, {len(made)} windows: {off:.1e} mV")
    return off <= TOLERANCE_MV


def main():
    models = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    if not models:
        sys.exit("no models")
    wrong = 0
    print(f"ONNX Runtime {onnxruntime.__version__}")
    for model in models:
        windows, result = differences(model)
        right = all(off <= TOLERANCE for off in result.values())  # no NaN is
        wrong += not right
        figures = ", ".join(f"{name} {off:.1e}" for name, off in result.items())
        print(f"{'right' if right else 'WRONG'}  {model.stem:28} {windows:6} windows  {figures}")
    if len(sys.argv) > 2:
        wrong += not check_preparation(models[0].with_stem("recordings"), sys.argv[2])
    sys.exit(f"{wrong} are wrong" if wrong else 0)


main()

#!/usr/bin/python3
"""Writes tests/golden/network.json: what an independent PyTorch implementation of the network, its
peak branch and the losses gives for small inputs that both sides make from the same formulas.

Needs Debian's python3-torch. usage: make_network_golden.py > tests/golden/network.json
"""
import json
import math

import torch
from torch import nn
from torch.nn import functional as F

BLOCKS, WIDTH, CHANNELS, CLASSES, REDUCTION, LENGTH, BATCH = [2, 1, 1, 2], 4, 3, 5, 2, 100, 2


def wave(shape, frequency, phase, scale):
    count = math.prod(shape)
    steps = torch.arange(count, dtype=torch.float64)
    return (scale * torch.sin(frequency * steps + phase)).reshape(shape)


class Gate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        hidden = max(1, round(channels / REDUCTION))
        self.squeeze = nn.Linear(channels, hidden)
        self.excite = nn.Linear(hidden, channels)

    def forward(self, x):
        pooled = F.adaptive_avg_pool1d(x, 1).flatten(1)
        return x * torch.sigmoid(self.excite(F.relu(self.squeeze(pooled))))[:, :, None]


class Block(nn.Module):
    def __init__(self, inputs, outputs, halves, strided):
        super().__init__()
        step = 2 if halves and strided else 1
        self.halve = nn.MaxPool1d(3, 2, 1) if halves and not strided else nn.Identity()
        self.conv1 = nn.Conv1d(inputs, outputs, 7, step, 3, bias=False)
        self.norm1 = nn.BatchNorm1d(outputs)
        self.conv2 = nn.Conv1d(outputs, outputs, 7, 1, 3, bias=False)
        self.norm2 = nn.BatchNorm1d(outputs)
        self.gate = Gate(outputs)
        self.projects = step != 1 or inputs != outputs
        if self.projects:
            self.shortcut = nn.Conv1d(inputs, outputs, 1, step, bias=False)
            self.shortcut_norm = nn.BatchNorm1d(outputs)

    def forward(self, x):
        x = self.halve(x)
        branch = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        shortcut = self.shortcut_norm(self.shortcut(x)) if self.projects else x
        return F.relu(self.gate(branch) + shortcut)


class PaperPeaks(nn.Module):
    """Three slots of two numbers and five types in each of the positions."""

    def __init__(self, channels):
        super().__init__()
        self.perceptron = nn.Conv1d(channels, channels // 2, 1)
        self.convolution = nn.Conv1d(channels // 2, 21, 7, padding=3)

    def forward(self, features):
        x = torch.sigmoid(self.convolution(F.relu(self.perceptron(features))))
        return x.reshape(x.shape[0], 3, 7, x.shape[2]).permute(0, 3, 1, 2)


class AuthorsPeaks(nn.Module):
    """Five slots of three numbers in cells of 32 samples."""

    def __init__(self, channels):
        super().__init__()
        self.squeeze = nn.Conv1d(channels, 8, 1, bias=False)
        self.linear = nn.Linear(8 * math.ceil(LENGTH / 16), math.ceil(LENGTH / 32) * 15)

    def forward(self, features):
        x = torch.sigmoid(self.linear(self.squeeze(features).flatten(1)))
        return x.view(x.shape[0], -1, 5, 3)


class Network(nn.Module):
    def __init__(self, strided, peaks=None):
        super().__init__()
        self.stem = nn.Conv1d(CHANNELS, WIDTH, 15, 2, 7, bias=False)
        self.stem_norm = nn.BatchNorm1d(WIDTH)
        self.stem_pool = nn.MaxPool1d(3, 2, 1) if strided else nn.Identity()
        inputs = WIDTH
        for s, count in enumerate(BLOCKS):
            outputs = WIDTH * 2**s
            blocks = []
            for b in range(count):
                halves = b == 0 and (s > 0 or not strided)
                blocks.append(Block(inputs if b == 0 else outputs, outputs, halves, strided))
            setattr(self, f"stage{s + 1}", nn.Sequential(*blocks))
            if s == len(BLOCKS) - 1 and peaks:
                self.peaks = peaks(inputs)
            inputs = outputs
        self.head = nn.Linear(inputs, CLASSES)

    def features(self, x):
        x = self.stem_pool(F.relu(self.stem_norm(self.stem(x))))
        for s in range(len(BLOCKS) - 1):
            x = getattr(self, f"stage{s + 1}")(x)
        return x

    def classify(self, features):
        x = getattr(self, f"stage{len(BLOCKS)}")(features)
        return self.head(F.adaptive_avg_pool1d(x, 1).flatten(1))

    def forward(self, x):
        return self.classify(self.features(x))


def asymmetric(logits, y, gamma_positive=1, gamma_negative=4, margin=0.05):
    """Cell by cell, from the definition."""
    cells = torch.empty_like(logits)
    for i in range(logits.shape[0]):
        for k in range(logits.shape[1]):
            p = torch.sigmoid(logits[i, k])
            if y[i, k] == 1:
                cells[i, k] = -((1 - p) ** gamma_positive) * torch.log(p.clamp(min=1e-8))
            else:
                shifted = (p - margin).clamp(min=0)
                cells[i, k] = -(shifted**gamma_negative) * torch.log((1 - shifted).clamp(min=1e-8))
    return cells


def sign(logits, y):
    p = torch.sigmoid(logits)
    near = (y - p).abs() < 0.5
    weight = torch.where(near, (y - p) ** 2, torch.ones_like(p))
    return weight * -(y * torch.log(p) + (1 - y) * torch.log(1 - p))


def summary(tensor):
    flat = tensor.detach().flatten()
    return {"sum": flat.sum().item(), "squares": (flat * flat).sum().item(),
            "first": flat[:3].tolist()}


def detection(output, target, takes_part, coordinate=5, empty=0.2):
    """Equation (2) of the paper, slot by slot, over the number of cells; the mean over the records
    that take part."""
    total, records = 0, 0
    for n in range(output.shape[0]):
        if not takes_part[n]:
            continue
        records += 1
        for i in range(output.shape[1]):
            for k in range(output.shape[2]):
                o, t = output[n, i, k], target[n, i, k]
                if t[0] == 1:
                    loss = coordinate * (t[1] - o[1]) ** 2 + (t[0] - o[0]) ** 2
                    loss = loss + ((t[2:] - o[2:]) ** 2).sum()
                else:
                    loss = empty * (t[0] - o[0]) ** 2
                total = total + loss / output.shape[1]
    return total / max(records, 1)


def fill(model):
    with torch.no_grad():
        for k, (name, parameter) in enumerate(sorted(model.named_parameters())):
            offset = 1.0 if "norm" in name and name.endswith("weight") else 0.0
            parameter.copy_(wave(parameter.shape, 0.7, 1.3 * k, 0.3) + offset)


def gradients(model):
    return {n: summary(p.grad) for n, p in sorted(model.named_parameters())}


def peak_targets(shape):
    """Any numbers will do: the loss does not know what a peak is."""
    target = (wave(shape, 1.7, 0.5, 0.5) + 0.5).clone()
    target[..., 0] = (target[..., 0] > 0.6).double()
    return target


def peaks(branch):
    model = Network(False, branch).double()
    fill(model)
    model.train()
    features = model.features(wave((3, CHANNELS, LENGTH), 0.11, 0.4, 1.0))
    output = model.peaks(features)
    loss = detection(output, peak_targets(output.shape), [1, 0, 1])
    joint = (asymmetric(model.classify(features), TARGETS[:3]) * MASK[:3]).mean() + 0.1 * loss
    joint.backward()
    return {"shape": list(output.shape), "output": summary(output), "loss": loss.item(),
            "joint_loss": joint.item(), "gradients": gradients(model)}


def network(strided):
    model = Network(strided).double()
    fill(model)
    x = wave((BATCH, CHANNELS, LENGTH), 0.11, 0.4, 1.0)
    y, mask = TARGETS[:BATCH], MASK[:BATCH]
    model.train()
    trained = model(x)
    loss = (asymmetric(trained, y) * mask).mean()
    loss.backward()
    result = {"train_logits": trained.detach().tolist(), "loss": loss.item(),
              "gradients": gradients(model),
              "buffers": {n: summary(b) for n, b in sorted(model.named_buffers())
                          if b.is_floating_point()}}
    model.eval()
    result["eval_logits"] = model(x).detach().tolist()
    return result


def loss(function):
    logits = LOGITS.clone().requires_grad_(True)
    value = (function(logits, TARGETS) * MASK).mean()
    value.backward()
    return {"masked_mean": value.item(), "gradient": logits.grad.tolist(),
            "unmasked_mean": function(LOGITS, TARGETS).mean().item()}


LOGITS = wave((4, CLASSES), 1.9, 0.2, 6.0)
TARGETS = (wave((4, CLASSES), 2.3, 0.0, 1.0) > 0.3).double()
MASK = (wave((4, CLASSES), 3.1, 1.0, 1.0) > -0.5).double()

json.dump({
    "max_pool": network(False),
    "strided": network(True),
    "peaks_paper": peaks(PaperPeaks),
    "peaks_authors": peaks(AuthorsPeaks),
    "asymmetric": loss(asymmetric),
    "asymmetric_plain": loss(lambda x, y: asymmetric(x, y, 0, 0, 0)),
    "bce": loss(lambda x, y: F.binary_cross_entropy_with_logits(x, y, reduction="none")),
    "sign": loss(sign),
}, fp=open("/dev/stdout", "w"), indent=1)

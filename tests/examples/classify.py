"""Classifies a recording through the C interface. usage: classify.py LIBRARY MODEL"""
import ctypes
import math
import sys

ecg = ctypes.CDLL(sys.argv[1])
for text in ("ecg_last_error", "ecg_class_abbreviation"):
    getattr(ecg, text).restype = ctypes.c_char_p
ecg.ecg_class_count.restype = ctypes.c_size_t
ecg.ecg_class_count.argtypes = [ctypes.c_void_p]
ecg.ecg_class_abbreviation.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
ecg.ecg_free.argtypes = [ctypes.c_void_p]
ecg.ecg_classify.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_float), ctypes.c_size_t,
                             ctypes.c_size_t, ctypes.POINTER(ctypes.c_char_p), ctypes.c_double,
                             ctypes.POINTER(ctypes.c_float), ctypes.POINTER(ctypes.c_ubyte)]

model = ctypes.c_void_p()
if ecg.ecg_load(sys.argv[2].encode(), 0, ctypes.byref(model)) != 0:
    sys.exit(ecg.ecg_last_error().decode())

beats = [math.fmod(i / 500, 1) - 0.5 for i in range(5000)]  # a beat a second
lead_2 = [math.exp(-t * t / 2e-4) for t in beats]
samples = [0.6 * value for value in lead_2] + lead_2
classes = ecg.ecg_class_count(model)
probabilities = (ctypes.c_float * classes)()
decisions = (ctypes.c_ubyte * classes)()
if ecg.ecg_classify(model, (ctypes.c_float * len(samples))(*samples), 2, len(lead_2),
                    (ctypes.c_char_p * 2)(b"I", b"II"), 500, probabilities, decisions) != 0:
    sys.exit(ecg.ecg_last_error().decode())
for k in range(classes):
    name = ecg.ecg_class_abbreviation(model, k).decode()
    print(f"{name:8} {probabilities[k]:.4f}{' *' if decisions[k] else ''}")
ecg.ecg_free(model)

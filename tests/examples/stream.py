"""Asks every second about two leads that keep coming. usage: stream.py LIBRARY MODEL"""
import ctypes
import math
import sys

RATE, SECONDS, FIRST_ANSWER = 250, 15, 5
UNCLASSIFIABLE = 4


class Recording(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("millivolts", ctypes.POINTER(ctypes.c_float)),
                ("lead_count", ctypes.c_size_t), ("sample_count", ctypes.c_size_t),
                ("leads", ctypes.POINTER(ctypes.c_char_p)), ("sampling_rate", ctypes.c_double),
                ("age", ctypes.c_double), ("sex", ctypes.c_char)]


ecg = ctypes.CDLL(sys.argv[1])
for text in ("ecg_last_error", "ecg_class_abbreviation"):
    getattr(ecg, text).restype = ctypes.c_char_p
ecg.ecg_class_count.restype = ctypes.c_size_t
ecg.ecg_class_count.argtypes = [ctypes.c_void_p]
ecg.ecg_class_abbreviation.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
ecg.ecg_free.argtypes = ecg.ecg_stream_free.argtypes = [ctypes.c_void_p]
ecg.ecg_stream_open.argtypes = [ctypes.c_void_p, ctypes.POINTER(Recording), ctypes.c_double,
                                ctypes.POINTER(ctypes.c_void_p)]
ecg.ecg_stream_append.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_float),
                                  ctypes.c_size_t, ctypes.c_size_t]
ecg.ecg_stream_classify.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_float),
                                    ctypes.POINTER(ctypes.c_ubyte)]


def check(status):
    if status != 0:
        sys.exit(ecg.ecg_last_error().decode())


model, stream = ctypes.c_void_p(), ctypes.c_void_p()
check(ecg.ecg_load(sys.argv[2].encode(), 0, ctypes.byref(model)))
about = Recording(size=ctypes.sizeof(Recording), lead_count=2, sampling_rate=RATE,
                  leads=(ctypes.c_char_p * 2)(b"I", b"II"))
check(ecg.ecg_stream_open(model, about, 0, ctypes.byref(stream)))
classes = ecg.ecg_class_count(model)
decisions = (ctypes.c_ubyte * classes)()
for second in range(SECONDS):  # a beat a second
    lead_2 = [math.exp(-(i / RATE - 0.5) ** 2 / 2e-4) for i in range(RATE)]
    samples = [0.6 * value for value in lead_2] + lead_2
    check(ecg.ecg_stream_append(stream, (ctypes.c_float * len(samples))(*samples), 2, RATE))
    if second + 1 < FIRST_ANSWER:
        continue
    status = ecg.ecg_stream_classify(stream, None, decisions)
    if status == UNCLASSIFIABLE:  # electrodes may come back
        print(f"{second + 1:4} s: {ecg.ecg_last_error().decode()}")
        continue
    check(status)
    found = [ecg.ecg_class_abbreviation(model, k).decode() for k in range(classes) if decisions[k]]
    print(f"{second + 1:4} s", *found)
ecg.ecg_stream_free(stream)
ecg.ecg_free(model)

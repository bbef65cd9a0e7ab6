// Peaks as annotations of a WFDB record.
#pragma once

#include <vector>

#include "ecg/dsp/measure/beat_type.h"
#include "ecg/dsp/peaks.h"
#include "ecg/dsp/waves.h"
#include "ecg/formats/wfdb/annotation.h"

namespace ecg::data {

// P as "p", R as the normal beat "N", T as "t", Q and S as notes with their letter. `rate` is that
// of the peaks' samples, `record_rate` that of the record's frames, in which annotations count.
wfdb::AnnotationFile AnnotationsOf(const std::vector<dsp::Peak>& peaks, double rate,
                                   double record_rate);

// The peaks of beats, in the record's frames, with the on- and offsets of P, QRS and T as "(" and
// ")". R is "N", or "A", "V" or "/" after the beat's type, where there is one for each beat.
wfdb::AnnotationFile AnnotationsOf(const std::vector<dsp::Beat>& beats,
                                   const std::vector<dsp::BeatType>& types = {});

// The waves of an annotation file: P, T and every kind of beat, each with the nearest "(" before it
// and ")" after it that no other wave lies between. `frames_per_tick` turns the file's samples into
// those wanted.
dsp::Waves WavesOf(const wfdb::AnnotationFile& file, double frames_per_tick = 1);

}  // namespace ecg::data

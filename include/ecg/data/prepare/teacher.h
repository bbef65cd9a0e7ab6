// The peaks that the network learns: what a delineator finds in a record.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "ecg/dsp/measure/delineate.h"
#include "ecg/dsp/peaks.h"
#include "ecg/record/ecg_record.h"

namespace ecg::data {

// Leads as dsp::Delineate takes them, by name.
struct NamedLeads {
  std::vector<std::string> names;
  std::vector<std::vector<double>> leads;  // mV, [names][samples]
};

// The leads of a record that `wanted` names (empty: all), limb leads among them also where they
// follow from others, II first: NeuroKit2's methods, which know one lead, take the first that shows
// a beat, and II is in every lead set and among the best that they do on LUDB (see
// dsp::TeacherBeats).
NamedLeads LeadsToDelineate(const record::EcgRecord& record,
                            const std::vector<std::string>& wanted);

// The peaks of a record, delineated at its own rate with all of its leads and given in samples at
// `rate`, within the record resampled to it.
std::vector<dsp::Peak> TeacherPeaks(const record::EcgRecord& record, dsp::Delineator method,
                                    double rate);

// Bytes that finding them takes beside the record.
double BytesToTeach(const record::EcgInfo& info, dsp::Delineator method);

}  // namespace ecg::data

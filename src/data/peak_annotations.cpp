#include "ecg/data/peak_annotations.h"

#include <cmath>

namespace ecg::data {

wfdb::AnnotationFile AnnotationsOf(const std::vector<dsp::Peak>& peaks, double rate,
                                   double record_rate) {
  wfdb::AnnotationFile file;
  for (const dsp::Peak& peak : peaks) {
    wfdb::Annotation& annotation = file.annotations.emplace_back();
    annotation.sample = std::llround(peak.sample * record_rate / rate);
    switch (peak.type) {
      case dsp::PeakType::kP:
        annotation.type = wfdb::kPWave;
        break;
      case dsp::PeakType::kR:
        annotation.type = wfdb::kNormalBeat;
        break;
      case dsp::PeakType::kT:
        annotation.type = wfdb::kTWave;
        break;
      case dsp::PeakType::kQ:
      case dsp::PeakType::kS:
        annotation.type = wfdb::kNote;
        annotation.aux = dsp::kPeakNames[static_cast<std::size_t>(peak.type)];
        break;
    }
  }
  return file;
}

}  // namespace ecg::data

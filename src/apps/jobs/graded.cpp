#include "src/apps/jobs/graded.h"

#include "ecg/dsp/measure/unclassifiable.h"

namespace ecg::jobs {

infer::RecordAnswer GradeSignals(const record::EcgRecord& record) {
  const double rate = record.info.sampling_rate;
  infer::RecordAnswer graded;
  graded.quality = dsp::MeasureQuality(record.info.leads, record.leads, rate);
  graded.unclassifiable = dsp::WhyUnclassifiable(record.leads, rate);
  if (!graded.unclassifiable) {
    graded.signal_doubts = dsp::FindSignalDoubts(record.info.leads, record.leads, rate);
  }
  return graded;
}

}  // namespace ecg::jobs

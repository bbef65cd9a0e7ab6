#include "ecg/formats/writers.h"

#include <utility>

#include "ecg/core/text.h"
#include "ecg/formats/edf/write.h"
#include "ecg/formats/numpy/write.h"
#include "ecg/formats/text/write.h"
#include "ecg/formats/wfdb/write.h"
#include "ecg/record/leads.h"

namespace ecg::formats {
namespace {

std::optional<wfdb::SignalFileKind> WfdbKindOf(Target target) {
  switch (target) {
    case Target::kWfdb16:
      return wfdb::SignalFileKind::kInt16;
    case Target::kWfdb212:
      return wfdb::SignalFileKind::kPacked12;
    case Target::kWfdb516:
      return wfdb::SignalFileKind::kFlac16;
    case Target::kWfdbMat:
      return wfdb::SignalFileKind::kMatlab;
    default:
      return std::nullopt;
  }
}

Result<record::WrittenRecord> WriteAs(const record::EcgRecord& record, const std::string& name,
                                      Target target) {
  if (const auto kind = WfdbKindOf(target)) return wfdb::WriteWfdb(record, name, *kind);
  if (target == Target::kEdf) return edf::WriteEdf(record);
  return target == Target::kCsv ? text::WriteCsv(record) : numpy::WriteNpy(record);
}

}  // namespace

std::string NameOf(Target target) {
  switch (target) {
    case Target::kWfdb16:
      return "wfdb-16";
    case Target::kWfdb212:
      return "wfdb-212";
    case Target::kWfdb516:
      return "wfdb-516";
    case Target::kWfdbMat:
      return "wfdb-mat";
    case Target::kEdf:
      return "edf";
    case Target::kCsv:
      return "csv";
    case Target::kNumpy:
      break;
  }
  return "npy";
}

bool IsWfdb(Target target) { return WfdbKindOf(target).has_value(); }

std::optional<Target> TargetByEnding(const std::filesystem::path& path) {
  const std::string ending = ToLower(path.extension().string());
  if (ending == ".hea" || ending == ".dat") return Target::kWfdb16;
  if (ending == ".mat") return Target::kWfdbMat;
  if (ending == ".edf") return Target::kEdf;
  if (ending == ".csv") return Target::kCsv;
  if (ending == ".npy") return Target::kNumpy;
  return std::nullopt;
}

std::vector<std::string> EndingsOf(Target target, std::size_t leads) {
  if (const auto kind = WfdbKindOf(target)) return wfdb::EndingsOf(*kind, leads);
  if (target == Target::kNumpy) return {".npy", ".json"};
  return {target == Target::kEdf ? ".edf" : ".csv"};
}

Result<record::WrittenRecord> Write(const record::EcgRecord& record, const std::string& name,
                                    Target target) {
  if (record.leads.empty() || record.info.samples == 0) {
    return InputError("holds nothing to write: it has " +
                      (record.leads.empty() ? record::LeadsInWords(record) : "no samples"));
  }
  Result<record::WrittenRecord> written = WriteAs(record, name, target);
  if (!written.ok()) return written;
  if (!record.other_waveforms.empty()) {
    written->lost.emplace_back("signals beside the rhythm are left out (medians, other rates)");
  }
  if (!record.unread_leads.empty()) {
    written->lost.emplace_back("signals that are not read as voltages are left out");
  }
  return written;
}

}  // namespace ecg::formats

#include "ecg/data/records/failed_record.h"

#include "ecg/core/csv.h"

namespace ecg::data {

std::string FormatFailedList(const std::vector<FailedRecord>& failed) {
  std::string text = std::string(kFailedListHeading) + "\n";
  for (const FailedRecord& record : failed) {
    text += CsvLine({record.id, record.error.ToString()}) + "\n";
  }
  return text;
}

}  // namespace ecg::data

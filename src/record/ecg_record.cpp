#include "ecg/record/ecg_record.h"

#include <cstdio>

namespace ecg::record {

const char* NameOf(Sex sex) { return sex == Sex::kFemale ? "female" : "male"; }

std::string Acquisition::Start() const {
  char text[64];
  std::string start;
  if (date) {
    std::snprintf(text, sizeof(text), "%04d-%02d-%02d", date->year, date->month, date->day);
    start = text;
  }
  if (time) {
    const int minutes = static_cast<int>(*time / 60);
    std::snprintf(text, sizeof(text), "%02d:%02d:%06.3f", minutes / 60, minutes % 60,
                  *time - 60.0 * minutes);
    start += (start.empty() ? "" : " ") + std::string(text);
  }
  return start;
}

}  // namespace ecg::record

#include "ecg/formats/text/write.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "ecg/core/text.h"
#include "ecg/record/info_lines.h"
#include "src/formats/text/comments.h"

namespace ecg::text {
namespace {

template <typename Number>
void AppendNumber(Number value, std::string& text) {
  std::array<char, 64> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

// A lead's name as one cell of the head that means the same to everybody: no separator, quote or
// bracket, in which units stand, and nothing that a spreadsheet would compute.
std::string CellOf(const std::string& lead, std::size_t number) {
  std::string cell;
  for (const char c : lead) {
    const bool bad = static_cast<unsigned char>(c) < ' ' ||
                     std::string_view(",;\"'()[]=@").find(c) != std::string_view::npos;
    cell += bad ? '_' : c;
  }
  const bool named = !Trim(cell).empty();
  return named ? std::string(Trim(cell)) : "signal " + std::to_string(number);
}

}  // namespace

record::WrittenRecord WriteCsv(const record::EcgRecord& record) {
  const record::EcgInfo& info = record.info;
  record::WrittenRecord written;
  std::string text = std::string(kOwnFirstLine) +
                     "\n# Units: mV\n# Sampling rate (Hz): " + FormatDouble(info.sampling_rate) +
                     "\n";
  for (const std::string& line : record::InfoLinesOf(info)) text += "# " + line + "\n";
  for (const std::string& statement : info.statements) {
    text += "# Statement: " + record::OneLine(statement) + "\n";
  }
  text += "time_s";
  for (std::size_t i = 0; i < info.leads.size(); ++i) {
    const std::string cell = CellOf(info.leads[i], i + 1);
    if (cell != info.leads[i]) written.lost = {"names of leads are changed to suit CSV"};
    text += ',';
    text += cell;
  }
  text += '\n';
  for (std::size_t k = 0; k < info.samples; ++k) {
    AppendNumber(std::round(static_cast<double>(k) * 1e6 / info.sampling_rate) / 1e6, text);
    for (const std::vector<float>& lead : record.leads) {
      text += ',';
      if (std::isfinite(lead[k])) {
        AppendNumber(lead[k], text);
      } else {
        text += "nan";
      }
    }
    text += '\n';
  }
  written.files.push_back({".csv", std::move(text)});
  return written;
}

}  // namespace ecg::text

#include "ecg/formats/text/reader.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/core/text_encoding.h"
#include "ecg/record/signal_file.h"
#include "src/formats/text/comments.h"
#include "src/formats/text/table.h"

namespace ecg::text {
namespace {

namespace fs = std::filesystem;

// Samples a second of times that step by `step`; a rate that is a whole number but for the digits
// of the times is that number. 0 where the unit of the times cannot be told.
double RateOf(const NumberTable& table, std::vector<std::string>& warnings) {
  if (table.time_step == 0) return 0;
  const std::string units = ToLower(table.time_units), name = ToLower(table.time_name);
  const bool milliseconds = units == "ms" || units == "milliseconds" || name == "ms" ||
                            name == "time_ms" || name == "milliseconds";
  const bool seconds = units == "s" || units == "sec" || units == "seconds" || name == "seconds" ||
                       name == "time_s" || units.compare(0, 2, "hh") == 0;
  if (!milliseconds && !seconds) {
    if (table.time_step > 0.1) return 0;
    warnings.push_back("first column: taken for the time in seconds");
  }
  const double rate = (milliseconds ? 1e3 : 1.0) / table.time_step;
  const double whole = std::round(rate);
  return std::abs(rate - whole) < 2e-3 * whole ? whole : rate;
}

Result<std::unique_ptr<record::RecordFile>> OpenTable(const fs::path& path,
                                                      const record::OpenOptions& told) {
  const Result<std::string> text = ReadText(path);
  if (!text.ok()) return text.error();
  Result<NumberTable> table = ParseTable(*text, path.string());
  if (!table.ok()) return table.error();
  const Said said = ReadComments(table->comments);
  std::vector<std::string> warnings;
  if (table->by_rows) warnings.push_back("each row is taken for a lead");
  double rate = said.sampling_rate;
  if (table->timed && rate == 0) rate = RateOf(*table, warnings);
  if (table->timed && table->time_name.empty()) {
    warnings.push_back("first column: rises by even steps, taken for no lead");
  }
  record::EcgInfo info = said.info;
  info.format = "CSV";
  const std::size_t time = table->timed ? 1 : 0;
  const bool named = said.names.size() == table->columns.size() + time;
  std::vector<record::SignalInfo> signals;
  record::HeldFile::Values values;
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    Column& column = table->columns[i];
    record::SignalInfo signal;
    signal.label = column.name.empty() && named ? said.names[i + time] : column.name;
    if (named && !said.signals.empty() && !Contains(said.signals, signal.label)) continue;
    signal.units = column.units.empty() ? said.units : column.units;
    signal.sampling_rate = rate;
    signals.push_back(std::move(signal));
    values.push_back(std::move(column.values));
  }
  return record::HeldFile::Make(path, told, std::move(info), std::move(signals), std::move(values),
                                std::move(warnings));
}

class TextReader : public record::RecordReader {
 public:
  std::string_view name() const override { return "CSV"; }
  std::string_view description() const override {
    return "CSV, TSV and other tables of numbers, OpenSignals, BioSPPy";
  }
  std::vector<std::string_view> endings() const override { return {".csv", ".tsv", ".txt"}; }

  record::Recognition Recognises(std::string_view begin) const override {
    std::string buffer;
    const Result<std::string_view> text = DecodeText(begin, {}, buffer);
    if (!text.ok()) return record::Recognition::kNo;
    constexpr std::array<std::string_view, 3> kMarks = {"# OpenSignals Text File",
                                                        "# Simple Text Format", kOwnFirstLine};
    for (const std::string_view mark : kMarks) {
      if (text->substr(0, mark.size()) == mark) return record::Recognition::kCertain;
    }
    return LooksLikeNumbers(*text) ? record::Recognition::kLikely : record::Recognition::kNo;
  }

  Result<std::unique_ptr<record::RecordFile>> Open(const fs::path& path,
                                                   const record::OpenOptions& told) const override {
    return OpenTable(path, told);
  }
};

}  // namespace

const record::RecordReader& Reader() {
  static const TextReader reader;
  return reader;
}

}  // namespace ecg::text

#include "ecg/formats/edf/write.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ecg/core/text.h"
#include "ecg/record/digitise.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/leads.h"
#include "src/formats/edf/layout.h"

namespace ecg::edf {
namespace {

constexpr std::int32_t kMostCount = 32767;
constexpr std::size_t kMostSignals = 9998;  // four digits, and one is that of annotations
constexpr char kShortened[] = "texts are shortened to the fields of EDF, or written in ASCII";

// A signal as its header and its samples have it: digital limits are -limit and limit.
struct Signal {
  std::string label;
  const char* units = "uV";
  std::string high;  // what `limit` counts are
  std::int32_t limit = kMostCount;
  std::vector<std::int32_t> counts;
};

// Chooses as many counts for the limit that their voltage can be written in the field without an
// error, or with the smallest. At least `peak` are needed.
void ChooseLimits(double counts_per_mv, std::int32_t peak, Signal& signal) {
  double least = -1;
  for (const auto& [units, of_mv] : {std::pair{"uV", 1e3}, std::pair{"mV", 1.0}}) {
    const double step = of_mv / counts_per_mv;
    for (std::int32_t limit = kMostCount; limit >= std::max(peak, 1); --limit) {
      const double voltage = limit * step;
      if (voltage >= 1e7) continue;  // seven digits, one is left for the sign
      // So many digits have room behind the point.
      const int room = voltage >= 1 ? 5 - static_cast<int>(std::log10(voltage)) : 5;
      const double unit = std::pow(10.0, std::max(room, 0));
      const double written = std::round(voltage * unit) / unit;
      // Readers compute with the lower limit: a count of 0 is to be 0 then.
      const bool keeps_zero = limit * (written / limit) == written;
      const double error = std::abs(written - voltage) / voltage + (keeps_zero ? 0 : 1e-9);
      if (least >= 0 && !(error < least * 0.5)) continue;
      std::string text = PlainNumber(written, std::max(room, 0));
      if (text.size() > 7) continue;
      least = error;
      signal.limit = limit;
      signal.units = units;
      signal.high = std::move(text);
      if (error < 1e-12) return;
    }
  }
}

class Writer {
 public:
  explicit Writer(const record::EcgRecord& record) : record_(record), info_(record.info) {}

  Result<record::WrittenRecord> Write() {
    if (info_.leads.empty()) return Fail("has no lead");
    if (info_.leads.size() > kMostSignals) return Fail("has more leads than EDF can hold");
    if (info_.samples == 0) return Fail("has no sample");
    layout_ = ChooseLayout(info_.samples, info_.sampling_rate, info_.leads.size());
    if (layout_.samples == 0 || layout_.records > 99999999) {
      return Fail("has a rate or a length that EDF cannot hold");
    }
    for (std::size_t i = 0; i < info_.leads.size(); ++i) AddSignal(i);
    if (signals_.end() != std::find_if(signals_.begin(), signals_.end(),
                                       [](const Signal& s) { return s.high.empty(); })) {
      return Fail("has a voltage beyond what EDF can hold");
    }
    if (!layout_.exact_rate) Lose("the rate is rounded to what the fields of EDF hold");
    if (layout_.padding > 0) {
      Lose("the last sample is repeated to fill the last data record of EDF");
    }
    PackAnnotations();
    std::string bytes = HeaderText();
    AppendData(bytes);
    record::WrittenRecord written;
    written.files.push_back({".edf", std::move(bytes)});
    written.lost = std::move(lost_);
    return written;
  }

 private:
  Error Fail(std::string message) const { return InputError(std::move(message), info_.name); }

  void Lose(std::string what) {
    if (!Contains(lost_, what)) lost_.push_back(std::move(what));
  }

  void AddSignal(std::size_t lead) {
    Signal signal;
    const std::string& name = info_.leads[lead];
    // The specification's texts begin with the kind of signal.
    signal.label = record::IsStandardLead(name) ? "ECG " + name : name;
    if (IsTaken(signal.label)) {
      signal.label.insert(0, "signal ");
      Lose(kShortened);
    }
    const record::Gain gain = record::ChooseGain(record_.leads[lead], kMostCount);
    if (!gain.exact) Lose("samples are rounded to the finest steps that 16 bits allow");
    signal.counts = record::Digitise(record_.leads[lead], gain.counts_per_mv);
    std::int32_t peak = 0;
    for (std::int32_t& count : signal.counts) {
      if (count == record::kNoCount) {
        Lose("invalid samples are written as 0 mV, since EDF has no mark for them");
        count = 0;
      }
      peak = std::max(peak, std::abs(count));
    }
    ChooseLimits(gain.counts_per_mv, peak, signal);
    signals_.push_back(std::move(signal));
  }

  // Whether a label says that a signal holds annotations.
  static bool IsTaken(const std::string& label) {
    const std::string_view name = Trim(label);
    return name == "EDF Annotations" || name == "BDF Annotations";
  }

  // A field of ASCII as wide as the format has it.
  std::string Field(std::string_view text, std::size_t width) {
    std::string field;
    bool lost = text.size() > width;
    for (const char c : text.substr(0, width)) {
      const bool plain = c >= ' ' && c <= '~';
      lost = lost || !plain;
      field += plain ? c : '_';
    }
    if (lost) Lose(kShortened);
    field.resize(width, ' ');
    return field;
  }

  // A part of a field whose parts have blanks between them; "X" for what is not known.
  static std::string Subfield(std::string_view text) {
    std::string part(Trim(text));
    std::replace(part.begin(), part.end(), ' ', '_');
    return part.empty() ? "X" : part;
  }

  std::string Patient() const {
    std::string sex = "X";
    if (info_.sex) sex = *info_.sex == record::Sex::kFemale ? "F" : "M";
    // Birthdate and name are known to nobody here.
    std::string text = Subfield(info_.patient_id) + " " + sex + " X X";
    if (info_.age) text += " age=" + FormatDouble(*info_.age);
    return text;
  }

  std::string Recording() const {
    constexpr const char* kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                       "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    std::string start = "X";
    if (const auto& date = info_.acquisition.date) {
      char text[40];
      std::snprintf(text, sizeof(text), "%02d-%s-%04d", date->day, kMonths[date->month - 1],
                    date->year);
      start = text;
    }
    return "Startdate " + start + " X X " + Subfield(info_.acquisition.device);
  }

  // "dd.mm.yyhh.mm.ss"; what is not known is the first moment that the format can say.
  std::string Start() const {
    const record::Date date = info_.acquisition.date.value_or(record::Date{1985, 1, 1});
    const long second = WholeSeconds();
    char text[80];
    std::snprintf(text, sizeof(text), "%02d.%02d.%02d%02ld.%02ld.%02ld", date.day, date.month,
                  date.year % 100, second / 3600 % 24, second / 60 % 60, second % 60);
    return text;
  }

  long WholeSeconds() const {
    return static_cast<long>(std::floor(info_.acquisition.time.value_or(0)));
  }

  std::string HeaderText() {
    const std::size_t count = signals_.size() + 1;
    std::string text = Field("0", 8) + Field(Patient(), 80) + Field(Recording(), 80) +
                       Field(Start(), 16) + Field(std::to_string(256 * (count + 1)), 8) +
                       Field("EDF+C", 44) + Field(std::to_string(layout_.records), 8) +
                       Field(layout_.seconds, 8) + Field(std::to_string(count), 4);
    const auto column = [&](std::size_t width, auto&& of_signal, std::string_view of_annotations) {
      for (const Signal& signal : signals_) text += Field(of_signal(signal), width);
      text += Field(of_annotations, width);
    };
    column(
        16, [](const Signal& s) { return s.label; }, "EDF Annotations");
    column(
        80, [](const Signal&) { return std::string(); }, "");
    column(
        8, [](const Signal& s) { return std::string(s.units); }, "");
    column(
        8, [](const Signal& s) { return "-" + s.high; }, "-1");
    column(
        8, [](const Signal& s) { return s.high; }, "1");
    column(
        8, [](const Signal& s) { return std::to_string(-s.limit); }, "-32768");
    column(
        8, [](const Signal& s) { return std::to_string(s.limit); }, "32767");
    column(
        80, [&](const Signal&) { return info_.acquisition.filters; }, "");
    column(
        8, [&](const Signal&) { return std::to_string(layout_.samples); },
        std::to_string(annotation_bytes_ / 2));
    column(
        32, [](const Signal&) { return std::string(); }, "");
    return text;
  }

  // Text of annotations is UTF-8 without what separates them.
  static std::string AnnotationText(std::string text) {
    for (char& c : text) {
      if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    return text;
  }

  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    if (!info_.dx.empty()) texts.push_back("Dx: " + Join(info_.dx, ","));
    if (!info_.source.empty()) texts.push_back("Source: " + info_.source);
    texts.insert(texts.end(), info_.statements.begin(), info_.statements.end());
    return texts;
  }

  // Each data record begins with an annotation that says when it does. Texts about the whole
  // recording stand in the first data records, as many in each as have room.
  void PackAnnotations() {
    const double fraction =
        info_.acquisition.time ? *info_.acquisition.time - std::floor(*info_.acquisition.time) : 0;
    const double seconds = std::strtod(layout_.seconds.c_str(), nullptr);
    std::size_t longest = 0;
    for (std::size_t r = 0; r < layout_.records; ++r) {
      const double onset = fraction + static_cast<double>(r) * seconds;
      annotations_.push_back("+" + PlainNumber(onset, 7) + "\x14\x14" + std::string(1, '\0'));
      longest = std::max(longest, annotations_.back().size());
    }
    std::vector<std::string> lists;
    std::size_t most = 0;
    for (const std::string& text : Texts()) {
      lists.push_back("+0\x14" + AnnotationText(text) + "\x14" + std::string(1, '\0'));
      most = std::max(most, lists.back().size());
    }
    annotation_bytes_ = longest + most;
    while (!FitIn(lists, annotation_bytes_)) annotation_bytes_ *= 2;
    annotation_bytes_ += annotation_bytes_ % 2;
    std::size_t r = 0;
    for (const std::string& list : lists) {
      while (annotations_[r].size() + list.size() > annotation_bytes_) ++r;
      annotations_[r] += list;
    }
  }

  bool FitIn(const std::vector<std::string>& lists, std::size_t bytes) const {
    std::size_t r = 0, used = annotations_[0].size();
    for (const std::string& list : lists) {
      while (used + list.size() > bytes) {
        if (++r == annotations_.size()) return false;
        used = annotations_[r].size();
      }
      used += list.size();
    }
    return true;
  }

  void AppendData(std::string& bytes) const {
    bytes.reserve(bytes.size() +
                  layout_.records * (2 * layout_.samples * signals_.size() + annotation_bytes_));
    for (std::size_t r = 0; r < layout_.records; ++r) {
      for (const Signal& signal : signals_) {
        for (std::size_t k = 0; k < layout_.samples; ++k) {
          const std::size_t at = std::min(r * layout_.samples + k, signal.counts.size() - 1);
          const auto bits = static_cast<std::uint16_t>(signal.counts[at]);
          bytes += static_cast<char>(bits & 0xFFU);
          bytes += static_cast<char>(bits >> 8U);
        }
      }
      bytes += annotations_[r];
      bytes.append(annotation_bytes_ - annotations_[r].size(), '\0');
    }
  }

  const record::EcgRecord& record_;
  const record::EcgInfo& info_;
  Layout layout_;
  std::vector<Signal> signals_;
  std::vector<std::string> annotations_;  // of each data record
  std::size_t annotation_bytes_ = 0;      // of each data record, an even number
  std::vector<std::string> lost_;
};

}  // namespace

Result<record::WrittenRecord> WriteEdf(const record::EcgRecord& record) {
  return Writer(record).Write();
}

}  // namespace ecg::edf

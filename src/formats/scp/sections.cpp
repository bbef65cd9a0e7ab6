#include "src/formats/scp/sections.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/core/utf8.h"
#include "ecg/record/info_lines.h"
#include "ecg/record/signal_file.h"
#include "src/record/bytes.h"

namespace ecg::scp {
namespace {

using record::LoadAt;

constexpr std::size_t kFileHeader = 6, kSectionHeader = 16, kPointerBytes = 10;
constexpr std::size_t kMostStatements = 255;

Error Fail(const std::string& file, const char* section, std::string message) {
  return InputError(std::move(message), file, 0, section);
}

// Leads by their numbers of the standard.
std::string LeadName(int id) {
  constexpr std::array<const char*, 24> kFirst = {
      "",    "I",   "II",  "V1",  "V2", "V3", "V4", "V5",  "V6",  "V7", "V2R", "V3R",
      "V4R", "V5R", "V6R", "V7R", "X",  "Y",  "Z",  "CC5", "CM5", "LA", "RA",  "LL"};
  constexpr std::array<const char*, 9> kDerived = {"III", "aVR", "aVL", "aVF", "-aVR",
                                                   "V8",  "V9",  "V8R", "V9R"};
  if (id > 0 && id < static_cast<int>(kFirst.size())) return kFirst[static_cast<std::size_t>(id)];
  if (id >= 61 && id < 61 + static_cast<int>(kDerived.size())) {
    return kDerived[static_cast<std::size_t>(id - 61)];
  }
  return "lead " + std::to_string(id);
}

// Texts are Latin-1, or UTF-8 of newer writers.
std::string Utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = FirstUtf8(text.substr(at)).length;
    if (length == 0) break;
    at += length;
  }
  if (at == text.size()) return std::string(text);
  std::string converted;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      converted += c;
    } else {
      converted += static_cast<char>(0xC0 | byte >> 6);
      converted += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return converted;
}

std::optional<record::Date> ReadDate(std::string_view value) {
  if (value.size() < 4) return {};
  return record::MakeDate(record::Load<std::uint16_t>(value.data()), value[2], value[3]);
}

void ReadTag(int tag, std::string_view value, record::EcgInfo& info,
             std::optional<record::Date>& birth) {
  if (tag == 4 && value.size() >= 3) {  // age
    constexpr std::array<const char*, 5> kUnits = {"", "y", "months", "weeks", "days"};
    const auto unit = static_cast<unsigned char>(value[2]);
    const auto age = record::Load<std::uint16_t>(value.data());
    if (unit > 0 && unit < kUnits.size()) {
      info.age = record::ParseAge(std::to_string(age) + " " + kUnits[unit]);
    }
  } else if (tag == 5) {
    birth = ReadDate(value);
  } else if (tag == 8 && !value.empty()) {
    if (value[0] == 1) info.sex = record::Sex::kMale;
    if (value[0] == 2) info.sex = record::Sex::kFemale;
  } else if (tag == 14 && value.size() > 14) {
    info.acquisition.device = Utf8(record::FixedText(value.substr(8, 6)));
  } else if (tag == 25) {
    info.acquisition.date = ReadDate(value);
  } else if (tag == 26 && value.size() >= 3) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(value[i]); };
    const int hour = at(0), minute = at(1), second = at(2);
    if (hour < 24 && minute < 60 && second < 60) {
      info.acquisition.time = hour * 3600 + minute * 60 + second;
    }
  }
}

}  // namespace

bool LooksLikeScp(std::string_view begin) {
  if (begin.substr(0, kFileHeader + kSectionHeader)
          .substr(std::min<std::size_t>(16, begin.size()), 6) == "SCPECG") {
    return true;
  }
  const auto id = LoadAt<std::uint16_t>(begin, kFileHeader + 2);
  const auto length = LoadAt<std::uint32_t>(begin, kFileHeader + 4);
  const std::size_t pointers = kFileHeader + kSectionHeader;
  const auto first = LoadAt<std::uint16_t>(begin, pointers);
  const auto own_length = LoadAt<std::uint32_t>(begin, pointers + 2);
  const auto own_index = LoadAt<std::uint32_t>(begin, pointers + 6);
  const auto second = LoadAt<std::uint16_t>(begin, pointers + kPointerBytes);
  return id && length && first && own_length && own_index && second && *id == 0 && *first == 0 &&
         *second == 1 && *length == *own_length && *own_index == 7 && *length >= 36;
}

Result<Sections> FindSections(std::string_view bytes, const std::string& file) {
  const auto length = LoadAt<std::uint32_t>(bytes, kFileHeader + 4);
  const auto id = LoadAt<std::uint16_t>(bytes, kFileHeader + 2);
  if (!length || !id || *id != 0 || *length < kSectionHeader ||
      *length > bytes.size() - kFileHeader) {
    return Fail(file, "section 0", "has no pointers to sections, as EN 1064 wants them");
  }
  const std::string_view pointers =
      bytes.substr(kFileHeader + kSectionHeader, *length - kSectionHeader);
  Sections sections;
  for (std::size_t at = 0; at + kPointerBytes <= pointers.size(); at += kPointerBytes) {
    const int number = record::Load<std::uint16_t>(pointers.data() + at);
    const std::uint64_t size = record::Load<std::uint32_t>(pointers.data() + at + 2);
    const std::uint64_t index = record::Load<std::uint32_t>(pointers.data() + at + 6);
    if (size <= kSectionHeader || index == 0 || number == 0) continue;
    if (index - 1 > bytes.size() || size > bytes.size() - (index - 1)) {
      return Fail(file, "section 0", "section " + std::to_string(number) + " lies beyond the end");
    }
    sections[number] = bytes.substr(index - 1 + kSectionHeader, size - kSectionHeader);
  }
  return sections;
}

void ReadPerson(std::string_view data, record::EcgInfo& info) {
  std::optional<record::Date> birth;
  for (std::size_t at = 0; at + 3 <= data.size();) {
    const auto tag = static_cast<unsigned char>(data[at]);
    const std::size_t length = record::Load<std::uint16_t>(data.data() + at + 1);
    at += 3;
    if (tag == 255 || length > data.size() - at) break;
    ReadTag(tag, data.substr(at, length), info, birth);
    at += length;
  }
  if (!info.age && birth && info.acquisition.date) {
    info.age = record::AgeBetween(*birth, *info.acquisition.date);
  }
}

void ReadMeasurements(std::string_view data, record::StatedMeasurements& measured) {
  using record::Quantity;
  constexpr std::size_t kBlock = 6;  // behind the numbers of beats and spikes, RR and PP
  constexpr double kNone = 29999;    // and above it: not measured, no wave, not certain
  // Eight numbers of 16 bits: P on, P off, QRS on, QRS off, T off in ms, three axes in degrees.
  const auto at = [&](std::size_t index) -> std::optional<double> {
    const auto value = LoadAt<std::int16_t>(data, kBlock + 2 * index);
    if (!value || *value >= kNone) return {};
    return *value;
  };
  const auto between = [&](std::size_t begin, std::size_t end) -> std::optional<double> {
    if (!at(begin) || !at(end)) return {};
    return *at(end) - *at(begin);
  };
  if (const auto rr = LoadAt<std::uint16_t>(data, 2); rr && *rr > 0 && *rr < kNone) {
    measured.Set(Quantity::kRr, *rr);
    measured.Set(Quantity::kHeartRate, 60000.0 / *rr);
  }
  if (data.empty() || data[0] == 0) return;  // no beat
  constexpr std::size_t kPOn = 0, kPOff = 1, kQrsOn = 2, kQrsOff = 3, kTOff = 4, kAxes = 5;
  measured.Set(Quantity::kP, between(kPOn, kPOff));
  measured.Set(Quantity::kPr, between(kPOn, kQrsOn));
  measured.Set(Quantity::kQrs, between(kQrsOn, kQrsOff));
  measured.Set(Quantity::kQt, between(kQrsOn, kTOff));
  measured.Set(Quantity::kPAxis, at(kAxes));
  measured.Set(Quantity::kQrsAxis, at(kAxes + 1));
  measured.Set(Quantity::kTAxis, at(kAxes + 2));
}

std::vector<std::string> ReadStatements(std::string_view data) {
  constexpr std::size_t kBefore = 9;  // confirmed, date, time, count
  std::vector<std::string> statements;
  for (std::size_t at = kBefore; at + 3 <= data.size() && statements.size() < kMostStatements;) {
    const std::size_t length = record::Load<std::uint16_t>(data.data() + at + 1);
    at += 3;
    if (length > data.size() - at) break;
    const std::string text = Utf8(record::FixedText(data.substr(at, length)));
    if (!text.empty()) statements.push_back(text);
    at += length;
  }
  return statements;
}

Result<Leads> ReadLeads(std::string_view data, const std::string& file) {
  constexpr std::size_t kLeadBytes = 9;
  if (data.size() < 2) return Fail(file, "section 3", "missing: which leads were recorded");
  const std::size_t count = static_cast<unsigned char>(data[0]);
  Leads leads;
  leads.beats_subtracted = (data[1] & 1) != 0;
  if (count == 0 || data.size() < 2 + kLeadBytes * count) {
    return Fail(file, "section 3", "names no leads, or is cut off");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const char* p = data.data() + 2 + kLeadBytes * i;
    const std::uint64_t first = record::Load<std::uint32_t>(p);
    const std::uint64_t last = record::Load<std::uint32_t>(p + 4);
    if (last < first) return Fail(file, "section 3", "a lead ends before it begins");
    // Some count from 0, with the number of samples as the last.
    const std::uint64_t samples = first == 0 ? last : last - first + 1;
    leads.leads.push_back(
        {LeadName(static_cast<unsigned char>(p[8])), static_cast<std::size_t>(samples)});
  }
  return leads;
}

Result<Subtractions> ReadSubtractions(std::string_view data, const std::string& file) {
  constexpr std::size_t kBeatBytes = 14;
  const auto length = LoadAt<std::uint16_t>(data, 0), fiducial = LoadAt<std::uint16_t>(data, 2),
             count = LoadAt<std::uint16_t>(data, 4);
  if (!length || !fiducial || !count || data.size() < 6 + kBeatBytes * std::size_t{*count}) {
    return Fail(file, "section 4", "missing or cut off: where the reference beat lies");
  }
  Subtractions subtractions;
  subtractions.beat_seconds = *length * 1e-3;
  subtractions.fiducial = *fiducial > 0 ? *fiducial - std::size_t{1} : 0;
  for (std::size_t i = 0; i < *count; ++i) {
    const char* p = data.data() + 6 + kBeatBytes * i;
    if (record::Load<std::uint16_t>(p) != 0) continue;  // of another type than the reference
    const std::size_t begin = record::Load<std::uint32_t>(p + 2);
    const std::size_t middle = record::Load<std::uint32_t>(p + 6);
    const std::size_t end = record::Load<std::uint32_t>(p + 10);
    if (begin == 0) continue;  // not subtracted
    if (middle == 0 || end < begin) return Fail(file, "section 4", "a beat ends before it begins");
    subtractions.beats.push_back({begin - 1, middle - 1, end - 1});
  }
  constexpr std::size_t kZoneBytes = 8;
  const std::size_t zones = 6 + kBeatBytes * std::size_t{*count};
  for (std::size_t i = 0; i < *count && zones + kZoneBytes * (i + 1) <= data.size(); ++i) {
    const char* p = data.data() + zones + kZoneBytes * i;
    const std::size_t begin = record::Load<std::uint32_t>(p);
    const std::size_t end = record::Load<std::uint32_t>(p + 4);
    if (begin == 0 || end < begin) continue;  // this complex has none
    subtractions.protected_zones.push_back({begin - 1, end - 1});
  }
  std::sort(subtractions.protected_zones.begin(), subtractions.protected_zones.end(),
            [](const Zone& a, const Zone& b) { return a.begin < b.begin; });
  return subtractions;
}

Result<Wave> ReadWave(std::string_view data, std::size_t leads, const std::string& file,
                      const char* section) {
  if (data.size() < 6 + 2 * leads) return Fail(file, section, "missing or cut off");
  Wave wave;
  wave.millivolts = record::Load<std::uint16_t>(data.data()) * 1e-6;
  wave.interval = record::Load<std::uint16_t>(data.data() + 2);
  if (!(wave.millivolts > 0) || !(wave.interval > 0)) {
    return Fail(file, section, "says no size of a count, or no interval of samples");
  }
  wave.sampling_rate = 1e6 / wave.interval;
  wave.differences = static_cast<unsigned char>(data[4]);
  wave.bimodal = data[5] != 0;
  if (wave.differences > 2) return Fail(file, section, "differences of an unknown order");
  std::size_t at = 6 + 2 * leads;
  for (std::size_t i = 0; i < leads; ++i) {
    const std::size_t bytes = record::Load<std::uint16_t>(data.data() + 6 + 2 * i);
    if (bytes > data.size() - at) return Fail(file, section, "a lead is cut off");
    wave.leads.push_back(data.substr(at, bytes));
    at += bytes;
  }
  return wave;
}

std::vector<std::int32_t> DecodeLead(const Wave& wave, std::size_t lead,
                                     const std::vector<Table>& tables, std::size_t count) {
  const std::string_view bytes = wave.leads[lead];
  std::vector<std::int32_t> values;
  if (!tables.empty()) {
    values = Decode(tables, bytes, count);
  } else {
    for (std::size_t i = 0; i < std::min(count, bytes.size() / 2); ++i) {
      values.push_back(record::Load<std::int16_t>(bytes.data() + 2 * i));
    }
  }
  // Wraps where a damaged file would overflow.
  const auto sum = [](std::int32_t a, std::uint32_t b) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + b);
  };
  for (std::size_t i = 1; i < values.size() && wave.differences == 1; ++i) {
    values[i] = sum(values[i], static_cast<std::uint32_t>(values[i - 1]));
  }
  for (std::size_t i = 2; i < values.size() && wave.differences == 2; ++i) {
    values[i] = sum(values[i], 2 * static_cast<std::uint32_t>(values[i - 1]) -
                                   static_cast<std::uint32_t>(values[i - 2]));
  }
  return values;
}

}  // namespace ecg::scp

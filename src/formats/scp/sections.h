// The sections of an SCP-ECG file, and what they say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "src/formats/scp/bimodal.h"
#include "src/formats/scp/huffman.h"

namespace ecg::scp {

// The data of each section, without its header, by its number.
using Sections = std::map<int, std::string_view>;

// Whether a file that begins so has the pointers of an SCP-ECG file.
bool LooksLikeScp(std::string_view begin);

Result<Sections> FindSections(std::string_view bytes, const std::string& file);

// Section 1: person, device, time. What makes no sense is left out.
void ReadPerson(std::string_view data, record::EcgInfo& info);

// Section 7: what was measured in all leads together, of the reference beat or else of the first
// beat.
void ReadMeasurements(std::string_view data, record::StatedMeasurements& measured);

// Section 8: statements as texts.
std::vector<std::string> ReadStatements(std::string_view data);

// Section 3.
struct Lead {
  std::string name;
  std::size_t samples = 0;
};
struct Leads {
  std::vector<Lead> leads;
  bool beats_subtracted = false;
};
Result<Leads> ReadLeads(std::string_view data, const std::string& file);

// Section 4: where reference beats were subtracted, and zones that were protected from being
// averaged; samples count from 0.
struct Subtraction {
  std::size_t begin = 0, fiducial = 0, end = 0;  // end: the last sample
};
struct Subtractions {
  double beat_seconds = 0;   // how long the reference beat is
  std::size_t fiducial = 0;  // of it
  std::vector<Subtraction> beats;
  std::vector<Zone> protected_zones;  // in order of time; only bimodal compression needs them
};
Result<Subtractions> ReadSubtractions(std::string_view data, const std::string& file);

// Sections 5 and 6: leads as bytes.
struct Wave {
  double millivolts = 0;     // of a count
  double sampling_rate = 0;  // Hz
  double interval = 0;       // of samples, microseconds
  int differences = 0;       // 0, 1 or 2
  bool bimodal = false;      // of section 6
  std::vector<std::string_view> leads;
};
Result<Wave> ReadWave(std::string_view data, std::size_t leads, const std::string& file,
                      const char* section);

// The samples of a lead, at most `count`; `tables` may be empty: 16 bits each.
std::vector<std::int32_t> DecodeLead(const Wave& wave, std::size_t lead,
                                     const std::vector<Table>& tables, std::size_t count);

}  // namespace ecg::scp

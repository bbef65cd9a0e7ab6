#include "src/sim/write.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "ecg/challenge/challenge.h"
#include "ecg/core/text.h"

namespace ecg::sim {
namespace {

constexpr double kGain = 1000;  // steps a millivolt

Status WriteBytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return InputError("cannot write", path.string());
  return {};
}

}  // namespace

Status WriteRecord(const std::filesystem::path& folder, const SimulatedRecord& record) {
  const std::vector<std::string>& leads = challenge::LeadSets().front().leads;
  const std::size_t samples = record.samples;

  // Type 30: little endian, int16, full matrix; rows = leads, columns = samples; the name "val".
  const std::int32_t head[5] = {30, static_cast<std::int32_t>(leads.size()),
                                static_cast<std::int32_t>(samples), 0, 4};
  std::string mat(24 + 2 * leads.size() * samples, '\0');
  std::memcpy(mat.data(), head, sizeof head);
  std::memcpy(mat.data() + sizeof head, "val", 4);

  std::string header = record.name + " " + std::to_string(leads.size()) + " " +
                       FormatDouble(record.rate) + " " + std::to_string(samples) + "\n";
  for (std::size_t lead = 0; lead < leads.size(); ++lead) {
    std::uint32_t sum = 0;
    std::int16_t first = 0;
    for (std::size_t i = 0; i < samples; ++i) {
      const double steps = std::round(kGain * record.signal[lead * samples + i]);
      const auto value = static_cast<std::int16_t>(std::clamp(steps, -32767.0, 32767.0));
      if (i == 0) first = value;
      sum += static_cast<std::uint16_t>(value);
      std::memcpy(mat.data() + 24 + 2 * (i * leads.size() + lead), &value, 2);
    }
    const auto checksum = static_cast<std::int16_t>(static_cast<std::uint16_t>(sum));
    header += record.name + ".mat 16+24 1000/mV 16 0 " + std::to_string(first) + " " +
              std::to_string(checksum) + " 0 " + leads[lead] + "\n";
  }
  std::string codes;
  for (const std::string& code : record.codes) codes += (codes.empty() ? "" : ",") + code;
  header += "#Age: " + FormatDouble(record.age) + "\n#Sex: " + (record.male ? "Male" : "Female") +
            "\n#Dx: " + codes + "\n#Rx: Unknown\n#Hx: Unknown\n#Sx: Unknown\n";
  if (Status written = WriteBytes(folder / (record.name + ".mat"), mat); !written.ok()) {
    return written;
  }
  return WriteBytes(folder / (record.name + ".hea"), header);
}

}  // namespace ecg::sim

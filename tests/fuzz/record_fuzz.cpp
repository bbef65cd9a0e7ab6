// Whole records, and some leads of them, which must be those of the whole. The input is the text of
// r.hea, a zero byte, the text of a.hea (for a record with segments), a zero byte, and the bytes of
// the signal file, which every name in use gets.
#include <stdlib.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "ecg/formats/registry.h"
#include "ecg/formats/wfdb/record.h"
#include "ecg/record/reader.h"

namespace {

constexpr std::uint64_t kMaxSamples = std::uint64_t{8} << 20;

std::filesystem::path MakeFolder() {
  const std::filesystem::path shared_memory = "/dev/shm";
  const bool usable = std::filesystem::is_directory(shared_memory);
  std::string path =
      ((usable ? shared_memory : std::filesystem::temp_directory_path()) / "fuzz-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) std::abort();
  return path;
}

// Removed at exit.
struct Folder {
  std::filesystem::path path = MakeFolder();
  ~Folder() { std::filesystem::remove_all(path); }
};

void Write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string_view TakePart(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\0'), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

void ExpectWhole(const ecg::record::EcgRecord& record) {
  if (record.leads.size() != record.info.leads.size()) std::abort();
  for (const auto& lead : record.leads) {
    if (lead.size() != record.info.samples) std::abort();
  }
}

void ExpectSameLeads(const ecg::record::EcgRecord& all, const ecg::record::EcgRecord& some) {
  if (some.leads.size() + some.other_leads.size() != all.leads.size()) std::abort();
  if (some.info.samples != all.info.samples || some.warnings != all.warnings) std::abort();
  std::size_t at = 0;
  for (std::size_t k = 0; k < some.leads.size(); ++k, ++at) {
    while (at < all.leads.size() && all.info.leads[at] != some.info.leads[k]) ++at;
    if (at == all.leads.size()) std::abort();
    // As bytes, because of the NaNs.
    const std::size_t bytes = some.info.samples * sizeof(float);
    if (bytes > 0 && std::memcmp(some.Lead(k), all.Lead(at), bytes) != 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Write(folder.path / "r.hea", TakePart(rest));
  Write(folder.path / "a.hea", TakePart(rest));
  Write(folder.path / "r.dat", rest);
  Write(folder.path / "r.mat", rest);
  ecg::record::ReadOptions options;
  options.max_samples = kMaxSamples;
  const auto ecg = ecg::formats::ReadEcg(folder.path / "r.hea", options);
  const auto record = ecg::wfdb::ReadRecord(folder.path / "r.hea", options);
  options.leads = {"I", "V2", "lead"};
  const auto some = ecg::formats::ReadEcg(folder.path / "r.hea", options);
  if (ecg.ok() != record.ok() || ecg.ok() != some.ok()) std::abort();
  if (!ecg.ok()) return 0;
  ExpectWhole(*ecg);
  ExpectWhole(*some);
  ExpectSameLeads(*ecg, *some);
  for (std::size_t i = 0; i < record->digital.size(); ++i) {
    if (record->Physical(i).size() != record->digital[i].size()) std::abort();
  }
  return 0;
}

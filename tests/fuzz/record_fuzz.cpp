// Whole records. The input is the text of r.hea, a zero byte, the text of a.hea (for a record with
// segments), a zero byte, and the bytes of the signal file, which every name in use gets.
#include <stdlib.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "ecg/wfdb/ecg_record.h"

namespace {

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Write(folder.path / "r.hea", TakePart(rest));
  Write(folder.path / "a.hea", TakePart(rest));
  Write(folder.path / "r.dat", rest);
  Write(folder.path / "r.mat", rest);
  const auto ecg = ecg::wfdb::ReadEcg(folder.path / "r.hea");
  const auto record = ecg::wfdb::ReadRecord(folder.path / "r.hea");
  if (ecg.ok() != record.ok()) std::abort();
  if (!ecg.ok()) return 0;
  if (ecg->signal.size() != ecg->info.leads.size() * ecg->info.samples) std::abort();
  for (std::size_t i = 0; i < record->digital.size(); ++i) {
    if (record->Physical(i).size() != record->digital[i].size()) std::abort();
  }
  return 0;
}

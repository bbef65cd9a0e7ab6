#include "tests/support.h"

#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>

namespace ecg::test {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "ecg-test-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path SourcePath(const std::string& relative) { return fs::path(ECG_SOURCE_DIR) / relative; }

std::optional<fs::path> SharedFolder() {
  const char* named = std::getenv("ECG_SHARED");
  const fs::path folder = named != nullptr ? fs::path(named) : SourcePath("../shared");
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return std::nullopt;
  return fs::canonical(folder);
}

std::optional<fs::path> UnpackShared(const std::string& archive) {
  static std::map<std::string, std::unique_ptr<TemporaryFolder>> unpacked;
  const std::optional<fs::path> shared = SharedFolder();
  if (!shared || !fs::exists(*shared / archive)) return std::nullopt;
  std::unique_ptr<TemporaryFolder>& folder = unpacked[archive];
  if (!folder) {
    folder = std::make_unique<TemporaryFolder>();
    const std::string command =
        "tar -xf '" + (*shared / archive).string() + "' -C '" + folder->path().string() + "'";
    if (std::system(command.c_str()) != 0) return std::nullopt;
  }
  return folder->path();
}

void WriteRecord(const fs::path& folder, const TestRecord& record) {
  fs::create_directories(folder);
  const std::size_t n = record.leads.size();
  std::vector<std::int16_t> samples(n * record.samples);  // frame by frame
  for (std::size_t t = 0; t < record.samples; ++t) {
    for (std::size_t c = 0; c < n; ++c) {
      const double mv =
          record.signal ? record.signal(c, static_cast<double>(t) / record.sampling_rate) : 0;
      samples[t * n + c] = static_cast<std::int16_t>(std::lround(mv * 1000));
    }
  }
  // The MATLAB v4 header: type, rows, columns, no imaginary part, length of the name.
  const std::int32_t head[5] = {30, static_cast<std::int32_t>(n),
                                static_cast<std::int32_t>(record.samples), 0, 4};
  std::ofstream mat(folder / (record.name + ".mat"), std::ios::binary);
  mat.write(reinterpret_cast<const char*>(head), sizeof(head));
  mat.write("val", 4);
  mat.write(reinterpret_cast<const char*>(samples.data()),
            static_cast<std::streamsize>(samples.size() * sizeof(std::int16_t)));

  std::ofstream hea(folder / (record.name + ".hea"));
  hea << record.name << ' ' << n << ' ' << record.sampling_rate << ' ' << record.samples << '\n';
  for (std::size_t c = 0; c < n; ++c) {
    std::uint16_t sum = 0;
    for (std::size_t t = 0; t < record.samples; ++t) {
      sum = static_cast<std::uint16_t>(sum + static_cast<std::uint16_t>(samples[t * n + c]));
    }
    hea << record.name << ".mat 16+24 1000/mV 16 0 " << samples[c] << ' '
        << static_cast<std::int16_t>(sum) << " 0 " << record.leads[c] << '\n';
  }
  hea << "#Age: 60\n#Sex: " << record.sex << "\n#Dx: " << record.dx << '\n';
}

}  // namespace ecg::test

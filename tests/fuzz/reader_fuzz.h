// One file of one format: whatever is accepted is whole, and read twice is the same twice.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "ecg/record/reader.h"

namespace ecg::fuzz {

// Removed at exit.
struct Folder {
  std::filesystem::path path = Make();
  ~Folder() { std::filesystem::remove_all(path); }

  static std::filesystem::path Make() {
    const std::filesystem::path shared_memory = "/dev/shm";
    const bool usable = std::filesystem::is_directory(shared_memory);
    std::string path =
        ((usable ? shared_memory : std::filesystem::temp_directory_path()) / "fuzz-XXXXXX")
            .string();
    if (mkdtemp(path.data()) == nullptr) std::abort();
    return path;
  }
};

inline void ExpectWhole(const record::EcgRecord& record) {
  if (record.leads.size() != record.info.leads.size()) std::abort();
  for (const auto& lead : record.leads) {
    if (lead.size() != record.info.samples) std::abort();
  }
}

inline int FuzzReader(const record::RecordReader& reader, const std::uint8_t* data,
                      std::size_t size, const record::OpenOptions& told = {}) {
  static const Folder folder;
  const std::filesystem::path path = folder.path / "r";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  (void)reader.Recognises(std::string_view(reinterpret_cast<const char*>(data), size));
  const auto file = reader.Open(path, told);
  if (!file.ok()) return 0;
  record::ReadOptions options;
  options.max_samples = std::uint64_t{4} << 20;
  record::EcgRecord all, some;
  const bool read = (*file)->Read(options, all).ok();
  options.leads = {"I", "V2"};
  if (read != (*file)->Read(options, some).ok()) std::abort();
  if (!read) return 0;
  ExpectWhole(all);
  ExpectWhole(some);
  if (some.leads.size() + some.other_leads.size() != all.leads.size()) std::abort();
  if (some.info.samples != all.info.samples || some.warnings != all.warnings) std::abort();
  return 0;
}

}  // namespace ecg::fuzz

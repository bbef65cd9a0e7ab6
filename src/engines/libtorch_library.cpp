#include "src/engines/libtorch_library.h"

#include <dlfcn.h>

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace ecg::engines {
namespace {

namespace fs = std::filesystem;

// The file that this code was loaded from: a program, or libecg. The kernel's own word, since what
// the loader knows of a program is what it was called by.
fs::path OwnFile() {
  const auto here = reinterpret_cast<std::uintptr_t>(&OwnFile);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    if (std::sscanf(line.c_str(), "%" SCNxPTR "-%" SCNxPTR, &begin, &end) != 2) continue;
    if (here < begin || here >= end) continue;
    const std::size_t path = line.find('/');
    if (path != std::string::npos) return line.substr(path);
  }
  return {};
}

Error Unusable(const std::string& why, const std::string& file = {}) {
  return UsageError(why, file, 0, "engine");
}

Result<const LibTorchLibrary*> Load() {
  const std::string file = FindLibTorchLibrary();
  if (file.empty()) {
    return Unusable(std::string("the engine libtorch is not installed here (") + kLibTorchFile +
                    "); the native one computes everything on CPUs but explanations");
  }
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Unusable(::dlerror(), file);
  using Function = const LibTorchLibrary* (*)();
  const auto function = reinterpret_cast<Function>(::dlsym(library, kLibTorchFunction));
  if (function == nullptr) return Unusable("is no engine", file);
  const LibTorchLibrary* shown = function();
  if (std::strcmp(shown->build, BuildName()) != 0) {
    return Unusable(
        std::string("is of another build (") + shown->build + "; this is " + BuildName() + ")",
        file);
  }
  return shown;
}

}  // namespace

std::string FindLibTorchLibrary() {
  const fs::path own = OwnFile();
  if (own.empty()) return {};
  const fs::path folder = own.parent_path();
  for (const fs::path& place : {folder, folder / ECG_LIBRARIES_FROM_PROGRAMS}) {
    std::error_code ignored;
    const fs::path file = (place / kLibTorchFile).lexically_normal();
    if (fs::is_regular_file(file, ignored)) return file.string();
  }
  return {};
}

Result<const LibTorchLibrary*> LoadLibTorchLibrary() {
  static const Result<const LibTorchLibrary*> library = Load();
  return library;
}

}  // namespace ecg::engines

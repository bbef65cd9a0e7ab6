#include "ecg/core/near_miss.h"

#include <array>
#include <string_view>
#include <system_error>
#include <vector>

#include "ecg/core/text.h"

namespace ecg {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> kEndings = {".mat", ".dat", ".hea", ".csv", ".json"};

std::string ToUpper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// The text as it is, in lower and in upper case.
std::vector<std::string> Cases(const std::string& text) {
  std::vector<std::string> cases = {text};
  for (const std::string& other : {ToLower(text), ToUpper(text)}) {
    if (!Contains(cases, other)) cases.push_back(other);
  }
  return cases;
}

// Those of the names that are there, each once, without the missing one.
class Beside {
 public:
  explicit Beside(const fs::path& missing)
      : folder_(missing.parent_path()), missing_(missing.filename().string()) {}

  void Try(const std::string& name) {
    std::error_code ignored;
    if (name.empty() || name == missing_ || Contains(found_, name)) return;
    if (fs::exists(folder_ / name, ignored)) found_.push_back(name);
  }
  const std::vector<std::string>& found() const { return found_; }

 private:
  fs::path folder_;
  std::string missing_;
  std::vector<std::string> found_;
};

}  // namespace

std::string NearMiss(const fs::path& path) {
  const fs::path missing = path.has_filename() ? path : path.parent_path();  // "folder/"
  const std::string name = missing.filename().string();
  if (name.empty() || name == "." || name == "..") return {};
  const std::string stem = missing.stem().string(), ending = missing.extension().string();
  Beside beside(missing);
  for (const std::string& begin : Cases(stem)) {
    for (const std::string& end : Cases(ending)) beside.Try(begin + end);
  }
  if (beside.found().empty()) {
    for (const std::string_view other : kEndings) {
      for (const std::string& end : Cases(std::string(other))) {
        for (const std::string& begin : Cases(name)) beside.Try(begin + end);
        for (const std::string& begin : Cases(stem)) beside.Try(begin + end);
      }
    }
    for (const std::string& begin : Cases(stem)) beside.Try(begin);
  }
  const std::vector<std::string>& found = beside.found();
  if (found.empty()) return {};
  if (found.size() == 1) return "; " + found[0] + " lies beside it: is that what was meant?";
  return "; " + Join(found, ", ") + " lie beside it: is one of them what was meant?";
}

}  // namespace ecg

#include "src/apps/cli/models.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "ecg/core/result.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"

namespace ecg::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kCard[] = "README.md";

bool IsModel(const fs::path& folder) {
  return model::IsBundle(folder) || model::IsEnsemble(folder);
}

std::vector<ShippedModel> ModelsIn(const fs::path& folder) {
  std::vector<ShippedModel> models;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (IsModel(it->path())) models.push_back({it->path().filename().string(), it->path()});
  }
  std::sort(models.begin(), models.end(),
            [](const ShippedModel& a, const ShippedModel& b) { return a.name < b.name; });
  return models;
}

// The first line of the card that is text and no heading.
std::string FirstWords(const fs::path& card) {
  std::ifstream stream(card);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && line.front() != '#') return line;
  }
  return {};
}

}  // namespace

std::vector<ShippedModel> ShippedModels() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  std::vector<ShippedModel> models =
      ModelsIn(program.parent_path().parent_path() / "share/ecg/models");
  return models.empty() ? ModelsIn(ECG_SOURCE_MODELS) : models;
}

fs::path FindModel(const std::string& wanted) {
  std::string name = wanted;
  const char* variable = std::getenv("ECG_MODEL");
  if (name.empty() && variable != nullptr) name = variable;
  const std::vector<ShippedModel> models = ShippedModels();
  const auto find = [&](const std::string& shipped) {
    return std::find_if(models.begin(), models.end(),
                        [&](const ShippedModel& model) { return model.name == shipped; });
  };
  if (!name.empty()) {
    const auto found = find(name);
    return found != models.end() && !IsModel(name) ? found->folder : fs::path(name);
  }
  if (const auto found = find(kDefaultModel); found != models.end()) return found->folder;
  throw Exception(UsageError(
      "no model ships with this program; name one with --model FOLDER or ECG_MODEL=FOLDER"));
}

std::string DescribeModels() {
  std::string text;
  for (const ShippedModel& shipped : ShippedModels()) {
    text += shipped.name + "\n";
    const std::string words = FirstWords(shipped.folder / kCard);
    if (!words.empty()) text += "  " + words + "\n";
    text += "  " + shipped.folder.string() + "\n";
  }
  return text;
}

}  // namespace ecg::cli

#include "ecg/infer/shipped_models.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <system_error>

#include "ecg/core/text.h"
#include "ecg/model/bundle.h"
#include "ecg/model/ensemble_info.h"

namespace ecg::infer {
namespace {

namespace fs = std::filesystem;

constexpr char kCard[] = "README.md";

// Where something that ships may lie, given its place among what is installed and in the sources.
std::vector<fs::path> PlacesOf(const fs::path& installed, const fs::path& in_sources) {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return {program.parent_path().parent_path() / "share/ecg" / installed,
          fs::path(ECG_INSTALLED_SHARE) / installed, fs::path(ECG_SOURCE_FOLDER) / in_sources};
}

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

// A line for each operating point.
std::string DescribePoints(const fs::path& folder) {
  const auto points = model::ReadOperatingPoints(folder);
  if (!points.ok() || points->PointNames().empty()) return {};
  std::size_t width = 0;
  for (const std::string& name : points->PointNames()) width = std::max(width, name.size());
  std::string text;
  const auto add = [&](const model::PointName& point, const char* usual) {
    text += "  --decide " + point.name + std::string(width - point.name.size() + 2, ' ') +
            point.about + usual + "\n";
  };
  add(points->decision.point, " (the default)");
  for (const model::Decision& other : points->other_points) add(other.point, "");
  return text;
}

}  // namespace

std::vector<ShippedModel> ShippedModels() {
  for (const fs::path& place : PlacesOf("models", "data/models")) {
    std::vector<ShippedModel> models = ModelsIn(place);
    if (!models.empty()) return models;
  }
  return {};
}

Result<fs::path> FindModel(const std::string& wanted) {
  if (!wanted.empty() && IsModel(wanted)) return fs::path(wanted);
  const std::string name = wanted.empty() ? kDefaultModel : wanted;
  std::vector<std::string> names;
  for (const ShippedModel& shipped : ShippedModels()) {
    if (shipped.name == name) return shipped.folder;
    names.push_back(shipped.name);
  }
  if (wanted.empty()) return UsageError("no model ships with this program; name one by its folder");
  // A folder that is no model says so when it is loaded.
  std::error_code ignored;
  if (wanted.find('/') != std::string::npos || fs::exists(wanted, ignored)) return fs::path(wanted);
  const std::optional<std::string> nearest = NearestOf(name, names);
  return InputError("neither a folder nor a model that ships (" + Join(names, ", ") + ")" +
                        (nearest ? "; did you mean " + *nearest + "?" : ""),
                    wanted);
}

Result<fs::path> FindConfiguration(const std::string& name) {
  const fs::path file = fs::path("configs") / name;
  for (const fs::path& place : PlacesOf(file, file)) {
    std::error_code ignored;
    if (fs::exists(place, ignored)) return place;
  }
  return UsageError("does not ship with this program", name);
}

std::string ModelLine(const fs::path& folder) {
  const fs::path name = folder.has_filename() ? folder.filename() : folder.parent_path().filename();
  std::string words = FirstWords(folder / kCard);
  if (!words.empty() && words.back() == '.') words.pop_back();
  return name.string() + (words.empty() ? "" : ": " + words);
}

std::string DescribeModels() {
  std::string text;
  for (const ShippedModel& shipped : ShippedModels()) {
    text += shipped.name + "\n";
    const std::string words = FirstWords(shipped.folder / kCard);
    if (!words.empty()) text += "  " + words + "\n";
    text += "  " + shipped.folder.string() + "\n" + DescribePoints(shipped.folder);
  }
  return text;
}

}  // namespace ecg::infer

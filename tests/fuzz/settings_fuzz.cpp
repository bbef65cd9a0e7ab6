// JSON text for settings of every kind: what was taken lies within bounds, reads back the same, and
// is taken as assignments too.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ecg/core/settings.h"

namespace {

enum class Colour { kRed, kBlue };

struct Sample {
  bool on = false;
  int count = 3;
  std::int64_t offset = -1;
  std::uint64_t seed = 1;
  double rate = 0.5;
  std::optional<int> patience = 5;
  std::optional<double> limit;
  std::string name = "x";
  std::vector<std::string> leads = {"I"};
  std::vector<int> sizes = {1, 2};
  Colour colour = Colour::kRed;
};

ecg::Settings Describe(Sample& sample) {
  ecg::Settings settings;
  settings.Add("on", sample.on, "");
  settings.Add("a.count", sample.count, "", {1, 10});
  settings.Add("a.deep.offset", sample.offset, "", {});
  settings.Add("seed", sample.seed, "", {});
  settings.Add("a.rate", sample.rate, "", {0, 1});
  settings.Add("patience", sample.patience, "", {1, 9});
  settings.Add("limit", sample.limit, "", {-5, 5});
  settings.Add("name", sample.name, "");
  settings.Add("leads", sample.leads, "", {1, 2});
  settings.Add("sizes", sample.sizes, "", {0, 9}, {0, 3});
  settings.Add("colour", sample.colour, "", {{"red", Colour::kRed}, {"blue", Colour::kBlue}});
  return settings;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Sample words;
  ecg::Settings settings = Describe(words);
  for (const char* name : {"on", "a.count", "seed", "limit", "name", "leads", "sizes", "colour"}) {
    (void)settings.ApplyAssignment(std::string(name) + "=" + text);
    (void)settings.ApplyWords(name, {text}, "words");
  }
  (void)settings.ApplyAssignment(text);
  (void)settings.Help();

  const auto json = ecg::ParseJson(text, "fuzz");
  if (!json.ok()) return 0;
  Sample sample;
  const bool taken = Describe(sample).Apply(*json).ok();
  Require(sample.count >= 1 && sample.count <= 10 && sample.rate >= 0 && sample.rate <= 1);
  Require(!sample.leads.empty() && sample.leads.size() <= 2 && sample.sizes.size() <= 3);
  if (!taken) return 0;
  const ecg::Json written = Describe(sample).ToJson();
  Sample again;
  Require(Describe(again).Apply(*ecg::ParseJson(ecg::DumpJson(written), "again")).ok());
  Require(Describe(again).ToJson() == written);
  return 0;
}

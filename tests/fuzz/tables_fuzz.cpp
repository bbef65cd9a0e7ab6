// Any bytes as a user's table of sources, label mask, classes or rewards, and as a list of
// diagnoses: no crash, and what is taken from them is what it claims to be.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/class_table.h"

using namespace ecg::challenge;

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ClassSet& classes = ClassesCpsc();
  const auto rules = ParseSourceRules(text, "fuzz");
  if (rules.ok()) {
    for (const SourceRule& rule : *rules) {
      Require(!rule.source.empty() && rule.first_number <= rule.last_number);
    }
    SourceOfRecord("A0001", *rules);
  } else {
    Require(rules.error().file == "fuzz");
  }
  const auto mask = LabelMask::Parse(text, classes, "fuzz");
  Require(mask.ok() || mask.error().file == "fuzz");

  const auto part = LabelMask::Parse(text, {"AF"}, {"LVH", "MI"}, "fuzz");
  Require(part.ok() ? !part->Trusts("", "XYZ") : part.error().file == "fuzz");
  const auto own = ParseClassTable(text, "fuzz");
  Require(own.ok() ? own->size() > 0 && own->size() <= kMaxClasses : own.error().file == "fuzz");
  constexpr char kTwo[] = "abbreviation,codes,name\nNSR,426783006,normal\nMI,1,infarction\n";
  const auto rewarded = ParseClassTable(kTwo, "classes", text, "fuzz");
  Require(rewarded.ok() ? rewarded->Reward(0, 0) == 1 : rewarded.error().file == "fuzz");

  ForEachDx(text, classes, [&](const DxEntry& entry) {
    Require(!entry.text.empty() && !(entry.IsUnknownCode() && entry.IsNotUnderstood()));
    // What was understood must be so wherever it stands.
    Require(!entry.index || LabelsOf({std::string(entry.text)}, classes, false)[*entry.index] == 1);
  });
  return 0;
}

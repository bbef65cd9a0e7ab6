#include "src/apps/jobs/disclosure.h"

#include <algorithm>

#include "ecg/challenge/challenge.h"
#include "ecg/record/identity.h"

namespace ecg::jobs {
namespace {

constexpr double kOldAge = 90;  // older people are so few that their age tells who they are

template <typename Predicate>
bool RemoveIf(std::vector<std::string>& texts, const Predicate& predicate) {
  const auto gone = std::remove_if(texts.begin(), texts.end(), predicate);
  const bool any = gone != texts.end();
  texts.erase(gone, texts.end());
  return any;
}

// Diagnoses as words of somebody's own are free text.
bool IsFreeText(const std::string& dx) {
  const auto entry = challenge::ReadDx(dx, challenge::Classes2021());
  return entry.diagnosis == nullptr && !entry.index && !entry.IsUnknownCode();
}

std::vector<std::string> WithholdIdentity(record::EcgInfo& info) {
  std::vector<std::string> withheld;
  record::Acquisition& made = info.acquisition;
  if (!info.patient_id.empty()) {
    withheld.emplace_back("the patient's code is left out (--identify keeps it)");
  }
  if (made.date || made.time) {
    withheld.emplace_back("the start is left out (--identify keeps it)");
  }
  info.patient_id.clear();
  made.date.reset();
  made.time.reset();
  bool texts = RemoveIf(info.statements, record::MayIdentify);
  texts =
      RemoveIf(info.dx,
               [](const std::string& dx) { return IsFreeText(dx) && record::MayIdentify(dx); }) ||
      texts;
  for (std::string* text : {&info.source, &made.device, &made.filters}) {
    if (!record::MayIdentify(*text)) continue;
    text->clear();
    texts = true;
  }
  if (texts) {
    withheld.emplace_back(
        "lines of text that may name a person or a day are left out (--identify keeps them)");
  }
  return withheld;
}

}  // namespace

std::vector<std::string> Withhold(record::EcgInfo& info, Disclosure disclosure) {
  if (disclosure == Disclosure::kIdentify) return {};
  std::vector<std::string> withheld = WithholdIdentity(info);
  if (disclosure == Disclosure::kUsual) return withheld;
  // What was asked to go needs no word.
  info.name.clear();
  info.source.clear();
  info.statements.clear();
  info.acquisition = {};
  RemoveIf(info.dx, IsFreeText);
  if (info.age) info.age = std::min(*info.age, kOldAge);
  return {};
}

}  // namespace ecg::jobs

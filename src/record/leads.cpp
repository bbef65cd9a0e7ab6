#include "ecg/record/leads.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "ecg/core/text.h"

namespace ecg::record {
namespace {

// A limb lead as a I + b II.
struct LimbLead {
  std::string_view name;
  double a, b;
};

constexpr std::array<LimbLead, 6> kLimbLeads = {{{"I", 1, 0},
                                                 {"II", 0, 1},
                                                 {"III", -1, 1},
                                                 {"aVR", -0.5, -0.5},
                                                 {"aVL", 1, -0.5},
                                                 {"aVF", -0.5, 1}}};

}  // namespace

std::string CanonicalLead(std::string_view name) {
  constexpr std::array<std::string_view, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                       "V1", "V2", "V3",  "V4",  "V5",  "V6"};
  const std::string_view trimmed = Trim(name);
  const auto same_letter = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c + 0; };
    return lower(a) == lower(b);
  };
  for (const std::string_view lead : kLeads) {
    if (std::equal(lead.begin(), lead.end(), trimmed.begin(), trimmed.end(), same_letter)) {
      return std::string(lead);
    }
  }
  return std::string(trimmed);
}

std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead) {
  const auto found = std::find(info.leads.begin(), info.leads.end(), lead);
  if (found == info.leads.end()) return {};
  return static_cast<std::size_t>(found - info.leads.begin());
}

std::optional<LimbDerivation> FindDerivation(const EcgInfo& info, std::string_view lead) {
  const auto target = std::find_if(kLimbLeads.begin(), kLimbLeads.end(),
                                   [&](const LimbLead& limb) { return limb.name == lead; });
  if (target == kLimbLeads.end()) return {};
  std::vector<std::pair<const LimbLead*, std::size_t>> present;
  for (const LimbLead& limb : kLimbLeads) {
    if (const auto index = LeadIndex(info, limb.name)) present.emplace_back(&limb, *index);
  }
  if (present.size() < 2) return {};
  const auto [first, first_index] = present[0];
  const auto [second, second_index] = present[1];
  // No two limb leads are multiples of each other.
  const double determinant = first->a * second->b - first->b * second->a;
  LimbDerivation derivation;
  derivation.first = first_index;
  derivation.second = second_index;
  derivation.p = static_cast<float>((target->a * second->b - target->b * second->a) / determinant);
  derivation.q = static_cast<float>((first->a * target->b - first->b * target->a) / determinant);
  return derivation;
}

std::string LeadsInWords(const EcgRecord& record) {
  std::vector<std::string> names = record.info.leads;
  names.insert(names.end(), record.other_leads.begin(), record.other_leads.end());
  std::string words = names.empty() ? "no leads" : "the leads " + Join(names, ", ");
  if (record.unread_leads.empty()) return words;
  if (names.empty()) words += " that can be read";
  return words + " (" + (names.empty() ? "" : "unread ") + Join(record.unread_leads, ", ") + ")";
}

std::vector<float> DerivedLead(const EcgRecord& record, const LimbDerivation& derivation) {
  const float* x = record.Lead(derivation.first);
  const float* y = record.Lead(derivation.second);
  const float p = derivation.p, q = derivation.q;
  std::vector<float> lead(record.info.samples);
  for (std::size_t i = 0; i < lead.size(); ++i) lead[i] = p * x[i] + q * y[i];
  return lead;
}

std::vector<std::string> DeriveLimbLeads(EcgRecord& record) {
  const EcgInfo before = record.info;
  std::vector<std::string> added;
  for (const LimbLead& limb : kLimbLeads) {
    if (LeadIndex(before, limb.name)) continue;
    const std::optional<LimbDerivation> derivation = FindDerivation(before, limb.name);
    if (!derivation) continue;
    record.leads.push_back(DerivedLead(record, *derivation));
    added.emplace_back(limb.name);
  }
  record.info.leads.insert(record.info.leads.end(), added.begin(), added.end());
  return added;
}

std::vector<bool> LeadsToRead(const EcgInfo& info, const std::vector<std::string>& wanted) {
  std::vector<bool> keep(info.leads.size(), wanted.empty());
  for (const std::string& name : wanted) {
    const bool there = LeadIndex(info, name).has_value();
    for (std::size_t k = 0; k < keep.size() && there; ++k) {
      if (info.leads[k] == name) keep[k] = true;
    }
    if (there) continue;
    if (const std::optional<LimbDerivation> derivation = FindDerivation(info, name)) {
      keep[derivation->first] = keep[derivation->second] = true;
    }
  }
  return keep;
}

}  // namespace ecg::record

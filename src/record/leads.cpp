#include "ecg/record/leads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
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

constexpr std::array<std::string_view, 12> kLeads = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                                     "V1", "V2", "V3",  "V4",  "V5",  "V6"};

// The standard lead of this name in any case; empty: none.
std::string_view StandardLead(std::string_view name) {
  const auto same_letter = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c + 0; };
    return lower(a) == lower(b);
  };
  for (const std::string_view lead : kLeads) {
    if (std::equal(lead.begin(), lead.end(), name.begin(), name.end(), same_letter)) return lead;
  }
  return {};
}

// Without what recorders put before a lead's name, as EDF+ does ("ECG V1").
std::string_view WithoutPrefix(std::string_view name) {
  const std::string lower = ToLower(name);
  for (const std::string_view prefix : {"ecg", "ekg", "lead"}) {
    if (lower.compare(0, prefix.size(), prefix) != 0) continue;
    const std::size_t begin = name.find_first_not_of(" _-:", prefix.size());
    return begin == std::string_view::npos ? name : name.substr(begin);
  }
  return name;
}

// Without a unit in brackets behind it.
std::string_view WithoutUnit(std::string_view name) {
  const std::size_t open = name.find_first_of("([");
  const bool closed = !name.empty() && (name.back() == ')' || name.back() == ']');
  return open == std::string_view::npos || !closed ? name : Trim(name.substr(0, open));
}

bool IsLimbLead(std::string_view name) {
  return std::any_of(kLimbLeads.begin(), kLimbLeads.end(),
                     [&](const LimbLead& limb) { return limb.name == name; });
}

bool Lives(const std::vector<float>& lead) {
  float low = std::numeric_limits<float>::infinity(), high = -low;
  for (const float value : lead) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
    if (high - low >= kLeastLivingSpan) return true;
  }
  return false;
}

}  // namespace

std::string CanonicalLead(std::string_view name) {
  const std::string_view trimmed = Trim(name);
  if (const auto lead = StandardLead(trimmed); !lead.empty()) return std::string(lead);
  const std::string_view bare = WithoutUnit(WithoutPrefix(trimmed));
  const auto lead = StandardLead(bare);
  if (!lead.empty()) return std::string(lead);
  // "DI" is I, as in Romance languages, and "D1" likewise.
  const std::string lower = ToLower(bare);
  if (lower == "di" || lower == "d1") return "I";
  if (lower == "dii" || lower == "d2") return "II";
  if (lower == "diii" || lower == "d3") return "III";
  return std::string(trimmed);
}

bool IsStandardLead(std::string_view name) {
  return std::find(kLeads.begin(), kLeads.end(), name) != kLeads.end();
}

std::optional<std::size_t> LeadIndex(const EcgInfo& info, std::string_view lead) {
  const auto found = std::find(info.leads.begin(), info.leads.end(), lead);
  if (found == info.leads.end()) return {};
  return static_cast<std::size_t>(found - info.leads.begin());
}

std::optional<LimbDerivation> FindDerivation(const std::vector<std::string>& leads,
                                             std::string_view lead) {
  const auto target = std::find_if(kLimbLeads.begin(), kLimbLeads.end(),
                                   [&](const LimbLead& limb) { return limb.name == lead; });
  if (target == kLimbLeads.end()) return {};
  std::vector<std::pair<const LimbLead*, std::size_t>> present;
  for (const LimbLead& limb : kLimbLeads) {
    const auto found = std::find(leads.begin(), leads.end(), limb.name);
    if (found != leads.end()) present.emplace_back(&limb, found - leads.begin());
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
    const std::optional<LimbDerivation> derivation = FindDerivation(before.leads, limb.name);
    if (!derivation) continue;
    record.leads.push_back(DerivedLead(record, *derivation));
    added.emplace_back(limb.name);
  }
  record.info.leads.insert(record.info.leads.end(), added.begin(), added.end());
  return added;
}

std::vector<std::string> SetAsideDeadLeads(EcgRecord& record) {
  std::vector<bool> lives;
  for (const std::vector<float>& lead : record.leads) lives.push_back(Lives(lead));
  std::vector<std::string> dead;
  if (std::find(lives.begin(), lives.end(), true) == lives.end()) return dead;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < lives.size(); ++k) {
    if (!lives[k]) {
      dead.push_back(std::move(record.info.leads[k]));
      continue;
    }
    if (kept != k) {
      record.leads[kept] = std::move(record.leads[k]);
      record.info.leads[kept] = std::move(record.info.leads[k]);
    }
    ++kept;
  }
  record.leads.resize(kept);
  record.info.leads.resize(kept);
  return dead;
}

std::vector<bool> LeadsToRead(const EcgInfo& info, const std::vector<std::string>& wanted) {
  const bool limb = std::any_of(wanted.begin(), wanted.end(), IsLimbLead);
  std::vector<bool> keep;
  for (const std::string& lead : info.leads) {
    keep.push_back(wanted.empty() || Contains(wanted, lead) || (limb && IsLimbLead(lead)));
  }
  return keep;
}

double BytesToRead(const EcgInfo& info, const std::vector<std::string>& wanted) {
  const std::vector<bool> keep = LeadsToRead(info, wanted);
  return static_cast<double>(std::count(keep.begin(), keep.end(), true)) * sizeof(float) *
         static_cast<double>(info.samples);
}

}  // namespace ecg::record

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "ecg/wfdb/ecg_record.h"

namespace ecg::wfdb {
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

}  // namespace ecg::wfdb

#include <array>
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

std::vector<std::string> DeriveLimbLeads(EcgRecord& record) {
  std::vector<const LimbLead*> missing;
  std::vector<std::pair<const LimbLead*, std::size_t>> present;
  for (const LimbLead& lead : kLimbLeads) {
    if (const auto index = LeadIndex(record.info, lead.name)) {
      present.emplace_back(&lead, *index);
    } else {
      missing.push_back(&lead);
    }
  }
  if (present.size() < 2) return {};
  // lead = p first + q second; no two limb leads are multiples of each other.
  const auto [first, first_index] = present[0];
  const auto [second, second_index] = present[1];
  const double determinant = first->a * second->b - first->b * second->a;
  const std::size_t samples = record.info.samples;
  record.signal.resize(record.signal.size() + missing.size() * samples);
  std::vector<std::string> added;
  for (const LimbLead* lead : missing) {
    const auto p = static_cast<float>((lead->a * second->b - lead->b * second->a) / determinant);
    const auto q = static_cast<float>((first->a * lead->b - first->b * lead->a) / determinant);
    const float* x = record.Lead(first_index);
    const float* y = record.Lead(second_index);
    float* out = record.signal.data() + record.info.leads.size() * samples;
    for (std::size_t i = 0; i < samples; ++i) out[i] = p * x[i] + q * y[i];
    record.info.leads.emplace_back(lead->name);
    added.emplace_back(lead->name);
  }
  return added;
}

}  // namespace ecg::wfdb

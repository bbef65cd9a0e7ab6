#include "ecg/challenge/contradictions.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "src/challenge/table_rows.h"
#include "src/challenge/tables.h"

namespace ecg::challenge {
namespace {

constexpr std::string_view kStronger = "stronger ";

struct Contradiction {
  std::string_view left_out;
  std::string_view stays;
  bool by_strength = false;  // either may be left out
};

const std::vector<Contradiction>& Contradictions() {
  static const std::vector<Contradiction> all = [] {
    std::vector<Contradiction> read;
    for (const TableRow& row : RowsOf(TableText("contradictions.csv"))) {
      if (row.cells[0] == "class") continue;
      Contradiction& entry = read.emplace_back();
      entry.left_out = row.cells[0];
      entry.stays = row.cells.at(1);
      entry.by_strength = entry.stays.substr(0, kStronger.size()) == kStronger;
      if (entry.by_strength) entry.stays.remove_prefix(kStronger.size());
    }
    return read;
  }();
  return all;
}

}  // namespace

std::vector<std::uint8_t> WithoutContradictions(std::vector<std::uint8_t> decisions,
                                                const std::vector<double>& strength,
                                                const std::vector<DiagnosisClass>& classes) {
  const auto decided = [&](std::string_view abbreviation) {
    std::size_t k = 0;
    while (k < classes.size() && classes[k].abbreviation != abbreviation) ++k;
    return k < classes.size() && decisions[k] != 0 ? k : classes.size();
  };
  for (const Contradiction& entry : Contradictions()) {
    const std::size_t first = decided(entry.left_out), second = decided(entry.stays);
    if (first == classes.size() || second == classes.size()) continue;
    const bool second_goes = entry.by_strength && strength[first] > strength[second];
    decisions[second_goes ? second : first] = 0;
  }
  return decisions;
}

}  // namespace ecg::challenge

#include "ecg/score/reliability.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ecg::score {
namespace {

// Sums while scores come in; a Reliability when they are all in.
class CalibrationSums {
 public:
  explicit CalibrationSums(std::size_t bins) : bins_(bins) {}

  void Add(double score, bool label) {
    const auto at = static_cast<std::size_t>(score * static_cast<double>(bins_.size()));
    Bin& bin = bins_[std::min(at, bins_.size() - 1)];
    const double truth = label ? 1 : 0;
    ++bin.count;
    bin.scores += score;
    bin.labels += truth;
    squares_ += (score - truth) * (score - truth);
  }

  void Add(const CalibrationSums& other) {
    for (std::size_t b = 0; b < bins_.size(); ++b) {
      bins_[b].count += other.bins_[b].count;
      bins_[b].scores += other.bins_[b].scores;
      bins_[b].labels += other.bins_[b].labels;
    }
    squares_ += other.squares_;
  }

  Reliability Finish() const {
    Reliability calibration;
    double errors = 0;
    const auto number = static_cast<double>(bins_.size());
    for (std::size_t b = 0; b < bins_.size(); ++b) {
      const Bin& bin = bins_[b];
      const double count =
          bin.count > 0 ? static_cast<double>(bin.count) : std::numeric_limits<double>::quiet_NaN();
      calibration.bins.push_back({static_cast<double>(b) / number,
                                  static_cast<double>(b + 1) / number, bin.count,
                                  bin.scores / count, bin.labels / count});
      calibration.count += bin.count;
      errors += std::abs(bin.scores - bin.labels);
    }
    const auto count = static_cast<double>(calibration.count);
    calibration.brier = squares_ / count;
    calibration.expected_error = errors / count;
    return calibration;
  }

 private:
  struct Bin {
    std::size_t count = 0;
    double scores = 0;
    double labels = 0;
  };
  std::vector<Bin> bins_;
  double squares_ = 0;
};

}  // namespace

std::optional<ReliabilityTable> MeasureReliability(const Outcomes& outcomes, std::size_t bins) {
  std::vector<CalibrationSums> sums(outcomes.classes, CalibrationSums(bins));
  for (std::size_t cell = 0; cell < outcomes.scores.size(); ++cell) {
    const double score = std::isnan(outcomes.scores[cell]) ? 0 : outcomes.scores[cell];
    if (score < 0 || score > 1) return std::nullopt;
    sums[cell % outcomes.classes].Add(score, outcomes.labels[cell] != 0);
  }
  ReliabilityTable table;
  CalibrationSums pooled(bins);
  for (const CalibrationSums& of_class : sums) {
    pooled.Add(of_class);
    table.per_class.push_back(of_class.Finish());
  }
  table.overall = pooled.Finish();
  return table;
}

}  // namespace ecg::score

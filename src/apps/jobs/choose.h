// Which recordings are worth a person's look: some that the model doubts, some drawn so that rates
// can be estimated from them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ecg/challenge/class_set.h"
#include "ecg/infer/answer.h"

namespace ecg::jobs {

// Half of those that are chosen, rounded up, are the most doubtful: a probability near its
// threshold, the nearer the further the members lie apart, or a definition that has decided against
// the network. A class and a source count less each time that they are chosen. The others are drawn
// at random from the rest, rare findings and small sources more often than common ones: with a
// probability that falls with the square root of how many share the finding and the source.
//
// So `weight`, one over that probability, 1 for those that are doubtful, is how many recordings a
// row stands for: the weights of the rows with a label add up to an estimate without bias of how
// many of all recordings would have it (Horvitz and Thompson 1952,
// doi:10.1080/01621459.1952.10483446).
class Choice {
 public:
  explicit Choice(const std::vector<challenge::DiagnosisClass>& classes) : classes_(classes) {}

  // In the order in which they come; one of which nothing can be said takes no part.
  void Add(const std::string& record, const infer::RecordAnswer& answer);

  // A CSV with the columns record, why, source and weight and an empty one for each class, in which
  // a person writes 1, or 0: filled in, it is a table of labels (data/labels/score_input.h). The
  // same records, count and seed give the same table.
  std::string Table(std::size_t count, std::uint64_t seed) const;

 private:
  struct Candidate {
    std::string record;
    std::string source;
    std::size_t finding = 0;     // the class that is found most surely; as many as classes: none
    std::vector<double> doubts;  // [classes], from 0 to 1
    std::vector<float> probabilities;
    std::vector<double> thresholds;
    std::vector<std::uint8_t> against;  // [classes]: a definition has decided against the network
  };
  struct Chosen {
    std::size_t candidate = 0;
    std::string why;
    double weight = 1;
  };

  std::vector<Chosen> Doubtful(std::size_t count) const;
  // Of those that are left.
  std::vector<Chosen> Drawn(std::size_t count, std::uint64_t seed,
                            const std::vector<Chosen>& without) const;
  std::string WhyDoubtful(const Candidate& candidate, std::size_t k) const;
  std::string FindingOf(const Candidate& candidate) const;

  const std::vector<challenge::DiagnosisClass>& classes_;
  std::vector<Candidate> candidates_;
};

}  // namespace ecg::jobs

// Peaks as the grid of numbers that the network learns (paper section 2.4, Figure 4), and back.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "ecg/core/settings.h"
#include "ecg/dsp/peaks.h"

namespace ecg::data {

enum class PeakGridKind {
  kNone,     // no peak detection
  kPaper,    // 3 slots of 2 + 5 numbers in each position of the feature map
  kAuthors,  // the authors' code: cells twice as long, 5 slots of 3 numbers
};

// A window of samples is cut into cells; each cell has slots for peaks, filled in the order of
// their samples. A slot holds a confidence (1 where there is a peak), the peak's place within the
// cell as a share of its length, and its type: five numbers of which one is 1, or with the authors'
// grid one number, the type's index / 4. All numbers lie in [0, 1]; an empty slot is all zero.
class PeakGrid {
 public:
  // `stages` of the network: the features before its last one are 2^stages times shorter than the
  // window, 16 times at the paper's size.
  PeakGrid(PeakGridKind kind, std::size_t stages);

  std::size_t cell() const { return cell_; }    // samples
  std::size_t slots() const { return slots_; }  // of a cell
  std::size_t slot_size() const { return 2 + type_size_; }
  std::size_t Cells(std::size_t window) const { return (window + cell_ - 1) / cell_; }
  std::size_t Size(std::size_t window) const { return Cells(window) * slots_ * slot_size(); }

  // Writes the peaks that lie in [start, start + window) to float [cells][slots][slot size].
  // Returns how many found their cell's slots taken. `peaks` are in ascending order.
  std::size_t Encode(const std::vector<dsp::Peak>& peaks, std::size_t start, std::size_t window,
                     float* grid) const;

  struct Detection {
    dsp::Peak peak;  // with `start` added, as in Encode
    float confidence = 0;
  };

  // The slots whose confidence is at least `threshold`, in ascending order of samples; the exact
  // inverse of Encode for peaks that have found a slot.
  std::vector<Detection> Decode(const float* grid, std::size_t start, std::size_t window,
                                double threshold) const;

 private:
  std::size_t cell_;
  std::size_t slots_;
  std::size_t type_size_;  // numbers that tell the type
};

// Of detections of one type that lie closer together than `distance` samples, keeps the most
// confident; returns the peaks in ascending order.
std::vector<dsp::Peak> KeepStrongest(std::vector<PeakGrid::Detection> detections, double distance);

}  // namespace ecg::data

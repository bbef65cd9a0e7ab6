// The stretches of signal around R peaks, in which all methods of NeuroKit2 look for waves.
#pragma once

#include <cstddef>
#include <vector>

namespace ecg::dsp::neurokit {

using Values = std::vector<double>;

// The stretch of signal around one R peak. Positions inside count from its first sample.
struct Segment {
  std::vector<double> x;
  int start = 0;        // sample of the record at position 0
  int left_end = 0;     // positions [0, left_end) lie at or before the R peak
  int right_begin = 0;  // positions [right_begin, ...) lie at or after it
  int r = 0;            // the position taken for the R peak
};

// The window of every segment relative to its R peak, in seconds.
struct Window {
  double start = 0;
  double end = 0;
};
Window SegmentWindow(const std::vector<int>& r_peaks, double fs, std::size_t samples);

// Before the record's start and after its end a segment holds zeros; the last beat's holds NaN
// after the end.
Segment CutSegment(const std::vector<double>& clean, int r_peak, bool is_last, Window window,
                   double fs);

// The values of [begin, end), times `sign`.
Values Part(const Values& x, int begin, int end, double sign = 1);

// A peak that stands out by at least 5 % of the range: the first or the last such, or the most
// prominent of all. kMissing where there is none.
enum class Choice { kFirst, kLast, kMostProminent };
int ChoosePeak(const Values& x, Choice choice);

// Q and S as positions in the segment, kMissing where none is found.
int FindQ(const Segment& segment);
int FindS(const Segment& segment);

// Seconds from each beat to the one before; the first has the mean of the others. A single beat
// counts as one a second.
std::vector<double> Periods(const std::vector<int>& r_peaks, double fs);

}  // namespace ecg::dsp::neurokit

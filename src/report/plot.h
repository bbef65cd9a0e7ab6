// A curve in text, for terminals.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ecg::report {

// The values from left to right, `width` x `height` characters of braille dots (two by four each),
// with the largest and smallest value beside it and `title` above. Values that are not finite are
// left out. Where there are more values than dots, each dot is the mean of its share.
std::string PlotText(const std::string& title, const std::vector<double>& values, std::size_t width,
                     std::size_t height);

}  // namespace ecg::report

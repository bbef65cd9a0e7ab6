// What a writer makes of a recording.
#pragma once

#include <string>
#include <vector>

namespace ecg::record {

struct WrittenRecord {
  struct File {
    std::string ending;  // behind the recording's name, as in ".hea" or "_1.dat"
    std::string bytes;
  };

  std::vector<File> files;
  // What the format does not hold of it, in words that are the same for every recording, as in
  // "invalid samples are written as 0 mV".
  std::vector<std::string> lost;
};

}  // namespace ecg::record

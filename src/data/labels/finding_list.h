// Collects what is odd while records are read.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ecg/data/labels/findings.h"
#include "ecg/data/labels/header_labels.h"

namespace ecg::data {

// Takes findings from several threads and gives them in the order of the records.
class FindingList {
 public:
  void Add(FindingKind kind, std::size_t order, std::string record, std::string detail = {});

  // Every finding that a bit of `notes` (HeaderNote and PredictionNote) stands for, with the
  // diagnoses that are meant.
  void AddNotes(unsigned notes, std::size_t order, const std::string& record,
                const LabelNotes& label_notes);

  std::vector<Finding> Take();

 private:
  struct Entry {
    std::size_t order;
    Finding::Place place;
  };
  std::mutex mutex_;
  std::map<FindingKind, std::vector<Entry>> found_;
};

}  // namespace ecg::data

// Collects what is odd while records are read.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ecg/data/labels/header_labels.h"
#include "ecg/data/labels/input_notes.h"

namespace ecg::data {

// Takes notes from several threads and gives them in the order of the records.
class InputNoteList {
 public:
  void Add(InputNoteKind kind, std::size_t order, std::string record, std::string detail = {});

  // Every note that a bit of `notes` (HeaderNote and PredictionNote) stands for, with the
  // diagnoses that are meant.
  void AddNotes(unsigned notes, std::size_t order, const std::string& record,
                const LabelNotes& label_notes);

  std::vector<InputNote> Take();

 private:
  struct Entry {
    std::size_t order;
    InputNote::Place place;
  };
  std::mutex mutex_;
  std::map<InputNoteKind, std::vector<Entry>> found_;
};

}  // namespace ecg::data

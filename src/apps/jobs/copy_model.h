// Copies of a model on disk in which something is changed.
#pragma once

#include <filesystem>
#include <functional>

#include "ecg/core/result.h"
#include "ecg/model/bundle.h"
#include "ecg/model/decision.h"

namespace ecg::jobs {

// What a copy has otherwise; an empty function changes nothing.
struct ModelChange {
  std::function<void(model::OperatingPoints&)> points;  // what the model, as a whole, decides by
  // Each of its networks. A lone one's operating points are the model's.
  std::function<Status(model::Bundle&)> network;
};

// Writes a copy of the bundle or ensemble in `from`, with its card. `to` must not be there yet.
// Errors: a model that cannot be read, a folder that cannot be written, and those of the change.
Status CopyModel(const std::filesystem::path& from, const std::filesystem::path& to,
                 const ModelChange& change);

}  // namespace ecg::jobs

// The operating point that a copy of a model gets.
#pragma once

#include <CLI/CLI.hpp>

#include "ecg/apps/jobs/fit_model.h"
#include "ecg/model/decision.h"

namespace ecg::cli {

// What it is called, and whether it counts from now on.
void AddPointNames(CLI::App& command, jobs::NewPoint& point);

// The new point begins as `start`; its name is checked before long work.
void BeginPoint(const model::Decision& start, jobs::NewPoint& point);

}  // namespace ecg::cli

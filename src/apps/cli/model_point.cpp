#include "src/apps/cli/model_point.h"

#include <utility>

namespace ecg::cli {

void AddPointNames(CLI::App& command, jobs::NewPoint& point) {
  point.decision.point.name = "site";
  command.add_option("--name", point.decision.point.name, "What the new operating point is called")
      ->capture_default_str();
  command.add_option("--about", point.decision.point.about, "What it is for, in a line");
  command
      .add_option("--usual", point.usual,
                  "What the model's decision is called from now on, where it has no name yet")
      ->capture_default_str();
  command.add_option("--usual-about", point.usual_about, "What that is for");
  command.add_flag("--beside", point.beside,
                   "The copy decides as before where --decide does not ask for the new point");
}

void BeginPoint(const model::Decision& start, jobs::NewPoint& point) {
  model::PointName name = point.decision.point;
  point.decision = start;
  point.decision.point = std::move(name);
  model::OperatingPoints alone;
  const model::Decision& decision = point.decision;
  alone.decision = decision;
  alone.ValidatePoints(decision.thresholds.size()).value();
}

}  // namespace ecg::cli

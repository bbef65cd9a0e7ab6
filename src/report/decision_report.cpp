#include "ecg/report/decision_report.h"

#include "ecg/core/text.h"
#include "src/report/figure_text.h"
#include "src/report/text_table.h"

namespace ecg::report {
namespace {

// As a probability; what no probability reaches says so.
std::string ThresholdText(double threshold) {
  return threshold > 1 ? "never" : FigureText("%.4f", threshold);
}

std::string DefinitionText(const model::Definition& definition) {
  std::string text = definition.diagnosis + " by " +
                     dsp::CriterionNames().NameOf(definition.criterion) + ", limit " +
                     FormatDouble(definition.limit) + " " + dsp::UnitOf(definition.criterion);
  if (definition.sex) text += std::string(", ") + record::NameOf(*definition.sex);
  if (!definition.unless.empty()) text += ", unless " + Join(definition.unless, ", ");
  if (!definition.instead_of.empty()) text += ", instead of " + Join(definition.instead_of, ", ");
  return text;
}

std::string DefinitionsText(const model::Decision& decision) {
  std::string text;
  for (const model::Definition& definition : decision.definitions) {
    text += "  " + DefinitionText(definition) + "\n";
  }
  return text;
}

std::string NameOf(const model::Decision& decision) {
  return decision.point.name.empty() ? "threshold" : decision.point.name;
}

Json ThresholdsJson(const model::Decision& decision, const challenge::ClassSet& classes) {
  Json json = Json::object();
  for (std::size_t k = 0; k < classes.size(); ++k) {
    json[classes[k].abbreviation] = decision.thresholds[k];
  }
  return json;
}

Json LogLossJson(const infer::PointFit& fit) {
  return {{"before", fit.usual_log_loss}, {"cross_fitted", fit.log_loss}};
}

}  // namespace

std::string PointsText(const model::OperatingPoints& points, const challenge::ClassSet& classes) {
  std::vector<const model::Decision*> all = {&points.decision};
  for (const model::Decision& other : points.other_points) all.push_back(&other);
  std::string text;
  std::vector<TextTable::Column> columns = {{"class", TextTable::Align::kLeft}};
  for (const model::Decision* decision : all) {
    columns.push_back({NameOf(*decision)});
    if (decision->point.name.empty()) continue;
    text += decision->point.name + (decision == all.front() ? " (the usual one)" : "") +
            (decision->point.about.empty() ? "" : ": " + decision->point.about) + "\n" +
            DefinitionsText(*decision);
    if (!decision->point.figures.empty()) {
      text += "  figures " + DumpJsonLine(decision->point.figures) + "\n";
    }
  }
  TextTable table(std::move(columns));
  for (std::size_t k = 0; k < classes.size(); ++k) {
    std::vector<std::string> cells = {classes[k].abbreviation};
    for (const model::Decision* decision : all) {
      cells.push_back(ThresholdText(decision->thresholds[k]));
    }
    table.AddRow(std::move(cells));
  }
  return text + table.ToString();
}

Json PointsJson(const model::OperatingPoints& points, const challenge::ClassSet& classes) {
  Json json = {{"usual", points.decision.point.name}, {"points", Json::array()}};
  const auto add = [&](const model::Decision& decision) {
    json["points"].push_back({{"name", decision.point.name},
                              {"about", decision.point.about},
                              {"figures", decision.point.figures},
                              {"definitions", model::DefinitionsToJson(decision.definitions)},
                              {"thresholds", ThresholdsJson(decision, classes)}});
  };
  add(points.decision);
  for (const model::Decision& other : points.other_points) add(other);
  return json;
}

std::string PointText(const PointReport& report, const challenge::ClassSet& classes) {
  std::string text;
  if (report.fit) {
    const infer::PointFit& fit = *report.fit;
    text += Counted(report.recordings, "labelled recording") + "; " + fit.figure + "\n";
    text += "  as the model decides now           " + FigureText("%.3f", fit.usual) + "\n";
    text += "  fitted, on recordings not fitted on " + FigureText("%.3f", fit.fitted) + "\n";
    text += "  gain " + FigureText("%+.3f", fit.fitted - fit.usual) + "; of the first division " +
            FigureText("%+.3f", fit.difference.value) + ", 95 % interval " +
            FigureText("%+.3f", fit.difference.interval.low) + " to " +
            FigureText("%+.3f", fit.difference.interval.high) + "\n";
    if (!fit.definitions.empty()) text += "  " + fit.definitions + "\n";
    text += "log loss of the probabilities\n  as the model gives them now          " +
            FigureText("%.4f", fit.usual_log_loss) +
            "\n  calibrated, on recordings not fitted on " + FigureText("%.4f", fit.log_loss) +
            (fit.calibration.empty() ? ": they stay as they are\n"
                                     : ": they are, and thresholds with them\n");
  }
  TextTable table({{"class", TextTable::Align::kLeft}, {"examples"}, {"threshold"}, {"fitted"}});
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const double now = report.usual.thresholds[k], then = report.fitted.thresholds[k];
    table.AddRow({classes[k].abbreviation, std::to_string(report.examples[k]), ThresholdText(now),
                  now == then ? "stays" : ThresholdText(then)});
  }
  return text + table.ToString();
}

Json FiguresOf(const PointReport& report) {
  Json json = {{"recordings", report.recordings}};
  if (!report.fit) return json;
  json["metric"] = report.fit->figure;
  json["before"] = report.fit->usual;
  json["cross_fitted"] = report.fit->fitted;
  json["log_loss"] = LogLossJson(*report.fit);
  return json;
}

Json PointJson(const PointReport& report, const challenge::ClassSet& classes) {
  Json json = {{"recordings", report.recordings}, {"written", report.written}};
  if (report.fit) {
    const infer::PointFit& fit = *report.fit;
    json["metric"] = fit.figure;
    json["before"] = fit.usual;
    json["cross_fitted"] = fit.fitted;
    json["gain"] = fit.fitted - fit.usual;
    json["log_loss"] = LogLossJson(fit);
    json["first_division"] = {{"gain", fit.difference.value},
                              {"low", fit.difference.interval.low},
                              {"high", fit.difference.interval.high}};
  }
  json["definitions"] = model::DefinitionsToJson(report.fitted.definitions);
  json["thresholds"] = ThresholdsJson(report.fitted, classes);
  return json;
}

}  // namespace ecg::report

#include "ecg/report/run_page.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "ecg/core/text.h"
#include "ecg/report/figure.h"
#include "ecg/report/page.h"
#include "src/report/duration_text.h"

namespace ecg::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostPoints = 400;   // of a curve of steps, each the mean of its share
constexpr std::size_t kMostGuides = 12;    // ends of epochs that a figure names
constexpr std::size_t kMostColumns = 12;   // epochs of a class's row
constexpr std::size_t kMostOfClasses = 4;  // runs whose classes are shown by epoch
constexpr std::size_t kMostCurves = 8;     // runs in one figure

using train::EpochSummary;
using train::EpochTimes;
using train::Phase;

EpochTimes TimesOf(const RunReport& run) {
  EpochTimes all;
  const auto add = [](double& sum, double part) { sum += std::isfinite(part) ? part : 0; };
  for (const EpochSummary& epoch : run.figures.epochs) {
    add(all.waiting, epoch.times.waiting);
    add(all.steps, epoch.times.steps);
    add(all.validation, epoch.times.validation);
    add(all.saving, epoch.times.saving);
  }
  return all;
}

// What of an epoch people look at first: the challenge metric, or AUROC where the task has none.
double FirstFigure(const EpochSummary& epoch) {
  if (epoch.phase != Phase::kTraining) return kNone;
  return std::isfinite(epoch.validation.challenge) ? epoch.validation.challenge
                                                   : epoch.validation.auroc;
}

// The epoch whose weights the bundle has, or that is the best so far; null where there is none.
const EpochSummary* BestEpoch(const RunReport& run) {
  const EpochSummary* best = nullptr;
  int chosen = 0;
  if (run.model && run.model->provenance.is_object()) {
    const auto found = run.model->provenance.find("best_epoch");
    if (found != run.model->provenance.end() && found->is_number_integer()) chosen = *found;
  }
  for (const EpochSummary& epoch : run.figures.epochs) {
    if (epoch.phase != Phase::kTraining) continue;
    if (chosen > 0) {
      if (epoch.epoch == chosen) best = &epoch;
    } else if (best == nullptr || FirstFigure(epoch) > FirstFigure(*best)) {
      best = &epoch;
    }
  }
  return best;
}

Table OverviewOf(const std::vector<RunReport>& runs) {
  Table table;
  table.caption = "All runs";
  table.columns = {{"run", false, {}},
                   {"state", false, {}},
                   {"epochs", true, {}},
                   {"steps", true, {}},
                   {"refused steps", true, "whose loss or gradients were not finite"},
                   {"time", true, {}},
                   {"best epoch", true, "that the bundle is made of, or the best so far"},
                   {"challenge metric", true, "on the validation records, in that epoch"},
                   {"AUROC", true, "in that epoch"},
                   {"AUPRC", true, "in that epoch"}};
  for (const RunReport& run : runs) {
    std::size_t refused = 0;
    for (const EpochSummary& epoch : run.figures.epochs) refused += epoch.refused_steps;
    const EpochSummary* best = BestEpoch(run);
    const double seconds = TimesOf(run).Total();
    std::vector<Cell> row = {run.name, run.finished() ? "finished" : "goes on"};
    row.back().tone = run.finished() ? Tone::kGood : Tone::kDoubtful;
    row.emplace_back(static_cast<double>(run.figures.epochs.size()), 0);
    row.emplace_back(static_cast<double>(run.figures.losses.size()), 0);
    row.emplace_back(static_cast<double>(refused), 0);
    if (refused > 0) row.back().tone = Tone::kDoubtful;
    row.emplace_back(DurationText(seconds));
    row.back().value = seconds;
    row.push_back(best != nullptr ? Cell(best->epoch, 0) : Cell());
    row.emplace_back(best != nullptr ? best->validation.challenge : kNone, 3);
    row.emplace_back(best != nullptr ? best->validation.auroc : kNone, 3);
    row.emplace_back(best != nullptr ? best->validation.auprc : kNone, 3);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The means of equal shares of the values, at the middles of the shares; what is not finite counts
// in none.
Series Smoothed(const std::string& name, const std::vector<double>& values) {
  Series series;
  series.name = name;
  const std::size_t share =
      std::max<std::size_t>((values.size() + kMostPoints - 1) / kMostPoints, 1);
  for (std::size_t begin = 0; begin < values.size(); begin += share) {
    const std::size_t end = std::min(begin + share, values.size());
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = begin; i < end; ++i) {
      if (!std::isfinite(values[i])) continue;
      sum += values[i];
      ++count;
    }
    series.x.push_back(static_cast<double>(begin + end + 1) / 2);
    series.y.push_back(count > 0 ? sum / static_cast<double>(count) : kNone);
  }
  return series;
}

bool HasValues(const Figure& figure) {
  return std::any_of(figure.series.begin(), figure.series.end(), [](const Series& series) {
    return std::any_of(series.y.begin(), series.y.end(), [](double y) { return std::isfinite(y); });
  });
}

// A figure without a single value is none.
void Add(const Figure& figure, Html& all) {
  if (HasValues(figure)) all += FigureHtml(figure);
}

using StepValues = std::vector<double> train::RunFigures::*;

// Values times `factor`, of which `unit` tells.
Figure ByStep(const std::string& title, const std::vector<RunReport>& runs, StepValues values,
              double factor = 1, const std::string& unit = {}) {
  Figure figure;
  figure.title = title + " by step";
  figure.x.title = "step";
  figure.y.title = title + unit;
  for (const RunReport& run : runs) {
    Series& series = figure.series.emplace_back(Smoothed(run.name, run.figures.*values));
    for (double& y : series.y) y *= factor;
  }
  if (runs.size() > 1) return figure;
  const auto& ends = runs.front().figures.epoch_ends;
  if (ends.size() > kMostGuides) return figure;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    figure.guides.push_back({static_cast<double>(ends[i]), {}});
  }
  return figure;
}

// A value of each epoch in which the task is learnt, counted from 1.
template <typename Value>
Series ByEpoch(const std::string& name, const RunReport& run, const Value& value) {
  Series series;
  series.name = name;
  for (const EpochSummary& epoch : run.figures.epochs) {
    if (epoch.phase != Phase::kTraining) continue;
    series.x.push_back(epoch.epoch);
    series.y.push_back(value(epoch));
  }
  return series;
}

template <typename Value>
Figure EpochFigure(const std::string& title, const std::vector<RunReport>& runs,
                   const Value& value) {
  Figure figure;
  figure.title = title + " by epoch";
  figure.x.title = "epoch";
  figure.y.title = title;
  for (const RunReport& run : runs) figure.series.push_back(ByEpoch(run.name, run, value));
  return figure;
}

// Of one run the loss of training and validation beside each other, of several that of validation.
Figure LossFigure(const std::vector<RunReport>& runs) {
  const auto validation = [](const EpochSummary& epoch) { return epoch.validation_loss; };
  if (runs.size() > 1) return EpochFigure("validation loss", runs, validation);
  Figure figure;
  figure.title = "loss by epoch";
  figure.x.title = "epoch";
  figure.y.title = "loss";
  figure.series = {
      ByEpoch("training", runs.front(), [](const EpochSummary& epoch) { return epoch.loss; }),
      ByEpoch("validation", runs.front(), validation)};
  return figure;
}

Html Curves(const std::vector<RunReport>& runs) {
  Html figures;
  Add(ByStep("loss", runs, &train::RunFigures::losses), figures);
  Add(LossFigure(runs), figures);
  const std::pair<const char*, double score::Metrics::*> kFigures[] = {
      {"challenge metric", &score::Metrics::challenge},
      {"AUROC", &score::Metrics::auroc},
      {"AUPRC", &score::Metrics::auprc},
      {"F-measure", &score::Metrics::f_measure}};
  for (const auto& [title, figure] : kFigures) {
    const auto member = figure;
    Add(EpochFigure(std::string(title) + " (validation)", runs,
                    [member](const EpochSummary& epoch) { return epoch.validation.*member; }),
        figures);
  }
  Add(ByStep("learning rate", runs, &train::RunFigures::learning_rates, 1000, ", 1/1000"), figures);
  Add(ByStep("peak loss", runs, &train::RunFigures::peak_losses), figures);
  if (figures.empty()) return Element("p", {{"class", "note"}}, "Nothing has been learnt yet.");
  return Element("div", {{"class", "columns"}}, figures);
}

// The mean over the seeds of what each epoch reached, between the least and the most of them.
Figure StudyFigure(const std::vector<StudyVariant>& study) {
  Figure figure;
  figure.title = "challenge metric by epoch (validation): mean, least and most of the seeds";
  figure.x.title = "epoch";
  figure.y.title = "challenge metric";
  for (const StudyVariant& variant : study) {
    std::map<int, std::vector<double>> by_epoch;
    for (const RunReport& run : variant.runs) {
      for (const EpochSummary& epoch : run.figures.epochs) {
        const double value = FirstFigure(epoch);
        if (std::isfinite(value)) by_epoch[epoch.epoch].push_back(value);
      }
    }
    Series& series = figure.series.emplace_back();
    series.name = variant.name;
    for (const auto& [epoch, values] : by_epoch) {
      double sum = 0;
      for (const double value : values) sum += value;
      series.x.push_back(epoch);
      series.y.push_back(sum / static_cast<double>(values.size()));
      series.low.push_back(*std::min_element(values.begin(), values.end()));
      series.high.push_back(*std::max_element(values.begin(), values.end()));
    }
  }
  return figure;
}

Table TimesTable(const std::vector<RunReport>& runs) {
  Table table;
  table.caption = "Time spent";
  table.columns = {
      {"run", false, {}},           {"in all", true, {}},
      {"steps", true, "computing"}, {"waiting", true, "for records"},
      {"validation", true, {}},     {"saving", true, "until the training could go on"}};
  for (const RunReport& run : runs) {
    const EpochTimes times = TimesOf(run);
    const double all = times.Total();
    std::vector<Cell> row = {run.name, DurationText(all)};
    row.back().value = all;
    for (const double part : {times.steps, times.waiting, times.validation, times.saving}) {
      Cell cell(100 * part / all, 1);
      if (!cell.text.empty()) cell.text += " %";
      cell.bar = part / all;
      row.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Html TimesHtml(const std::vector<RunReport>& runs) {
  Html html = TableHtml(TimesTable(runs));
  if (runs.size() > 1) return html;
  Figure figure;
  figure.title = "time by epoch";
  figure.x.title = "epoch";
  figure.y.title = "seconds";
  const std::pair<const char*, double EpochTimes::*> kTimes[] = {
      {"steps", &EpochTimes::steps},
      {"waiting", &EpochTimes::waiting},
      {"validation", &EpochTimes::validation},
      {"saving", &EpochTimes::saving}};
  for (const auto& [name, time] : kTimes) {
    const auto member = time;
    figure.series.push_back(ByEpoch(
        name, runs.front(), [member](const EpochSummary& epoch) { return epoch.times.*member; }));
  }
  Html figures;
  Add(figure, figures);
  return html + Element("div", {{"class", "columns"}}, figures);
}

// Epochs that have figures of classes, thinned out to the columns of a page: the first and the
// last stay, and that which is the best.
std::vector<const EpochSummary*> EpochsWithClasses(const RunReport& run) {
  std::vector<const EpochSummary*> all;
  for (const EpochSummary& epoch : run.figures.epochs) {
    if (!epoch.classes.empty()) all.push_back(&epoch);
  }
  if (all.size() <= kMostColumns) return all;
  const EpochSummary* best = BestEpoch(run);
  std::vector<const EpochSummary*> some;
  const double step = static_cast<double>(all.size() - 1) / (kMostColumns - 2);
  std::set<std::size_t> kept;
  for (std::size_t k = 0; k + 1 < kMostColumns; ++k) {
    kept.insert(static_cast<std::size_t>(std::lround(step * static_cast<double>(k))));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept.count(i) != 0 || all[i] == best) some.push_back(all[i]);
  }
  return some;
}

double OfClass(const EpochSummary& epoch, const std::string& name,
               double score::ClassMetrics::*figure) {
  for (std::size_t k = 0; k < epoch.classes.size(); ++k) {
    if (epoch.classes[k] == name) return epoch.validation.per_class[k].*figure;
  }
  return kNone;
}

Html ClassesByEpoch(const RunReport& run) {
  const std::vector<const EpochSummary*> epochs = EpochsWithClasses(run);
  if (epochs.empty()) return {};
  const EpochSummary* best = BestEpoch(run);
  Matrix matrix;
  matrix.title = run.name + ": AUROC of each class by epoch, on the validation records";
  matrix.row_title = "class";
  matrix.column_title = "epoch";
  matrix.decimals = 3;
  for (const EpochSummary* epoch : epochs) {
    matrix.columns.push_back(std::to_string(epoch->epoch) + (epoch == best ? " (best)" : ""));
  }
  for (const std::string& name : epochs.back()->classes) {
    std::vector<double> row;
    for (const EpochSummary* epoch : epochs) {
      row.push_back(OfClass(*epoch, name, &score::ClassMetrics::auroc));
    }
    matrix.rows.push_back(name);
    matrix.values.push_back(std::move(row));
  }
  return MatrixHtml(matrix);
}

// The classes of all runs, in the order in which they come.
std::vector<std::string> ClassesOf(const std::vector<RunReport>& runs) {
  std::vector<std::string> classes;
  for (const RunReport& run : runs) {
    const EpochSummary* best = BestEpoch(run);
    if (best == nullptr) continue;
    for (const std::string& name : best->classes) {
      if (!Contains(classes, name)) classes.push_back(name);
    }
  }
  return classes;
}

// AUROC, AUPRC and F-measure of each class in the best epoch: all three of one run, else AUROC.
Table ClassesTable(const std::vector<RunReport>& runs) {
  const std::pair<const char*, double score::ClassMetrics::*> kFigures[] = {
      {"AUROC", &score::ClassMetrics::auroc},
      {"AUPRC", &score::ClassMetrics::auprc},
      {"F-measure", &score::ClassMetrics::f_measure}};
  Table table;
  table.caption = "Classes in the best epoch, on the validation records";
  table.columns = {{"class", false, {}}};
  for (const RunReport& run : runs) {
    for (const auto& [title, ignored] : kFigures) {
      table.columns.push_back({runs.size() > 1 ? run.name + ", " + title : title, true, {}});
      if (runs.size() > 1) break;
    }
  }
  for (const std::string& name : ClassesOf(runs)) {
    std::vector<Cell> row = {name};
    for (const RunReport& run : runs) {
      const EpochSummary* best = BestEpoch(run);
      for (const auto& [title, figure] : kFigures) {
        row.emplace_back(best != nullptr ? OfClass(*best, name, figure) : kNone, 3);
        row.back().bar = row.back().value;
        if (runs.size() > 1) break;
      }
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

Html ClassesHtml(const std::vector<RunReport>& runs) {
  const Table table = ClassesTable(runs);
  if (table.rows.empty()) return {};
  Html html = TableHtml(table);
  for (std::size_t i = 0; i < std::min(runs.size(), kMostOfClasses); ++i) {
    html += ClassesByEpoch(runs[i]);
  }
  return html;
}

// A line a kind of peak; `figure` as in RunFigures::peaks, before the peak's letter.
Figure PeaksFigure(const RunReport& run, const std::string& figure, const std::string& title) {
  Figure drawn;
  drawn.title = run.name + ": " + title + " of peaks (validation)";
  drawn.x.title = "epoch of the run";
  drawn.y.title = title;
  for (const char peak : dsp::kPeakNames) {
    Series series;
    series.name = std::string(1, peak);
    for (std::size_t i = 0; i < run.figures.peaks.size(); ++i) {
      const auto found = run.figures.peaks[i].find(figure + peak);
      if (found == run.figures.peaks[i].end()) continue;
      series.x.push_back(static_cast<double>(i + 1));
      series.y.push_back(found->second);
    }
    if (!series.x.empty()) drawn.series.push_back(std::move(series));
  }
  return drawn;
}

// How well the peaks of the heartbeats are found.
Html PeaksHtml(const std::vector<RunReport>& runs) {
  Html html;
  for (const RunReport& run : runs) {
    Add(PeaksFigure(run, "sensitivity_", "sensitivity"), html);
    Add(PeaksFigure(run, "positive_predictivity_", "positive predictivity"), html);
  }
  return html.empty() ? html : Element("div", {{"class", "columns"}}, html);
}

Html ThresholdsHtml(const std::vector<RunReport>& runs) {
  Table table;
  table.caption = "Thresholds by class";
  table.columns = {{"class", false, {}}};
  std::vector<std::string> classes;
  std::vector<const RunReport*> with;
  for (const RunReport& run : runs) {
    if (!run.model) continue;
    with.push_back(&run);
    table.columns.push_back({run.name, true, {}});
    for (const auto& entry : run.model->task.classes()) {
      if (!Contains(classes, entry.abbreviation)) classes.push_back(entry.abbreviation);
    }
  }
  for (const std::string& name : classes) {
    std::vector<Cell> row = {name};
    for (const RunReport* run : with) {
      Cell& cell = row.emplace_back();
      const auto own = run->model->task.classes();
      for (std::size_t k = 0; k < own.size(); ++k) {
        if (own[k].abbreviation != name || k >= run->model->decision.thresholds.size()) continue;
        cell = Cell(run->model->decision.thresholds[k], 3);
        cell.bar = cell.value;
      }
    }
    table.rows.push_back(std::move(row));
  }
  if (table.rows.empty()) return {};
  return Element("p", {{"class", "note"}},
                 "From which probability on a class counts as found, as the bundle decides by "
                 "itself.") +
         TableHtml(table);
}

Html SettingsHtml(const std::vector<RunReport>& runs) {
  Html html;
  if (runs.size() > 1) {
    Table differ = SettingsTable(runs, false);
    differ.caption = "What differs";
    html +=
        differ.rows.empty() ? Element("p", {}, "All settings are the same.") : TableHtml(differ);
  }
  // Of many runs the settings of the first: what differs stands above.
  Table all =
      SettingsTable(runs.size() > kMostCurves ? std::vector<RunReport>{runs.front()} : runs, true);
  all.caption = "All settings, as resolved";
  return html + TableHtml(all, /*filtered=*/true);
}

Html EnvironmentHtml(const std::vector<RunReport>& runs) {
  std::vector<RunReport> as_settings;
  for (const RunReport& run : runs) {
    RunReport& own = as_settings.emplace_back();
    own.name = run.name;
    own.config = run.environment.is_object() ? run.environment : Json::object();
    if (as_settings.size() == kMostCurves) break;
  }
  Table table = SettingsTable(as_settings, true);
  table.caption = "Where they ran";
  return table.rows.empty() ? Html() : TableHtml(table);
}

// Of one run: a row a part and lead set.
Table OwnFigures(const RunReport& run) {
  Table table;
  table.columns = {{"records and leads", false, {}}};
  std::vector<std::string> names;
  for (const std::vector<Cell>& row : FiguresTable({run}).rows) {
    const std::string& title = row[0].text;
    const std::size_t comma = title.rfind(", ");
    const std::string where = title.substr(0, comma), name = title.substr(comma + 2);
    if (!Contains(names, name)) {
      names.push_back(name);
      table.columns.push_back({name, true, {}});
    }
    if (table.rows.empty() || table.rows.back()[0].text != where) table.rows.push_back({where});
    table.rows.back().push_back(row[1]);
  }
  for (std::vector<Cell>& row : table.rows) row.resize(table.columns.size());
  return table;
}

void AddSection(Page& page, const char* id, const char* title, const Html& content) {
  if (!content.empty()) page.AddSection(id, title, content);
}

}  // namespace

std::string RunPage(const std::vector<RunReport>& runs, const std::vector<StudyVariant>& study,
                    int renew_seconds) {
  const bool finished =
      std::all_of(runs.begin(), runs.end(), [](const RunReport& run) { return run.finished(); });
  Page page(study.empty() ? "Training" : "Study",
            runs.size() == 1 ? runs.front().name : Counted(runs.size(), "run"));
  if (!finished && renew_seconds > 0) {
    page.RenewEvery(renew_seconds);
    page.AddLead(Html::Text("Goes on. This page renews itself every " +
                            Counted(static_cast<std::uint64_t>(renew_seconds), "second") + "."));
  }
  // What is too much for one figure: a study's curves are those of its variants.
  const std::vector<RunReport> drawn(
      runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(std::min(runs.size(), kMostCurves)));
  Html overview;
  if (!study.empty()) {
    overview +=
        TableHtml(StudyTable(study)) +
        Element("p", {{"class", "note"}},
                "In brackets: the 95 % interval of the paired differences by seed (Student's "
                "t).");
    Add(StudyFigure(study), overview);
  }
  overview += TableHtml(OverviewOf(runs), /*filtered=*/runs.size() > kMostCurves);
  const std::string warning = WarningOfRecords(runs);
  if (!warning.empty()) overview += Element("p", {{"class", "warning"}}, "Warning: " + warning);
  page.AddSection("overview", "Overview", overview);
  Html curves = Curves(drawn);
  if (drawn.size() < runs.size()) {
    curves = Element("p", {{"class", "note"}},
                     "The first " + std::to_string(drawn.size()) + " of " +
                         Counted(runs.size(), "run") + ".") +
             curves;
  }
  page.AddSection("curves", "Curves", curves);
  Table figures = runs.size() == 1 ? OwnFigures(runs.front()) : FiguresTable(runs);
  figures.caption = "Figures by records and leads";
  if (!figures.rows.empty()) {
    page.AddSection("figures", "Finished model, by the bundle's thresholds", TableHtml(figures));
  }
  AddSection(page, "classes", "Classes", ClassesHtml(drawn));
  AddSection(page, "peaks", "Peaks", PeaksHtml(drawn));
  AddSection(page, "thresholds", "Thresholds", ThresholdsHtml(drawn));
  page.AddSection("time", "Where the time went", TimesHtml(runs));
  page.AddSection("settings", "Configuration", SettingsHtml(runs));
  AddSection(page, "environment", "Environment", EnvironmentHtml(runs));
  return page.Document();
}

}  // namespace ecg::report

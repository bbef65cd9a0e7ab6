#include "ecg/train/plan/config.h"

#include <utility>

#include "ecg/challenge/challenge.h"
#include "ecg/challenge/diagnoses.h"
#include "ecg/core/file_name.h"
#include "ecg/data/prepare/window.h"
#include "src/train/plan/run_set.h"

namespace ecg::train {
namespace {

namespace fs = std::filesystem;

bool IsPath(const std::string& sources) {
  return sources != kBuiltInSources && sources != kNoSources;
}

// Paths that have been resolved are absolute and stay as they are.
void ResolvePaths(Config& config, const fs::path& base) {
  for (std::string& folder : config.data.folders) ResolvePath(folder, base);
  if (IsPath(config.data.sources)) ResolvePath(config.data.sources, base);
  ResolvePath(config.data.label_mask, base);
  ResolvePath(config.data.cache, base);
  ResolvePath(config.split.table, base);
  ResolvePath(config.initial.bundle, base);
  ResolvePath(config.distillation.teacher, base);
  ResolvePath(config.output, base);
}

}  // namespace

Result<ExtraCode> ParseExtraCode(const std::string& entry) {
  const std::size_t equals = entry.find('=');
  if (equals == std::string::npos) return UsageError("\"" + entry + "\" is not code=class");
  const std::string code = entry.substr(0, equals), name = entry.substr(equals + 1);
  const auto index = challenge::Classes2021().IndexOfText(name);
  if (!challenge::IsCode(code)) return UsageError("\"" + code + "\" is no SNOMED CT code");
  if (!index) return UsageError("\"" + name + "\" is none of the challenge's classes");
  return ExtraCode{code, *index};
}

Status Config::Validate() const {
  const auto fail = [](const char* field, const std::string& message) -> Status {
    return UsageError(message, {}, 0, field);
  };
  Config copy = *this;
  if (Status status = DescribeSettings(copy).Check(); !status.ok()) return status;
  if (data.folders.empty())
    return fail("data.folders", "names no folder of records (--data FOLDER)");
  for (const std::string& entry : data.extra_codes) {
    if (const auto extra = ParseExtraCode(entry); !extra.ok()) {
      return fail("data.extra_codes", extra.error().message);
    }
  }
  if (optimizer.epochs == 0 && initial.bundle.empty()) {
    return fail("optimizer.epochs", "is 0, and no initial.bundle to take weights from");
  }
  if (FileNameOf(name) != name) return fail("name", "must be the name of a folder");
  if (!model.DetectsPeaks() && pretraining.epochs > 0) {
    return fail("pretraining.epochs", "needs a peak branch (model.peak_grid)");
  }
  if (model.DetectsPeaks() && augment.MixesPairs()) {
    return fail(augment.mixup > 0 ? "augment.mixup" : "augment.cutmix",
                "cannot mix peaks (model.peak_grid)");
  }
  if (model.DetectsPeaks() && augment.MovesTime()) {
    return fail(augment.shift > 0 ? "augment.shift" : "augment.stretch",
                "cannot move peaks (model.peak_grid)");
  }
  const std::pair<const char*, Status> parts[] = {{"split.", split.Validate()},
                                                  {"task.", task.Validate()},
                                                  {"preprocess.", preprocess.Validate()},
                                                  {"model.", model.Validate()}};
  for (const auto& [prefix, status] : parts) {
    if (!status.ok()) return InField(status, prefix);
  }
  if (loss.metric_weight > 0 && !model::Task(task).class_set().HasChallengeMetric()) {
    return fail("loss.metric_weight", "needs a task that has the challenge metric (task.kind)");
  }
  const auto groups = data::GroupLeadSets(lead_sets, preprocess.leads);
  if (!groups.ok()) return fail("lead_sets", groups.error().message);
  return {};
}

Settings DescribeSettings(Config& config) {
  Settings settings;
  settings.Add("name", config.name, "Name of the run; its folder is <output>/<name>.");
  settings.Add("output", config.output, "Folder of all runs.");
  settings.Add("seed", config.seed, "Another number gives another run; the same one the same.",
               {0, 2147483647});
  settings.Add("data.folders", config.data.folders, "Folders of records, searched at any depth.");
  settings.Add("data.sources", config.data.sources,
               "What tells a record's source by its name, where neither its header (#Source: NAME) "
               "nor the source column of split.table does. challenge: the names of the challenge's "
               "eight sources, as A0001 or HR00001; none: no source is known; else a CSV file like "
               "data/sources.csv.");
  settings.Add("data.exclude_sources", config.data.exclude_sources,
               "Sources that do not train (paper: INCART and PTB); they may validate.");
  settings.Add("data.derive_bbb", config.data.derive_bbb,
               "Train with the label BBB where LBBB or RBBB is present.");
  settings.Add("data.label_mask", config.data.label_mask,
               "CSV file of trusted labels by source and class; empty: the built-in table.");
  settings.Add("data.extra_codes", config.data.extra_codes,
               "Diagnoses that count as a class in training and validation although the challenge "
               "does not score them, as in 164884008=PVC. Sources that use such a code are trusted "
               "with the class.");
  settings.Add(
      "data.cache", config.data.cache,
      "Folder that keeps prepared records and their peaks, so that each is made only once, "
      "for any number of runs (160 KB for 10 s at 500 Hz); empty: none.");
  settings.Add("data.loader_threads", config.data.loader_threads,
               "Threads that read and prepare records ahead of the network.", {1, 256});
  data::DescribeSettings(settings, "split.", config.split);
  data::DescribeSettings(settings, "preprocess.", config.preprocess);
  model::DescribeSettings(settings, "task.", config.task);
  model::DescribeSettings(settings, "window.", config.window);
  data::DescribeSettings(settings, "augment.", config.augment);
  settings.Add("lead_sets", config.lead_sets,
               "Lead sets that training draws from for each record (12, 6, 4, 3, 2).");
  model::DescribeSettings(settings, "model.", config.model);
  DescribeSettings(settings, "loss.", config.loss);
  settings.Add("peaks.delineator", config.peaks.delineator,
               "Whose peaks the network learns. robust: all leads together, this toolkit's own "
               "method; dwt and peak: NeuroKit2's methods on lead II.",
               dsp::DelineatorNames());
  DescribeSettings(settings, "peaks.", config.peaks.loss);
  settings.Add("peaks.threshold", config.peaks.threshold,
               "Confidence from which a detected peak counts.", {0, 1});
  settings.Add(
      "pretraining.epochs", config.pretraining.epochs,
      "Passes over the training records that learn peaks alone, before the training proper.",
      {0, 100000});
  settings.Add("pretraining.learning_rate", config.pretraining.learning_rate,
               "AdamW's rate in them at the end of their warm-up.", {0, 10});
  settings.Add("pretraining.warmup_epochs", config.pretraining.warmup_epochs,
               "Epochs of linear warm-up in them, followed by a cosine to zero.", {0, 1000});
  settings.Add("initial.bundle", config.initial.bundle,
               "Folder of a trained model whose weights the training begins with. Its blocks and "
               "leads must be this network's; a head or peak branch of another shape begins anew. "
               "Empty: random weights.");
  settings.Add("distillation.teacher", config.distillation.teacher,
               "Folder of a model that teaches this one what it says of each window; it must see "
               "the same leads, rate and window. Empty: none.");
  settings.Add("distillation.weight", config.distillation.weight,
               "Weight of what the teacher says, beside the labels'.", {0, 1});
  settings.Add("distillation.all_leads", config.distillation.all_leads,
               "The teacher sees all leads of a window as it was recorded; otherwise what the "
               "student sees of it.");
  settings.Add(
      "optimizer.epochs", config.optimizer.epochs,
      "Passes over the training records. 0: initial.bundle keeps its weights, and its decision is "
      "fitted anew.",
      {0, 100000});
  settings.Add("optimizer.batch_size", config.optimizer.batch_size,
               "Records per step (paper: 256).", {1, 65536});
  settings.Add("optimizer.micro_batch_size", config.optimizer.micro_batch_size,
               "Records that are computed at a time; their gradients are added up to a step's.",
               {1, 65536});
  settings.Add("optimizer.learning_rate", config.optimizer.learning_rate,
               "AdamW's rate at the end of the warm-up (paper: 6e-4).", {0, 10});
  settings.Add("optimizer.weight_decay", config.optimizer.weight_decay, "AdamW's weight decay.",
               {0, 10});
  settings.Add("optimizer.warmup_epochs", config.optimizer.warmup_epochs,
               "Epochs of linear warm-up, followed by a cosine to zero (paper: 3).", {0, 1000});
  settings.Add("optimizer.patience", config.optimizer.patience,
               "Epochs without a better challenge metric before training stops (paper: 5).",
               {1, 100000});
  settings.Add("optimizer.gradient_clip", config.optimizer.gradient_clip,
               "Largest norm of a step's gradient; 0: no limit.", {0, 1e6});
  settings.Add("optimizer.average_decay", config.optimizer.average_decay,
               "Validate and keep an exponential moving average of the weights that decays so much "
               "a step, as in 0.999; 0: the weights themselves.",
               {0, 0.999999});
  settings.Add("checkpoint.steps", config.checkpoint.steps,
               "Steps from one checkpoint to the next, besides that of each epoch's end; 0: none.",
               {0, 1000000000});
  settings.Add("checkpoint.minutes", config.checkpoint.minutes,
               "Minutes from one checkpoint to the next; 0: none.", {0, 1e6});
  settings.Add("checkpoint.keep", config.checkpoint.keep,
               "How many of the last checkpoints are kept; the best is kept besides.", {1, 100000});
  settings.Add("processes.timeout", config.processes.timeout,
               "Where several processes train one model: seconds that one waits for another before "
               "it takes it for lost.",
               {1, 1e6});
  settings.Add("bundle.half", config.bundle.half,
               "Store the bundle's weights in half precision: half the size. Thresholds and final "
               "figures are of the rounded weights.");
  settings.Add(
      "thresholds.calibrate", config.thresholds.calibrate,
      "After training, fit an affine map of each class's logit on the validation records, "
      "under which probabilities mean what they say, and store it in the bundle. Thresholds "
      "are applied after it.");
  settings.Add(
      "thresholds.criteria", config.thresholds.criteria,
      "After training, fit on the validation records what textbook criteria (rate, PR, QRS "
      "and QT intervals, axis, voltages) add to the network's probabilities, and store it "
      "in the bundle.");
  settings.Add("thresholds.fixed", config.thresholds.fixed,
               "Probability from which a class is positive, for every class.", {0, 1});
  settings.Add("thresholds.fit", config.thresholds.fit,
               "After training, fit each class's threshold on the validation records to the "
               "challenge metric and store these in the bundle.");
  model::DescribeSettings(settings, "post_processing.", config.post_processing);
  model::DescribeSettings(settings, "compute.", config.compute);
  return settings;
}

Result<Config> ResolveConfig(const std::vector<JsonDocument>& layers,
                             const std::vector<std::string>& assignments) {
  Config config;
  Settings settings = DescribeSettings(config);
  for (const JsonDocument& layer : layers) {
    if (Status status = settings.Apply(layer); !status.ok()) return status.error();
    ResolvePaths(config, fs::path(layer.file).parent_path());
  }
  for (const std::string& assignment : assignments) {
    if (Status status = settings.ApplyAssignment(assignment); !status.ok()) return status.error();
  }
  ResolvePaths(config, fs::current_path());
  if (const Status status = config.Validate(); !status.ok()) {
    Error error = status.error();
    for (const JsonDocument& layer : layers) {
      const std::size_t line = layer.LineOf(error.field);
      if (line == 0 && !error.file.empty()) continue;
      error.file = layer.file;
      error.line = line;
    }
    return error;
  }
  return config;
}

Result<Config> LoadConfig(const fs::path& file, const std::vector<std::string>& assignments) {
  Result<JsonDocument> document = ReadJson(file);
  if (!document.ok()) return document.error();
  return ResolveConfig({std::move(*document)}, assignments);
}

}  // namespace ecg::train

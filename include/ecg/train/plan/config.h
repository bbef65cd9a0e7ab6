// Everything that a training run can be told.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/settings.h"
#include "ecg/data/prepare/preprocess.h"
#include "ecg/data/records/split.h"
#include "ecg/data/samples/augment.h"
#include "ecg/dsp/measure/delineate.h"
#include "ecg/model/compute_config.h"
#include "ecg/model/model_info.h"
#include "ecg/model/task.h"
#include "ecg/train/plan/loss_config.h"

namespace ecg::train {

// What tells a record's source by its name, besides a table in a file.
inline constexpr char kBuiltInSources[] = "challenge";  // the rules of data/sources.csv
inline constexpr char kNoSources[] = "none";

struct DataConfig {
  std::vector<std::string> folders;
  std::string labels;  // table of labels in the place of the files' own; empty: none
  std::string sources = kBuiltInSources;
  std::vector<std::string> exclude_sources = {"INCART", "PTB"};  // paper section 2.2
  bool derive_bbb = true;                                        // paper section 2.2
  std::string label_mask;                                        // empty: the built-in table
  std::vector<std::string> extra_codes;  // diagnoses that count as classes too, "code=class"
  std::string cache;                     // folder for prepared records; empty: none
  int loader_threads = 2;
};

void DescribeSettings(Settings& settings, const std::string& prefix, DataConfig& config);

// Classes of one's own, in the place of those of task.kind (challenge/class_table.h).
struct ClassesConfig {
  std::string table;    // empty: none
  std::string rewards;  // empty: none, or the challenge's where all classes are among its 26
};

void DescribeSettings(Settings& settings, const std::string& prefix, ClassesConfig& config);

struct ExtraCode {
  std::string code;    // SNOMED CT
  std::size_t column;  // of its class among the 26
};

// An entry of data.extra_codes, as in "164884008=PVC".
Result<ExtraCode> ParseExtraCode(const std::string& entry);

// Peak detection as a second task (paper section 2.4); model.peak_grid switches it on.
struct PeaksConfig {
  dsp::Delineator delineator = dsp::Delineator::kRobust;  // whose peaks are learnt
  PeakLossConfig loss;
  // With empty slots at a fifth of the weight a confidence of 0.5 stands for a probability of 1/6,
  // which is right for a peak on the border of two cells: both say it, each with half the odds.
  double threshold = 0.5;
};

void DescribeSettings(Settings& settings, const std::string& prefix, PeaksConfig& config);

// The first phase: the network learns peaks alone (paper section 2.4).
struct PretrainingConfig {
  int epochs = 0;
  double learning_rate = 6e-4;
  int warmup_epochs = 1;
};

void DescribeSettings(Settings& settings, const std::string& prefix, PretrainingConfig& config);

// Paper section 2.7.
struct OptimizerConfig {
  int epochs = 30;
  int batch_size = 256;
  int micro_batch_size = 16;
  double learning_rate = 6e-4;
  double head_rate = 0;  // of the classifier's last layer; 0: learning_rate
  double weight_decay = 0.01;
  int warmup_epochs = 3;
  int patience = 5;
  double gradient_clip = 0;
  double average_decay = 0;  // of the mean of weights that is validated and kept; 0: none
};

void DescribeSettings(Settings& settings, const std::string& prefix, OptimizerConfig& config);

// Whose weights a run begins with, instead of random ones.
struct InitialConfig {
  std::string bundle;     // folder; empty: none
  bool freeze = false;    // its body stays as it is, the head alone learns
  bool decision = false;  // calibration, criteria, thresholds and operating points are its own
};

void DescribeSettings(Settings& settings, const std::string& prefix, InitialConfig& config);

// A trained model that teaches this one (src/train/distiller.h).
struct DistillationConfig {
  std::string teacher;  // folder of a bundle or an ensemble; empty: none
  double weight = 0.7;  // of what it says, beside the labels
  // The teacher sees all leads of a window, not changed by augmentation, whatever the student sees.
  bool all_leads = false;
};

void DescribeSettings(Settings& settings, const std::string& prefix, DistillationConfig& config);

struct BundleConfig {
  bool half = false;  // weights in half precision
};

void DescribeSettings(Settings& settings, const std::string& prefix, BundleConfig& config);

// What is kept of a run on the way, to go on from. There is one after each epoch besides.
struct CheckpointConfig {
  int steps = 0;        // one every so many steps; 0: none
  double minutes = 10;  // and every so many minutes; 0: none
  int keep = 2;         // the last ones; the best is kept besides
};

void DescribeSettings(Settings& settings, const std::string& prefix, CheckpointConfig& config);

// Where several processes train one model.
struct ProcessesConfig {
  double timeout = 60;  // seconds that one waits for another
};

void DescribeSettings(Settings& settings, const std::string& prefix, ProcessesConfig& config);

struct ThresholdConfig {
  bool calibrate = false;  // the probabilities, before any threshold
  bool criteria = false;   // let what is measured count too
  // With criteria: of classes beyond the challenge's let all that is measured count together.
  bool measurements = false;
  double fixed = 0.5;
  bool fit = true;
};

void DescribeSettings(Settings& settings, const std::string& prefix, ThresholdConfig& config);

struct Config {
  std::string name = "run";
  std::string output = "runs";
  int seed = 1;
  DataConfig data;
  data::SplitConfig split;
  data::PreprocessConfig preprocess;
  model::TaskConfig task;
  ClassesConfig classes;
  model::WindowConfig window;
  data::AugmentConfig augment;
  std::vector<std::string> lead_sets = {"12", "6", "4", "3", "2"};
  model::SeResNetConfig model;
  LossConfig loss;
  PeaksConfig peaks;
  PretrainingConfig pretraining;
  InitialConfig initial;
  DistillationConfig distillation;
  OptimizerConfig optimizer;
  CheckpointConfig checkpoint;
  ProcessesConfig processes;
  BundleConfig bundle;
  ThresholdConfig thresholds;
  model::PostProcessing post_processing;
  model::ComputeConfig compute;

  // What bounds on single settings cannot say; the error's field is the setting's name.
  Status Validate() const;
};

// What the network learns, read from the tables where task.classes names one. The error's field is
// the setting's name where it is no table that is wrong.
Result<model::Task> ReadTask(const Config& config);

// Settings as --set takes them that begin with a trained model, the folder of a bundle: its
// weights, and its network, window and preprocessing, which they need.
Result<std::vector<std::string>> StartFrom(const std::filesystem::path& model);

// What a network and its weights go together with: the settings model.*, window.* and preprocess.*.
Json NetworkSettings(model::ModelInfo info);

// All settings, bound to `config`.
Settings DescribeSettings(Config& config);

// Defaults, then the file, then the assignments ("a.b=value"). Paths in the file are relative to
// the file, those in assignments and `output` to the working folder; all come out absolute, but
// that a plain name in the place of a model that is no folder is taken for one that ships.
Result<Config> LoadConfig(const std::filesystem::path& file,
                          const std::vector<std::string>& assignments);

// The same from several files' texts, each of which changes what those before it set.
Result<Config> ResolveConfig(const std::vector<JsonDocument>& layers,
                             const std::vector<std::string>& assignments);

}  // namespace ecg::train

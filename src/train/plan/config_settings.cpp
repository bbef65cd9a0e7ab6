// What each part of a run's configuration says of itself.
#include "ecg/train/plan/config.h"

namespace ecg::train {

void DescribeSettings(Settings& settings, const std::string& prefix, DataConfig& config) {
  settings.Add(prefix + "folders", config.folders, "Folders of records, searched at any depth.")
      .MayChange();
  settings
      .Add(prefix + "labels", config.labels,
           "CSV of labels by record as ecgscore takes it, in the place of those in the records' "
           "files; records that it does not name are left out. Empty: the files' own.")
      .MayChange();
  settings
      .Add(prefix + "sources", config.sources,
           "What tells a record's source by its name, where neither its header (#Source: NAME) "
           "nor the source column of split.table does. challenge: the names of the challenge's "
           "eight sources, as A0001 or HR00001; none: no source is known; else a CSV file like "
           "data/sources.csv.")
      .MayChange();
  settings.Add(prefix + "exclude_sources", config.exclude_sources,
               "Sources that do not train (paper: INCART and PTB); they may validate.");
  settings.Add(prefix + "derive_bbb", config.derive_bbb,
               "Train with the label BBB where LBBB or RBBB is present.");
  settings
      .Add(prefix + "label_mask", config.label_mask,
           "CSV file of trusted labels by source and class; empty: the built-in table.")
      .MayChange();
  settings.Add(prefix + "extra_codes", config.extra_codes,
               "Diagnoses that count as a class in training and validation although the challenge "
               "does not score them, as in 164884008=PVC. Sources that use such a code are trusted "
               "with the class.");
  settings
      .Add(prefix + "cache", config.cache,
           "Folder that keeps prepared records and their peaks, so that each is made only once, "
           "for any number of runs (160 KB for 10 s at 500 Hz); empty: none.")
      .MayChange();
  settings
      .Add(prefix + "loader_threads", config.loader_threads,
           "Threads that read and prepare records ahead of the network.", {1, 256})
      .MayChange();
}

void DescribeSettings(Settings& settings, const std::string& prefix, ClassesConfig& config) {
  settings
      .Add(prefix + "classes", config.table,
           "CSV of classes of one's own in the place of the 26, as data/classes_2021.csv: "
           "abbreviation, codes as the labels hold them with | between those that count as one, "
           "name. An abbreviation of the 26 has its criteria, definitions and label mask; of any "
           "other class a source's labels are trusted where one of its training records has it, or "
           "data.label_mask says so. --dry-run lists the codes of the data. Empty: none.")
      .MayChange();
  settings
      .Add(
          prefix + "rewards", config.rewards,
          "CSV of these classes' rewards as data/rewards_2021.csv, so that they have the challenge "
          "metric. Empty: they have it only where all are among the 26.")
      .MayChange();
}

void DescribeSettings(Settings& settings, const std::string& prefix, PeaksConfig& config) {
  settings.Add(prefix + "delineator", config.delineator,
               "Whose peaks the network learns. robust: all leads together, this toolkit's own "
               "method; dwt and peak: NeuroKit2's methods on lead II.",
               dsp::DelineatorNames());
  DescribeSettings(settings, prefix, config.loss);
  settings.Add(prefix + "threshold", config.threshold,
               "Confidence from which a detected peak counts.", {0, 1});
}

void DescribeSettings(Settings& settings, const std::string& prefix, PretrainingConfig& config) {
  settings.Add(
      prefix + "epochs", config.epochs,
      "Passes over the training records that learn peaks alone, before the training proper.",
      {0, 100000});
  settings.Add(prefix + "learning_rate", config.learning_rate,
               "AdamW's rate in them at the end of their warm-up.", {0, 10});
  settings.Add(prefix + "warmup_epochs", config.warmup_epochs,
               "Epochs of linear warm-up in them, followed by a cosine to zero.", {0, 1000});
}

void DescribeSettings(Settings& settings, const std::string& prefix, InitialConfig& config) {
  settings
      .Add(prefix + "bundle", config.bundle,
           "Folder of a trained model whose weights the training begins with. Its blocks and "
           "leads must be this network's; classes that it does not have and a peak branch of "
           "another shape begin anew. Empty: random weights.")
      .MayChange();
  settings.Add(prefix + "freeze", config.freeze,
               "Its body stays as it is, running statistics too, without dropout; only the head, "
               "and a peak branch, learn.");
  settings.Add(prefix + "decision", config.decision,
               "Its calibration, criteria, thresholds and operating points are this model's too, "
               "class by class, but for those that thresholds.* fits anew.");
}

void DescribeSettings(Settings& settings, const std::string& prefix, DistillationConfig& config) {
  settings
      .Add(prefix + "teacher", config.teacher,
           "Folder of a model that teaches this one what it says of each window; it must see "
           "the same leads, rate and window, and answer no class that is not learnt. Empty: none.")
      .MayChange();
  settings.Add(prefix + "weight", config.weight,
               "Weight of what the teacher says, beside the labels'.", {0, 1});
  settings.Add(prefix + "all_leads", config.all_leads,
               "The teacher sees all leads of a window as it was recorded; otherwise what the "
               "student sees of it.");
}

void DescribeSettings(Settings& settings, const std::string& prefix, OptimizerConfig& config) {
  settings
      .Add(prefix + "epochs", config.epochs,
           "Passes over the training records. 0: initial.bundle keeps its weights, and its "
           "decision is "
           "fitted anew.",
           {0, 100000})
      .MayChange();
  settings.Add(prefix + "batch_size", config.batch_size, "Records per step (paper: 256).",
               {1, 65536});
  settings.Add(
      prefix + "micro_batch_size", config.micro_batch_size,
      "Records that a thread computes at a time; their gradients are added up to a step's. "
      "Batch normalisation sees so many. A batch with one micro-batch is computed by all "
      "threads together, which is slower.",
      {1, 65536});
  settings.Add(prefix + "learning_rate", config.learning_rate,
               "AdamW's rate at the end of the warm-up (paper: 6e-4).", {0, 10});
  settings.Add(prefix + "head_rate", config.head_rate,
               "The same for the head, the layer that ends in the classes, which may learn faster "
               "than a body that is trained already; 0: as all else.",
               {0, 10});
  settings.Add(prefix + "weight_decay", config.weight_decay, "AdamW's weight decay.", {0, 10});
  settings.Add(prefix + "warmup_epochs", config.warmup_epochs,
               "Epochs of linear warm-up, followed by a cosine to zero (paper: 3).", {0, 1000});
  settings
      .Add(prefix + "patience", config.patience,
           "Epochs without a better challenge metric before training stops (paper: 5).",
           {1, 100000})
      .MayChange();
  settings.Add(prefix + "gradient_clip", config.gradient_clip,
               "Largest norm of a step's gradient; 0: no limit.", {0, 1e6});
  settings.Add(prefix + "average_decay", config.average_decay,
               "Validate and keep an exponential moving average of the weights that decays so much "
               "a step, as in 0.999; 0: the weights themselves.",
               {0, 0.999999});
}

void DescribeSettings(Settings& settings, const std::string& prefix, CheckpointConfig& config) {
  settings
      .Add(prefix + "steps", config.steps,
           "Steps from one checkpoint to the next, besides that of each epoch's end; 0: none.",
           {0, 1000000000})
      .MayChange();
  settings
      .Add(prefix + "minutes", config.minutes, "Minutes from one checkpoint to the next; 0: none.",
           {0, 1e6})
      .MayChange();
  settings
      .Add(prefix + "keep", config.keep,
           "How many of the last checkpoints are kept; the best is kept besides.", {1, 100000})
      .MayChange();
}

void DescribeSettings(Settings& settings, const std::string& prefix, ProcessesConfig& config) {
  settings
      .Add(prefix + "timeout", config.timeout,
           "Where several processes train one model: seconds that one waits for another before "
           "it takes it for lost.",
           {1, 1e6})
      .MayChange();
}

void DescribeSettings(Settings& settings, const std::string& prefix, BundleConfig& config) {
  settings.Add(prefix + "half", config.half,
               "Store the bundle's weights in half precision: half the size. Thresholds and final "
               "figures are of the rounded weights.");
}

void DescribeSettings(Settings& settings, const std::string& prefix, ThresholdConfig& config) {
  settings
      .Add(prefix + "calibrate", config.calibrate,
           "After training, fit an affine map of each class's logit on the validation records, "
           "under which probabilities mean what they say, and store it in the bundle. Thresholds "
           "are applied after it.")
      .MayChange();
  settings
      .Add(prefix + "criteria", config.criteria,
           "After training, fit on the validation records what textbook criteria (rate, PR, QRS "
           "and QT intervals, axis, voltages) add to the network's probabilities, and store it "
           "in the bundle.")
      .MayChange();
  settings
      .Add(prefix + "measurements", config.measurements,
           "With criteria: measure the training records, fit what all measurements together say "
           "of each class that is none of the challenge's (logistic regression on intervals, axes "
           "and amplitudes), and let that be its criterion.")
      .MayChange();
  settings.Add(prefix + "fixed", config.fixed,
               "Probability from which a class is positive, for every class.", {0, 1});
  settings
      .Add(prefix + "fit", config.fit,
           "After training, fit each class's threshold on the validation records to the "
           "challenge metric and store these in the bundle.")
      .MayChange();
}

Settings DescribeSettings(Config& config) {
  Settings settings;
  settings.Add("name", config.name, "Name of the run; its folder is <output>/<name>.").MayChange();
  settings.Add("output", config.output, "Folder of all runs.").MayChange();
  settings.Add("seed", config.seed, "Another number gives another run; the same one the same.",
               {0, 2147483647});
  DescribeSettings(settings, "data.", config.data);
  data::DescribeSettings(settings, "split.", config.split);
  data::DescribeSettings(settings, "preprocess.", config.preprocess);
  model::DescribeSettings(settings, "task.", config.task);
  DescribeSettings(settings, "task.", config.classes);
  model::DescribeSettings(settings, "window.", config.window);
  data::DescribeSettings(settings, "augment.", config.augment);
  settings.Add(
      "lead_sets", config.lead_sets,
      "Lead sets that training draws from for each record (12, 6, 4, 3, 2); one that is there "
      "twice is drawn twice as often.");
  model::DescribeSettings(settings, "model.", config.model);
  DescribeSettings(settings, "loss.", config.loss);
  DescribeSettings(settings, "peaks.", config.peaks);
  DescribeSettings(settings, "pretraining.", config.pretraining);
  DescribeSettings(settings, "initial.", config.initial);
  DescribeSettings(settings, "distillation.", config.distillation);
  DescribeSettings(settings, "optimizer.", config.optimizer);
  DescribeSettings(settings, "checkpoint.", config.checkpoint);
  DescribeSettings(settings, "processes.", config.processes);
  DescribeSettings(settings, "bundle.", config.bundle);
  DescribeSettings(settings, "thresholds.", config.thresholds);
  model::DescribeSettings(settings, "post_processing.", config.post_processing);
  model::DescribeSettings(settings, "compute.", config.compute);
  return settings;
}

}  // namespace ecg::train

// What the readers of formats other than WFDB share: a recording as a list of signals, each with a
// label, a unit and a rate of its own, and the one way from there to leads in mV.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/result.h"
#include "ecg/record/ecg_record.h"
#include "ecg/record/reader.h"

namespace ecg::record {

// A signal as its file describes it.
struct SignalInfo {
  std::string label;         // as written; empty: the file does not say
  std::string units;         // as written, also as in "5 uV"; empty: the file does not say
  double step = 1;           // that many units are 1 of the values, where those are counts
  double sampling_rate = 0;  // Hz; 0: the file does not say
  std::size_t samples = 0;
  // Empty for the rhythm, else what it is beside it, as in "median".
  std::string kind;
};

// How a decoder stores a signal: as mV, (value - zero) * factor in double precision, where `value`
// is what the file gives in its own unit. Not at all where factor is 0.
struct SignalScale {
  double factor = 0;
  double zero = 0;

  float Apply(double value) const { return static_cast<float>((value - zero) * factor); }
};

// Millivolts in one unit, as in MillivoltsPer, or in a multiple of it, as in "4.88 uV", "5uV"; 0
// for what is no voltage.
double MillivoltsIn(std::string_view units);

// "I,II,V1-V6" entry by entry, ranges of chest leads written out.
std::vector<std::string> ExpandLeads(const std::vector<std::string>& leads);

// The whole years between two dates; nothing where that is no age.
std::optional<double> AgeBetween(const Date& birth, const Date& then);

// A date that exists, as far as a table of months tells, from 1800 on.
std::optional<Date> MakeDate(int year, int month, int day);

// A recording of signals. A format's own class reads the description in its Open, fills info_ (but
// not the leads, rate and samples), calls SetUp and implements Decode.
class SignalFile : public RecordFile {
 public:
  // Of the signals without a kind, those of one rate become the record: the rate with the most of
  // the twelve leads, then with the most signals, then the highest. Others come as waveforms of
  // their own rate, signals that are no voltages are named among the unread leads. A shorter signal
  // ends in NaN.
  Status Read(const ReadOptions& options, EcgRecord& record) const override;
  Status ReadStretch(const ReadOptions& options, std::size_t from, std::size_t to,
                     EcgRecord& record) const override;
  Result<std::vector<std::filesystem::path>> Files() const override;
  Result<Json> Describe(const ReadOptions& options) const override;

 protected:
  SignalFile(std::filesystem::path path, OpenOptions options);

  // Fills in what was told and chooses the record. An error: what the file does not say and nobody
  // has told, by the name of the option that tells it.
  Status SetUp(std::vector<SignalInfo> signals);

  // Decodes the signals whose scale has a factor into out[i], the others need not be touched.
  // Samples without a value become NaN. May add to `warnings`.
  virtual Status Decode(const std::vector<SignalScale>& scales,
                        std::vector<std::vector<float>>& out,
                        std::vector<std::string>& warnings) const = 0;

  // Where ReadsStretches(): appends samples [from, to) of the signals whose scale has a factor, all
  // of one rate, to out[i], and NaN where a signal ends before.
  virtual Status DecodeStretch(const std::vector<SignalScale>& scales, std::size_t from,
                               std::size_t to, std::vector<std::vector<float>>& out) const;

  const std::filesystem::path& path() const { return path_; }
  const OpenOptions& options() const { return options_; }
  const std::vector<SignalInfo>& signals() const { return signals_; }
  Error Fail(std::string message, std::string field = {}) const;
  void Warn(std::string message, std::string field = {});

 private:
  Status ApplyLeads();
  Status CheckSaid() const;
  void ChooseRhythm();
  Status CheckSize(const ReadOptions& options) const;
  void TellOfAll(EcgRecord& record) const;
  void TellOfUnread(EcgRecord& record) const;
  std::vector<SignalScale> ScalesOf(const std::vector<bool>& keep) const;
  void CollectLeads(const std::vector<bool>& keep, std::vector<std::vector<float>>& decoded,
                    EcgRecord& record) const;
  void CollectOthers(std::vector<std::vector<float>>& decoded, EcgRecord& record) const;

  const std::filesystem::path path_;
  const OpenOptions options_;
  std::vector<SignalInfo> signals_;
  std::vector<SignalScale> scales_;  // [signals]; factor 0: no voltage
  std::vector<std::size_t> rhythm_;  // signals, in the order of info_.leads
  std::vector<std::string> warnings_;
};

// A recording whose samples are at hand when its description has been read, as those of text.
class HeldFile : public SignalFile {
 public:
  using Values = std::vector<std::vector<float>>;  // [signals][samples], in the signals' units

  // Also sets the signals' numbers of samples. An error as of SignalFile::SetUp.
  static Result<std::unique_ptr<RecordFile>> Make(std::filesystem::path path, OpenOptions options,
                                                  EcgInfo info, std::vector<SignalInfo> signals,
                                                  Values values,
                                                  std::vector<std::string> warnings = {});

 protected:
  Status Decode(const std::vector<SignalScale>& scales, std::vector<std::vector<float>>& out,
                std::vector<std::string>& warnings) const override;

 private:
  HeldFile(std::filesystem::path path, OpenOptions options)
      : SignalFile(std::move(path), std::move(options)) {}

  Values values_;
};

// A file whose description is read by its Start().
template <typename File>
Result<std::unique_ptr<RecordFile>> OpenStarted(const std::filesystem::path& path,
                                                const OpenOptions& told) {
  auto file = std::make_unique<File>(path, told);
  if (const Status started = file->Start(); !started.ok()) return started.error();
  return std::unique_ptr<RecordFile>(std::move(file));
}

}  // namespace ecg::record

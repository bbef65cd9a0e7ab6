// Files of every format that others wrote, against what independent readers give for them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ecg/core/json.h"
#include "ecg/core/text.h"
#include "ecg/formats/registry.h"
#include "ecg/record/leads.h"
#include "ecg/record/reader.h"
#include "tests/support.h"

namespace ecg::formats {
namespace {

constexpr double kValueTolerance = 1.1e-6;  // expected.json rounds at 1e-6

struct Series {
  std::string lead;
  double rate = 0;
  std::vector<float> samples;
};

// In the unit of which there are `per_mv` in a millivolt.
std::vector<Series> AllSeries(const record::EcgRecord& record, float per_mv) {
  std::vector<Series> all;
  for (std::size_t i = 0; i < record.leads.size(); ++i) {
    all.push_back({record.info.leads[i], record.info.sampling_rate, record.leads[i]});
  }
  for (const record::Waveform& waveform : record.other_waveforms) {
    for (std::size_t i = 0; i < waveform.leads.size(); ++i) {
      all.push_back({waveform.leads[i], waveform.sampling_rate, waveform.samples[i]});
    }
  }
  for (Series& series : all) {
    for (float& sample : series.samples) sample *= per_mv;
  }
  return all;
}

struct Sums {
  std::size_t count = 0;
  double sum = 0, low = INFINITY, high = -INFINITY;
};

Sums SumsOf(const std::vector<float>& samples) {
  Sums sums;
  for (const float sample : samples) {
    if (std::isnan(sample)) continue;
    const auto value = static_cast<double>(sample);
    ++sums.count;
    sums.sum += value;
    sums.low = std::min(sums.low, value);
    sums.high = std::max(sums.high, value);
  }
  return sums;
}

bool IsNear(double value, double expected) {
  return std::abs(value - expected) <= kValueTolerance * std::max(1.0, std::abs(expected));
}

// Whether a series is the expected one, whatever its name.
bool Matches(Series series, const Json& expected) {
  // Without samples of no value, and without a pulse of calibration at the end.
  const bool cut = expected.contains("first_5000_samples");
  const Json& sums = expected.contains("valid_only") ? expected["valid_only"]
                     : cut                           ? expected["first_5000_samples"]
                                                     : expected;
  const std::size_t count = cut ? 5000 : sums["n"].get<std::size_t>();
  if (cut) series.samples.resize(std::min(series.samples.size(), count));
  const Sums own = SumsOf(series.samples);
  if (own.count != count) return false;
  const double scale = std::max(1.0, std::abs(sums["max"].get<double>()));
  if (std::abs(own.sum - sums["sum"].get<double>()) > 1e-5 * static_cast<double>(count) * scale) {
    return false;
  }
  if (!IsNear(own.low, sums["min"].get<double>())) return false;
  if (!IsNear(own.high, sums["max"].get<double>())) return false;
  const Json& first = expected["first12"];
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!IsNear(static_cast<double>(series.samples[i]), first[i].get<double>())) return false;
  }
  return true;
}

std::string PlainName(std::string name) {
  for (const std::string prefix : {"MDC_ECG_LEAD_", "MDC_ECG_ELEC_POTL_"}) {
    if (name.compare(0, prefix.size(), prefix) == 0) name.erase(0, prefix.size());
  }
  return record::CanonicalLead(name.substr(0, name.find(" (")));
}

// What has to be told of a file, and what of the answers is compared by order alone.
struct Case {
  std::string file;
  record::OpenOptions told;
  bool by_name = true;
  std::size_t signals = 0;  // of the expected ones, which are looked for; 0: all
  float per_mv = 1;         // of the unit that the expected values have
};

record::OpenOptions Told(std::string units = {}, double rate = 0,
                         std::vector<std::string> leads = {}, double zero = 0,
                         std::string array = {}) {
  record::OpenOptions told;
  told.units = std::move(units);
  told.sampling_rate = rate;
  told.leads = std::move(leads);
  told.zero = zero;
  told.array = std::move(array);
  return told;
}

const std::vector<std::string> kTwelve = {"I", "II", "III", "aVR", "aVL", "aVF", "V1-V6"};

std::vector<Case> Cases() {
  return {
      {"bdf/edfReader_bdfPlusC.bdf", {}},
      {"bdf/pyedflib_test_generator.bdf", {}},
      {"contec_ecg90a/0000050.ECG", {}},
      {"dicom_ecg/ECGToolkit_Example.dcm", {}},
      {"dicom_ecg/pydicom_waveform_ecg.dcm", {}},
      {"fhir_sampleddata/observation-example-sample-data.json", Told("uV")},
      {"fhir_sampleddata/observation-example-sample-data.xml", Told("uV")},
      {"ishne/1-300m.ecg", {}},
      {"unisens/Example_002/unisens.xml", Told("mV"), false},
      {"wav/cardio_sample.wav", Told("mV", 0, {"channel 1"})},
      {"csv_txt/biosppy_ecg.txt", Told("mV"), false},
      {"csv_txt/contec_0000050.csv", Told("5uV", 800, kTwelve)},
      {"csv_txt/heartpy_118e24.csv", Told("mV", 360, {"ECG"}), false},
      {"csv_txt/heartpy_e0103.csv", Told("mV", 250, {"ECG"}), false},
      {"csv_txt/pyhrv_SampleECG_opensignals.txt", Told("mV"), false},
      {"npy/sssd_sample_real_norm.npy",
       Told("mV", 100, {"I", "II", "V1-V6", "III", "aVR", "aVL", "aVF"})},
      {"npz/scipy_ecg.npz", Told("5uV", 360, {"MLII"}, 1024), false},
      {"edf/cardio_sample.edf", {}},
      {"edf/contec_0000050.edf", {}},
      {"edf/edfReader_edfPlusC.edf", {}},
      {"edf/edfReader_edfPlusD.edf", {}},
      {"edf/mne_duplicate_channel_labels.edf", {}},
      {"edf/pyedflib_test_utf8.edf", {}},
      {"gdf/biosig_modeeg_ch1undch2stoerung.gdf", {}},
      {"gdf/libgdf_MI128.gdf", Told("mV")},
      {"gdf/libgdf_alltypes.gdf", Told("mV")},
      {"hdf5/SPH00001.h5", Told("mV", 500, kTwelve)},
      {"hdf5/SPH00002.h5", Told("mV", 500, kTwelve)},
      {"hdf5/plux_ecg_20_sec_1000_Hz.h5", Told("mV", 0, {"ECG"}, 0, "channel_1"), false},
      {"hl7_aecg/HL7_Example_aECG.xml", {}},
      {"hl7_aecg/ecgkit_ecg_hl7.xml", {}},
      {"hl7_aecg/liryc_hl7aecg_example.xml", {}},
      {"mat_v4/A00001.mat", {}},
      {"mat_v4/A0001.mat", {}},
      {"mat_v4/JS00001.mat", {}},
      {"mat_v5/code_15_1238362.mat", Told("mV", 0, kTwelve)},
      {"mat_v5/cpsc2020_sample1_fs250.mat", Told("mV", 250, {"filtered_ecg"})},
      {"mat_v5/ecgkit_example_recording.mat", {}, true, 0, 1000},
      {"muse_xml/braveheart_example1.xml", {}},
      {"muse_xml/braveheart_example2.xml", {}},
      {"muse_xml/braveheart_example3.xml", {}},
      {"philips_sierra_xml/129DYPRG.XML", {}},
      {"philips_sierra_xml/2020-5-18_15-48-11.xml", {}},
      // Its median beats hold samples of no value, which expected.json counts.
      {"philips_sierra_xml/3191723_ZZDEMOPTONLY_1-04_orig.xml", {}, true, 1},
      {"schiller_xml/cardio_sample_schiller.xml", {}},
      {"scp_ecg/ECGToolkit_Example.scp", {}},
      {"scp_ecg/contec_0000050.ECG.scp", {}},
      {"scp_ecg/rigacci_demo.scp", {}},
      {"scp_ecg/sct_20060620_ANON000002.SCP", {}},
      {"scp_ecg/sct_20170504_ANON000009.SCP", {}},
  };
}

// Files that are refused, and why.
const std::vector<std::pair<std::string, std::string>> kRefused = {
    {"edf/wfdb_test_edfann.edf", "annotations alone"},
    // Of no standard: 12 bits packed, offsets that count from 0.
    {"scp_ecg/healforce_62.SCP", "is no recording of a kind"},
};

std::map<std::string, Json> Expected(const std::filesystem::path& folder) {
  std::map<std::string, Json> expected;
  const Json root = ReadJson(folder / "public/expected.json")->root;
  for (const Json& file : root["files"]) expected[file["file"].get<std::string>()] = file;
  return expected;
}

void ExpectSeries(const Case& file, const Json& expected, const std::vector<Series>& all) {
  const double common = expected.value("sampling_rate_hz", 0.0);
  for (const Json& values : expected["values"]) {
    const std::string lead = PlainName(values["lead"].get<std::string>());
    const double rate = values.value("sampling_rate_hz", common);
    const bool found = std::any_of(all.begin(), all.end(), [&](const Series& series) {
      if (file.by_name && PlainName(series.lead) != lead) return false;
      return std::abs(series.rate - rate) < 0.01 && Matches(series, values);
    });
    EXPECT_TRUE(found) << file.file << " " << lead << " at " << rate << " Hz of " << all.size();
  }
}

TEST(PublicFiles, AreReadAsIndependentReadersReadThem) {
  ECG_NEED_SHARED(folder, "data/formats_public.tar.xz");
  const std::map<std::string, Json> expected = Expected(folder);
  for (const Case& file : Cases()) {
    const auto read = ReadEcg(folder / "public" / file.file, {}, file.told);
    ASSERT_EQ(expected.count(file.file), 1U) << file.file;
    EXPECT_TRUE(read.ok()) << read.error().ToString();
    if (!read.ok()) continue;
    const Json& signals = expected.at(file.file)["signals"];
    const std::size_t count = file.signals == 0 ? signals.size() : file.signals;
    for (std::size_t i = 0; i < count; ++i) {
      ExpectSeries(file, signals[i], AllSeries(*read, file.per_mv));
    }
  }
}

// What independent readers give for those files that hold measurements, by where they give it.
struct Measured {
  std::string file;
  record::Quantity quantity;
  double value = 0;
};

std::vector<Measured> ExpectedMeasurements(const std::map<std::string, Json>& expected) {
  using record::Quantity;
  const std::map<std::string, Quantity> names = {{"ventricular_rate", Quantity::kHeartRate},
                                                 {"pr_ms", Quantity::kPr},
                                                 {"qrs_ms", Quantity::kQrs},
                                                 {"qt_ms", Quantity::kQt},
                                                 {"qtc_ms", Quantity::kQtc},
                                                 {"p_axis", Quantity::kPAxis},
                                                 {"r_axis", Quantity::kQrsAxis},
                                                 {"t_axis", Quantity::kTAxis},
                                                 {"HR", Quantity::kHeartRate},
                                                 {"RR", Quantity::kRr},
                                                 {"P", Quantity::kP},
                                                 {"PQ", Quantity::kPr},
                                                 {"QRS", Quantity::kQrs},
                                                 {"QT", Quantity::kQt},
                                                 {"QTC", Quantity::kQtc},
                                                 {"AXIS_P", Quantity::kPAxis},
                                                 {"AXIS_QRS", Quantity::kQrsAxis},
                                                 {"AXIS_T", Quantity::kTAxis},
                                                 {"RR Interval", Quantity::kRr},
                                                 {"PR Interval", Quantity::kPr},
                                                 {"QRS Duration", Quantity::kQrs},
                                                 {"QT Interval", Quantity::kQt},
                                                 {"QTc Interval", Quantity::kQtc},
                                                 {"P Axis", Quantity::kPAxis},
                                                 {"QRS Axis", Quantity::kQrsAxis},
                                                 {"T Axis", Quantity::kTAxis}};
  std::vector<Measured> all;
  const auto add = [&](const std::string& file, const std::string& name, const Json& value) {
    const auto quantity = names.find(name);
    if (quantity == names.end() || !value.is_string()) return;
    all.push_back({file, quantity->second, ParseDouble(value.get<std::string>()).value_or(NAN)});
  };
  for (const auto& [file, json] : expected) {
    for (const auto& [name, value] : json["metadata"].items()) add(file, name, value);
    if (json["metadata"].contains("global_measurements")) {
      for (const auto& [name, value] : json["metadata"]["global_measurements"].items()) {
        add(file, name, value);
      }
    }
    for (const Json& statement : json["statements"]) {
      if (!statement.is_object() || !statement.contains("measurement")) continue;
      add(file, statement["measurement"].get<std::string>(), statement["value"]);
    }
  }
  return all;
}

TEST(PublicFiles, StateWhatIndependentReadersFind) {
  ECG_NEED_SHARED(folder, "data/formats_public.tar.xz");
  const std::vector<Measured> all = ExpectedMeasurements(Expected(folder));
  EXPECT_GE(all.size(), 45U);
  for (const Measured& measured : all) {
    const auto info = ReadEcgInfo(folder / "public" / measured.file);
    ASSERT_TRUE(info.ok()) << info.error().ToString();
    EXPECT_EQ(info->measured.Of(measured.quantity).value_or(NAN), measured.value)
        << measured.file << " " << record::NameOf(measured.quantity);
  }
}

TEST(PublicFiles, AreRefusedForAReason) {
  ECG_NEED_SHARED(folder, "data/formats_public.tar.xz");
  for (const auto& [file, reason] : kRefused) {
    const auto read = ReadEcg(folder / "public" / file);
    ASSERT_FALSE(read.ok()) << file;
    EXPECT_NE(read.error().ToString().find(reason), std::string::npos) << read.error().ToString();
  }
}

}  // namespace
}  // namespace ecg::formats
